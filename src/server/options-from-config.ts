import { whereIs } from "../config/source-map.ts";
import type { ApiConfig, Config } from "../config/types.ts";
import { variableNotSet } from "../config/variables.ts";
import { LaunchpadError } from "../errors.ts";
import type { Files, Host } from "../host.ts";
import { formatLocation } from "../util/paths.ts";
import { version } from "../version.ts";
import type { ApiOptions } from "./api-options.ts";
import { createMetrics, type ServingModel } from "./metrics/metrics.ts";
import { createPush } from "./metrics/push.ts";
import { createCompression } from "./middleware/compression.ts";
import { createCors } from "./middleware/cors.ts";
import { createStatic, type StaticFiles } from "./middleware/static-files.ts";
import { createTelemetry } from "./middleware/telemetry.ts";
import { createTimeout } from "./middleware/timeout.ts";
import { checkPublishedFolder } from "./published-folder.ts";

/** What the `api` section asks for, besides resources. */
export type ServerOptions = Pick<
  ApiOptions,
  | "withTimeout"
  | "cors"
  | "compress"
  | "files"
  | "metrics"
  | "allMetrics"
  | "metricsToken"
  | "push"
  | "accessLog"
  | "telemetry"
  | "elapsed"
  | "respond"
>;

/**
 * Creates what the `api` section of a configuration asks for.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 * @param serving Finds the model that serves.
 *
 * @returns Options of the API.
 *
 * @throws VARIABLE_NOT_SET for a token; CONFIG_INVALID when `static` or `root_path` is no folder, or not for everybody.
 */
export async function serverOptions(
  config: Config,
  host: Host,
  serving: () => ServingModel | undefined,
): Promise<ServerOptions> {
  const { timeout, cors, compression, access_log } = config.api ?? {};
  const openTelemetry = await host.openTelemetry?.();
  return {
    withTimeout: timeout === undefined ? undefined : createTimeout(timeout),
    cors: cors ? createCors(cors) : undefined,
    compress: compression ? createCompression(compression.threshold) : undefined,
    files: await staticOf(config, host),
    accessLog: access_log ? host.log.child("access") : undefined,
    telemetry: openTelemetry && createTelemetry(openTelemetry, config.model.name),
    elapsed: host.elapsed ?? host.now,
    respond: host.respond,
    ...metricsOf(config, host, serving),
  };
}

function metricsOf(
  config: Config,
  host: Host,
  serving: () => ServingModel | undefined,
): Pick<ServerOptions, "metrics" | "allMetrics" | "metricsToken" | "push"> {
  // Where nobody can ask an isolate, nothing is counted unless it is sent.
  const wanted: ApiConfig["metrics"] = config.api?.metrics ?? (host.isolated ? false : { push_interval: 10 });
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

function tokenOf(config: Config, host: Host, key: string, variable: string | undefined): string | undefined {
  if (variable === undefined) return undefined;
  const token = host.env(variable);
  if (token) return token;
  throw variableNotSet(
    [variable],
    `${whereIs(config, ["api", "metrics", key])}: api.metrics.${key}: the environment variable ${variable} is not set, ` +
      "expected it to hold a token. Set it, or remove the key",
  );
}

/** Files at `/`, and those in a folder named `static` at `/static`, as ML Launchpad has them. */
async function staticOf(config: Config, host: Host): Promise<StaticFiles | undefined> {
  const open = await publishedFolder(config, host, "static");
  const root = await publishedFolder(config, host, "root_path");
  const files = [
    ...(root ? [createStatic(root.url, root.files, "/static/")] : []),
    ...(open ? [createStatic(open.url, open.files)] : []),
  ];
  const [first, second] = files;
  if (first === undefined || second === undefined) return first;
  return async (path, context) => (await first(path, context)) ?? second(path, context);
}

/** The folder that a key names, if everybody may read what is in it; undefined where there is nothing to serve. */
async function publishedFolder(
  config: Config,
  host: Host,
  key: "static" | "root_path",
): Promise<{ readonly url: URL; readonly files: Files } | undefined> {
  const named = config.api?.[key];
  if (named === undefined) return undefined;
  const { files } = host;
  const where = `${whereIs(config, ["api", key])}: api.${key}`;
  if (files === undefined) {
    host.log
      .child("api")
      .warning(
        `${where}: it is ignored, because this runtime has no files. Use static assets (in wrangler.jsonc) instead`,
      );
    return undefined;
  }
  const found = URL.canParse(named) ? await files.stat(new URL(named)) : undefined;
  if (found?.kind !== "folder") {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: found ${found ? "a file" : "no folder"} at ${formatLocation(named, files.cwd)}, expected a folder. Correct the path, or remove the key`,
    );
  }
  const url = key === "static" ? new URL(named) : new URL("static/", named.endsWith("/") ? named : `${named}/`);
  // ML Launchpad's examples all say `root_path: .`, and most of them have nothing to serve.
  if (key === "root_path" && (await files.stat(url))?.kind !== "folder") return undefined;
  await checkPublishedFolder(url, { config, files, key });
  return { url, files };
}
