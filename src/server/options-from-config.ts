import type { MetricsConfig } from "../config/types.ts";
import type { Host } from "../host.ts";
import type { ApiOptions } from "./api-options.ts";
import { metricsFrom, type Sending, sendingFrom, type WithServer } from "./metrics/from-config.ts";
import type { ServingModel } from "./metrics/metrics.ts";
import { createCompression } from "./middleware/compression.ts";
import { createCors } from "./middleware/cors.ts";
import { createTelemetry } from "./middleware/telemetry.ts";
import { createTimeout } from "./middleware/timeout.ts";

export type { WithServer };

/** What the `api` section asks for, besides resources. */
export type ServerOptions = Pick<
  ApiOptions,
  | "withTimeout"
  | "problemTypes"
  | "cors"
  | "compress"
  | "metrics"
  | "allMetrics"
  | "metricsToken"
  | "accessLog"
  | "telemetry"
  | "elapsed"
  | "respond"
>;

/**
 * Options of a server that the `api` section of a configuration asks for.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 * @param name What spans call it that predicts.
 * @param serving Finds the model that serves.
 *
 * @returns Options of the API.
 *
 * @throws VARIABLE_NOT_SET for a token.
 */
export async function serverOptions(
  config: WithServer,
  host: Host,
  name: string,
  serving: () => ServingModel | undefined,
): Promise<ServerOptions> {
  const { timeout, cors, compression, access_log, problem_types } = config.api ?? {};
  const openTelemetry = await host.openTelemetry?.();
  const wanted = wantedMetrics(config, host);
  return {
    withTimeout: timeout === undefined ? undefined : createTimeout(timeout),
    cors: cors ? createCors(cors) : undefined,
    compress: compression ? createCompression(compression.threshold) : undefined,
    problemTypes: problem_types,
    accessLog: access_log ? host.log.child("access") : undefined,
    telemetry: openTelemetry && createTelemetry(openTelemetry, name),
    elapsed: host.elapsed ?? host.now,
    respond: host.respond,
    ...(wanted !== false && metricsFrom(config, host, wanted, serving)),
  };
}

/** Where nobody can ask an isolate, nothing is counted unless it is sent. */
function wantedMetrics(config: WithServer, host: Host): false | MetricsConfig {
  return config.api?.metrics ?? (host.isolated ? false : { push_interval: 10 });
}

/**
 * Finds what sends the numbers of an API away, if they are counted.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 * @param of What the numbers are of, and what gives them in the text format of Prometheus.
 *
 * @returns What sends them; undefined where nothing is counted.
 *
 * @throws VARIABLE_NOT_SET, CONFIG_INVALID as `sendingFrom` does.
 */
export function sendingOf(config: WithServer, host: Host, of: Parameters<typeof sendingFrom>[3]): Sending | undefined {
  const wanted = wantedMetrics(config, host);
  return wanted === false ? undefined : sendingFrom(config, host, wanted, of);
}
