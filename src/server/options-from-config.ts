import { whereIs } from "../config/source-map.ts";
import type { ServerConfig } from "../config/types.ts";
import { variableNotSet } from "../config/variables.ts";
import type { Host } from "../host.ts";
import { version } from "../version.ts";
import type { ApiOptions } from "./api-options.ts";
import { createMetrics, type ServingModel } from "./metrics/metrics.ts";
import { createPush } from "./metrics/push.ts";
import { createCompression } from "./middleware/compression.ts";
import { createCors } from "./middleware/cors.ts";
import { createTelemetry } from "./middleware/telemetry.ts";
import { createTimeout } from "./middleware/timeout.ts";

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
  | "push"
  | "accessLog"
  | "telemetry"
  | "elapsed"
  | "respond"
>;

/** A configuration with or without an `api` section. */
export interface WithServer {
  readonly api?: ServerConfig;
}

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
  return {
    withTimeout: timeout === undefined ? undefined : createTimeout(timeout),
    cors: cors ? createCors(cors) : undefined,
    compress: compression ? createCompression(compression.threshold) : undefined,
    problemTypes: problem_types,
    accessLog: access_log ? host.log.child("access") : undefined,
    telemetry: openTelemetry && createTelemetry(openTelemetry, name),
    elapsed: host.elapsed ?? host.now,
    respond: host.respond,
    ...metricsOf(config, host, serving),
  };
}

function metricsOf(
  config: WithServer,
  host: Host,
  serving: () => ServingModel | undefined,
): Pick<ServerOptions, "metrics" | "allMetrics" | "metricsToken" | "push"> {
  // Where nobody can ask an isolate, nothing is counted unless it is sent.
  const wanted: ServerConfig["metrics"] = config.api?.metrics ?? (host.isolated ? false : { push_interval: 10 });
  if (wanted === false) return {};
  const { name, version: runtimeVersion } = host.runtime;
  const metrics = createMetrics(serving, { version, runtime: name, runtime_version: runtimeVersion });
  return {
    metrics,
    allMetrics: host.peers?.metrics(() => metrics.text()),
    metricsToken: tokenOf(config, host, "token_var", wanted.token_var),
    push:
      wanted.push === undefined
        ? undefined
        : createPush(metrics, {
            url: wanted.push,
            token: tokenOf(config, host, "push_token_var", wanted.push_token_var),
            interval: wanted.push_interval,
            now: host.now,
            log: host.log.child("api"),
          }),
  };
}

function tokenOf(config: WithServer, host: Host, key: string, variable: string | undefined): string | undefined {
  if (variable === undefined) return undefined;
  const token = host.env(variable);
  if (token) return token;
  throw variableNotSet(
    [variable],
    `${whereIs(config, ["api", "metrics", key])}: api.metrics.${key}: the environment variable ${variable} is not set, ` +
      "expected it to hold a token. Set it, or remove the key",
  );
}
