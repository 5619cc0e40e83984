import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { watchPython } from "../support/python.ts";
import { served } from "../support/served.ts";

interface Received {
  readonly url: string;
  readonly type: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

const received: Received[] = [];
const collector = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { authorization, "content-type": type = "", "content-encoding": encoding } = request.headers;
  received.push({ url: request.url ?? "", type, authorization, body: encoding === "gzip" ? gunzipSync(body) : body });
  response.end();
});
let endpoint = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => void collector.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => void collector.close(resolve)));
afterEach(() => void received.splice(0));

interface Point {
  readonly attributes?: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly asDouble?: number;
  readonly count?: string;
  readonly sum?: number;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly sum?: { readonly dataPoints: readonly Point[]; readonly isMonotonic: boolean };
  readonly histogram?: { readonly dataPoints: readonly Point[] };
}

interface Judged {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: Required<Point>["attributes"] };
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
}

/** What Google's Protocol Buffers find by OpenTelemetry's own definitions. */
async function judged(requests: readonly Received[]): Promise<readonly Judged[]> {
  const python = await watchPython();
  const judge = fileURLToPath(new URL("judge_otlp.py", import.meta.url));
  return new Promise((resolve, reject) => {
    const child = execFile(python, [judge], (error, stdout) =>
      error
        ? reject(error)
        : resolve(
            stdout
              .trim()
              .split("\n")
              .map((line) => JSON.parse(line)),
          ),
    );
    child.stdin?.end(requests.map(({ type, body }) => `${type}\t${body.toString("base64")}\n`).join(""));
  });
}

const labelsOf = ({ attributes = [] }: Pick<Point, "attributes">) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));

/** A model that has been asked, and was closed: what its collector has got, and what `/metrics` said before. */
async function exported(env: Record<string, string>, api: object = {}) {
  const before = received.length;
  const { predict, ask, launchpad } = await served(api, undefined, { env, now: 1_767_225_600_000 });
  for (let count = 0; count < 3; count += 1) await predict({ count });
  await ask('/nothing"at\\all');
  const text = await (await ask("/metrics")).text();
  await launchpad.close();
  return { text, requests: received.slice(before) };
}

const everything = {
  OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20tiger",
  OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=caf%C3%A9,service.name=overridden",
  OTEL_SERVICE_NAME: "flowers",
};

describe("metrics of OpenTelemetry", () => {
  it("say in both forms of OTLP what /metrics says, to what OpenTelemetry itself reads", async () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = `${endpoint}/`;
    const bytes = await exported({
      ...everything,
      OTEL_EXPORTER_OTLP_ENDPOINT,
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    });
    const json = await exported({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" });
    const requests = [...bytes.requests, ...json.requests];
    expect(requests.map(({ url, type, authorization }) => [url, type, authorization])).toEqual([
      ["/v1/metrics", "application/x-protobuf", "Bearer tiger"],
      ["/v1/metrics", "application/json", undefined],
    ]);
    const found = await judged(requests);
    for (const [at, text] of [bytes.text, json.text].entries()) {
      const [resource] = found[at]?.resourceMetrics ?? [];
      const metrics = resource?.scopeMetrics[0]?.metrics ?? [];
      const names = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
      expect(names.length).toBeGreaterThan(5);
      expect(metrics.map(({ name }) => name)).toEqual(names);
      const of = (name: string) => metrics.find((metric) => metric.name === name);
      const requestsTotal = of("launchpad_http_requests_total")?.sum;
      expect(requestsTotal?.isMonotonic).toBe(true);
      expect(requestsTotal?.dataPoints.map((point) => [labelsOf(point), point.asDouble])).toEqual([
        [{ route: "/iris/v1/predictions", method: "POST", status: "200" }, 3],
        [{ route: "unknown", method: "GET", status: "404" }, 1],
        // The request for /metrics was answered after that.
        [{ route: "/metrics", method: "GET", status: "200" }, 1],
      ]);
      const durations = of("launchpad_http_request_duration_seconds");
      expect(durations?.unit).toBe("s");
      const [predictions] = durations?.histogram?.dataPoints ?? [];
      expect(predictions?.count).toBe("3");
      expect(predictions?.bucketCounts).toHaveLength(15);
      expect(predictions?.bucketCounts?.reduce((sum, count) => sum + Number(count), 0)).toBe(3);
      expect(predictions?.explicitBounds).toEqual(
        [...text.matchAll(/predictions",method="POST",le="([\d.]+)"/g)].map(([, bound]) => Number(bound)),
      );
      const [, sum] = /duration_seconds_sum\{route="\/iris\/v1\/predictions",method="POST"\} (\S+)/.exec(text) ?? [];
      expect(predictions?.sum ?? 0).toBe(Number(sum));
      expect(predictions?.timeUnixNano).toBe("1767225600000000000");
      expect(predictions?.startTimeUnixNano).toBe("1767225600000000000");
      const [info] = of("launchpad_model_info")?.gauge?.dataPoints ?? [];
      expect(labelsOf(info ?? {})).toMatchObject({ name: "iris", version: "1.2.3" });
    }
    const resources = found.map(({ resourceMetrics }) => labelsOf(resourceMetrics[0]?.resource ?? {}));
    expect(resources).toMatchObject([
      { "service.name": "flowers", "deployment.environment.name": "café", "launchpad.model.name": "iris" },
      { "service.name": "iris" },
    ]);
    expect(resources[0]?.["service.instance.id"]).not.toBe(resources[1]?.["service.instance.id"]);
  }, 120_000);

  it("are sent now and then, where the configuration says so, and not where nobody wants them", async () => {
    const otlp = `${endpoint}/else`;
    const soon = { OTEL_METRIC_EXPORT_INTERVAL: "20" };
    const api = await served({ metrics: { otlp } }, undefined, { env: soon });
    await api.predict();
    await expect.poll(() => received.length).toBeGreaterThan(2);
    expect(received[0]?.url).toBe("/else");
    await api.launchpad.close();
    const settled = received.length;
    const OTEL_EXPORTER_OTLP_ENDPOINT = endpoint;
    const unwanted: readonly (readonly [Record<string, string>, object?])[] = [
      [{}],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_METRICS_EXPORTER: "none" }],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: "true" }],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT }, { metrics: { otlp: false } }],
    ];
    for (const [env, more] of unwanted) await exported(env, more);
    expect(received).toHaveLength(settled);
  });

  it("name a variable that is wrong, and not its value", async () => {
    const wrong: readonly Record<string, string>[] = [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "tiger" },
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://user:tiger@127.0.0.1" },
      { OTEL_EXPORTER_OTLP_HEADERS: "tiger" },
      { OTEL_EXPORTER_OTLP_HEADERS: "key=ti%0Ager" },
      { OTEL_METRIC_EXPORT_INTERVAL: "tiger" },
    ];
    for (const env of wrong) {
      const { predict } = await served({}, undefined, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env } });
      const message = await predict().then(
        (response) => response.text(),
        (error: Error) => error.message,
      );
      expect(message).toContain(Object.keys(env)[0]);
      expect(message).not.toContain("ger");
    }
  });

  it("do not hold up who stops while the collector is down, and say so once", async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_METRIC_EXPORT_INTERVAL: "10" };
    const { predict, launchpad, logged } = await served({}, undefined, { env });
    await predict();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await launchpad.close();
    const lines = logged("launchpad.api").filter((line) => line.includes("metrics cannot be sent"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("127.0.0.1:9");
  });
});
