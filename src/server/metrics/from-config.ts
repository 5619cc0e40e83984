import { whereIs } from "../../config/source-map.ts";
import type { MetricsConfig, ServerConfig } from "../../config/types.ts";
import { variableNotSet } from "../../config/variables.ts";
import type { Host } from "../../host.ts";
import { version } from "../../version.ts";
import type { ApiOptions } from "../api-options.ts";
import { createMetrics, type ServingModel } from "./metrics.ts";
import { createOtlpExporter } from "./otlp/exporter.ts";
import { otlpSettings } from "./otlp/settings.ts";
import { createPush, type Push } from "./push.ts";

/** A configuration with or without an `api` section. */
export interface WithServer {
  readonly api?: ServerConfig;
}

/**
 * Numbers of a server, as its configuration asks for them.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 * @param wanted `api.metrics`.
 * @param serving Finds the model that serves.
 *
 * @returns Options of the API.
 *
 * @throws VARIABLE_NOT_SET for a token.
 */
export function metricsFrom(
  config: WithServer,
  host: Host,
  wanted: MetricsConfig,
  serving: () => ServingModel | undefined,
): Pick<ApiOptions, "metrics" | "allMetrics" | "metricsToken"> {
  const { name, version: runtimeVersion } = host.runtime;
  const metrics = createMetrics(serving, { version, runtime: name, runtime_version: runtimeVersion });
  return {
    metrics,
    allMetrics: host.peers?.metrics(() => metrics.text()),
    metricsToken: tokenOf(config, host, "token_var", wanted.token_var),
  };
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
 * @param wanted `api.metrics`.
 * @param of What the numbers are of, and what gives them in the text format of Prometheus.
 *
 * @returns What sends them.
 *
 * @throws VARIABLE_NOT_SET for a token; CONFIG_INVALID for a variable of OpenTelemetry.
 */
export function sendingFrom(
  config: WithServer,
  host: Host,
  wanted: MetricsConfig,
  of: { readonly name: string; text(labels?: Readonly<Record<string, string>>): Promise<string> },
): Sending {
  const { name, text } = of;
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
