import { whereIs } from "../config/source-map.ts";
import type { MetricsConfig, ServerConfig } from "../config/types.ts";
import { variableNotSet } from "../config/variables.ts";
import type { Host } from "../host.ts";
import { version } from "../version.ts";
import type { ApiOptions } from "./api-options.ts";
import { createMetrics, type ServingModel } from "./metrics/metrics.ts";
import { createOtlpExporter } from "./metrics/otlp/exporter.ts";
import { otlpSettings } from "./metrics/otlp/settings.ts";
import { createPush, type Push } from "./metrics/push.ts";
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
): Pick<ServerOptions, "metrics" | "allMetrics" | "metricsToken"> {
  const wanted = wantedMetrics(config, host);
  if (wanted === false) return {};
  const { name, version: runtimeVersion } = host.runtime;
  const metrics = createMetrics(serving, { version, runtime: name, runtime_version: runtimeVersion });
  return {
    metrics,
    allMetrics: host.peers?.metrics(() => metrics.text()),
    metricsToken: tokenOf(config, host, "token_var", wanted.token_var),
  };
}

/** Where nobody can ask an isolate, nothing is counted unless it is sent. */
function wantedMetrics(config: WithServer, host: Host): false | MetricsConfig {
  return config.api?.metrics ?? (host.isolated ? false : { push_interval: 10 });
}

/** What sends numbers away. */
export interface Sending {
  /** To be called after each request. */
  readonly push: Push | undefined;
  /** Sends the last ones. */
  close(): Promise<void>;
}

/**
 * Creates what sends the numbers of an API away, where its configuration or the variables of OpenTelemetry want it.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 * @param name What the numbers are of.
 * @param text Gives them in the text format of Prometheus.
 *
 * @returns What sends them.
 *
 * @throws VARIABLE_NOT_SET for a token; CONFIG_INVALID for a variable of OpenTelemetry.
 */
export function sendingOf(
  config: WithServer,
  host: Host,
  name: string,
  text: (labels?: Readonly<Record<string, string>>) => Promise<string>,
): Sending {
  const wanted = wantedMetrics(config, host);
  if (wanted === false) return { push: undefined, close: async () => {} };
  const prometheus =
    wanted.push === undefined
      ? undefined
      : createPush(text, {
          url: wanted.push,
          token: tokenOf(config, host, "push_token_var", wanted.push_token_var),
          interval: wanted.push_interval,
          now: host.now,
          log: host.log.child("api"),
        });
  // On Workers variables are for the code that is there, of which this is not a part unless it is asked for.
  const isAsked = host.isolated ? Boolean(wanted.otlp) : wanted.otlp !== false;
  const settings = isAsked ? otlpSettings(wanted, host, name) : undefined;
  const exporter = settings && createOtlpExporter(text, settings, host);
  const pushes = [prometheus, exporter?.push].filter((push) => push !== undefined);
  const [first, ...more] = pushes;
  return {
    push:
      more.length === 0
        ? first
        : (context) => {
            for (const push of pushes) push(context);
          },
    close: async () => exporter?.close(),
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
