import type { MetricsConfig } from "../../../config/types.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { Host } from "../../../host.ts";

/** Where numbers go, and how. */
export interface OtlpSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: "http/protobuf" | "http/json";
  readonly isCompressed: boolean;
  /** Milliseconds between two exports. */
  readonly interval: number;
  /** Milliseconds that a receiver may take. */
  readonly timeout: number;
  /** What is known of whoever counts. */
  readonly resource: Readonly<Record<string, string>>;
}

const localCollector = "http://localhost:4318/v1/metrics";

/**
 * Reads where OpenTelemetry's metrics go: `api.metrics.otlp`, and the variables that every SDK of OpenTelemetry reads.
 *
 * @param wanted `api.metrics`.
 * @param host The variables, and the log.
 * @param model The name of the model, which is that of the service unless the variables name one.
 *
 * @returns The settings; undefined where nobody wants them. On Workers nobody does unless the configuration says so.
 *
 * @throws CONFIG_INVALID for a variable whose value is not as it should be; its value is not shown, it may be a secret.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function otlpSettings(
  wanted: MetricsConfig,
  host: Pick<Host, "env" | "log" | "isolated">,
  model: string,
): OtlpSettings | undefined {
  const variable = (name: string) => {
    try {
      return host.env(`OTEL_${name}`)?.trim() || undefined;
    } catch {
      // Deno lets a program read those alone that it may.
      return undefined;
    }
  };
  const ofSignal = (name: string) => variable(`EXPORTER_OTLP_METRICS_${name}`) ?? variable(`EXPORTER_OTLP_${name}`);
  const { otlp } = wanted;
  if (otlp === false || (host.isolated && otlp === undefined)) return undefined;
  if (variable("SDK_DISABLED")?.toLowerCase() === "true") return undefined;
  const exporters = variable("METRICS_EXPORTER")?.split(",");
  const isNamed = exporters?.some((name) => name.trim() === "otlp") ?? false;
  if (otlp === undefined && exporters !== undefined && !isNamed) return undefined;

  const base = variable("EXPORTER_OTLP_ENDPOINT");
  const given =
    (typeof otlp === "string" ? otlp : undefined) ??
    variable("EXPORTER_OTLP_METRICS_ENDPOINT") ??
    (base && `${base.replace(/\/$/, "")}/v1/metrics`) ??
    (otlp === true || isNamed ? localCollector : undefined);
  if (given === undefined) return undefined;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw wrong(
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      'a URL such as "http://localhost:4318" (secrets: OTEL_EXPORTER_OTLP_HEADERS)',
    );
  }

  const protocol = ofSignal("PROTOCOL") ?? "http/protobuf";
  if (protocol !== "http/protobuf" && protocol !== "http/json") {
    host.log
      .child("api")
      .warning(
        `OTEL_EXPORTER_OTLP_PROTOCOL: found ${protocol}, expected http/protobuf or http/json: no metrics are sent. ` +
          "Set OTEL_EXPORTER_OTLP_METRICS_PROTOCOL, and OTEL_EXPORTER_OTLP_METRICS_ENDPOINT to its address",
      );
    return undefined;
  }
  const milliseconds = (name: string, text: string | undefined, otherwise: number) => {
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (Number.isInteger(value) && value > 0 && value < 2 ** 31) return value;
    throw wrong(name, "a whole number of milliseconds");
  };
  const service = variable("SERVICE_NAME");
  const interval = milliseconds("OTEL_METRIC_EXPORT_INTERVAL", variable("METRIC_EXPORT_INTERVAL"), 60_000);
  return {
    url: given,
    headers: headersOf("OTEL_EXPORTER_OTLP_HEADERS", ofSignal("HEADERS")),
    protocol,
    isCompressed: ofSignal("COMPRESSION") === "gzip",
    // A Worker may go on for 30 seconds after its response.
    interval: host.isolated ? Math.min(interval, wanted.push_interval * 1000) : interval,
    timeout: milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT", ofSignal("TIMEOUT"), 10_000),
    resource: {
      "service.name": model,
      ...pairsOf("OTEL_RESOURCE_ATTRIBUTES", variable("RESOURCE_ATTRIBUTES")),
      ...(service !== undefined && { "service.name": service }),
      "launchpad.model.name": model,
    },
  };
}

/** What is no header would be shown by the error that says so. */
function headersOf(name: string, text: string | undefined): Record<string, string> {
  const headers = pairsOf(name, text);
  try {
    new Headers(headers);
    return headers;
  } catch {
    throw wrong(name, "names and values of headers");
  }
}

/** `a=1,b=2`, percent-encoded as in W3C Baggage. */
function pairsOf(name: string, text = ""): Record<string, string> {
  const pairs = text.split(",").filter((pair) => pair.trim() !== "");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key = "", value = ""] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      try {
        if (key !== "") return [decodeURIComponent(key), decodeURIComponent(value)];
      } catch {
        // Said below.
      }
      throw wrong(name, 'pairs such as "key=value,other=value", percent-encoded');
    }),
  );
}

function wrong(name: string, expected: string): LaunchpadError {
  return new LaunchpadError("CONFIG_INVALID", `${name}: found something else, expected ${expected}. Mend the variable`);
}
