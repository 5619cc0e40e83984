import type { Host } from "../../../host.ts";
import { afterRequests, type Push } from "../push.ts";
import { createSender } from "../send.ts";
import { otlpBytes } from "./protobuf.ts";
import { otlpRequest } from "./request.ts";
import type { OtlpSettings } from "./settings.ts";

/** Sends numbers to a collector of OpenTelemetry, now and then. */
export interface OtlpExporter {
  /** To be called after each request, where there are no timers without one. */
  readonly push: Push | undefined;
  /** Sends the last numbers, and ends. */
  close(): Promise<void>;
}

/** Whoever stops a server does not wait long for a collector that does not answer. */
const lastTimeoutMs = 2000;

/**
 * Creates what sends numbers to a collector of OpenTelemetry (OTLP over HTTP).
 *
 * @param text Gives the numbers in the text format of Prometheus.
 * @param settings Where they go, and how.
 * @param host The clock and the log.
 *
 * @returns What sends them, from now on.
 */
export function createOtlpExporter(
  text: () => Promise<string>,
  settings: OtlpSettings,
  host: Pick<Host, "now" | "log" | "isolated">,
): OtlpExporter {
  const { url, headers, protocol, isCompressed, interval } = settings;
  const isJson = protocol === "http/json";
  let start: number | undefined;
  let instance = "";
  let { timeout } = settings;
  const parcel = async () => {
    // Not before a request is there: Workers have no random numbers until then, and no time.
    instance ||= crypto.randomUUID();
    const now = host.now();
    start ??= now;
    const resource = { ...settings.resource, "service.instance.id": instance };
    const request = otlpRequest(await text(), { start, now, resource });
    const body = isJson ? JSON.stringify(request) : otlpBytes(request);
    return {
      url,
      headers: {
        ...headers,
        "content-type": isJson ? "application/json" : "application/x-protobuf",
        ...(isCompressed && { "content-encoding": "gzip" }),
      },
      body: isCompressed ? await compressed(body) : body,
      timeout,
    };
  };
  const send = createSender(parcel, "OpenTelemetry", host.log.child("api"));
  if (host.isolated) return { push: afterRequests(send, interval, host.now), close: async () => {} };

  start = host.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    timer = setTimeout(async () => {
      await send();
      if (timer !== undefined) wait();
    }, interval);
    // A program that has nothing else to do ends.
    if (typeof timer === "object" && "unref" in timer) timer.unref();
  };
  wait();
  return {
    push: undefined,
    async close() {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      timeout = Math.min(timeout, lastTimeoutMs);
      await send();
    },
  };
}

async function compressed(body: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
