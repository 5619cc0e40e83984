import process from "node:process";
import {
  createPackaged,
  type Host,
  isLaunchpadError,
  LaunchpadError,
  messageOf,
  type Packaged,
  type PackagedLaunchpad,
  type RefreshOptions,
} from "../../src/internal.ts";
import { environmentVariable } from "../io/env.ts";
import { addressToServe } from "../process/container-address.ts";
import { exit } from "../process/exit.ts";
import { startRefreshTimer } from "../process/refresh-timer.ts";
import type { ReadingLimits, Serve } from "../process/server-contract.ts";
import { stderrLogger } from "../process/stderr-logger.ts";
import { stopSignal } from "../process/stop-signal.ts";
import { logStrayErrors, nameModel } from "../process/stray-errors.ts";
import type { Embedded } from "./embedded-driver.ts";
import { storageOf } from "./host.ts";
import { isStarted } from "./is-started.ts";

/** What a runtime's entry point exports. */
export interface Runtime {
  createHost(): Host;
  readonly serve: Serve;
  /** Loads `@opentelemetry/api`, if it was installed where the package was built, and is where it runs. */
  readonly openTelemetry?: Host["openTelemetry"];
  /** Reads a file of the pages for people, if they are in the package. */
  readonly pageFile?: Host["pageFile"];
}

/** A packaged model on a runtime with servers. */
export interface PackagedServer {
  fetch(request: Request, second?: object): Response | Promise<Response>;
  /** Serves, if the package is what was started, and not imported by something else. */
  runIfStarted(meta: { readonly url: string; readonly main?: boolean }): Promise<void>;
}

/**
 * Creates the server of a package. Relative paths in its configuration are relative to the working folder.
 *
 * @param packaged The model, its configuration and its API.
 * @param runtime The runtime's entry point.
 * @param embedded The model store, if it is in the package.
 *
 * @returns The API, and what serves it.
 */
export function packagedServer(packaged: Packaged, runtime: Runtime, embedded?: Embedded): PackagedServer {
  const { model, api, model_store, limits } = packaged.config as {
    model: { name: string; version: string };
    api: { name: string; protocols?: readonly string[] };
    model_store: { refresh: number };
    limits?: ReadingLimits;
  };
  const label = `${model.name} ${model.version}`;
  return serverOf(runtime, {
    label,
    refresh: model_store.refresh,
    limits,
    protocols: api.protocols,
    open(host) {
      const openStorage = storageOf(embedded, host.openStorage);
      const path = `/${api.name}/v${Number.parseInt(model.version, 10)}`;
      const launchpad = createPackaged(packaged, { ...host, openStorage }, host.files?.cwd);
      return {
        ...launchpad,
        served: ({ origin, protocol, href }) => `${label} at ${protocol === "unix:" ? `${href}, ` : origin}${path}`,
      };
    },
  });
}

/** What a package serves. */
export interface Served extends Pick<PackagedLaunchpad, "fetch" | "ready" | "close"> {
  refresh(options?: RefreshOptions): Promise<unknown>;
  /** What is served where, for whoever started it. */
  served(url: URL): string;
}

/** How a package is opened. */
export interface ServerParts {
  /** What the log calls its code. */
  readonly label: string;
  /** Seconds between two looks for something newer; 0 for never. */
  readonly refresh: number;
  /** Limits of what is read before it sees a request. */
  readonly limits?: ReadingLimits | undefined;
  /** Protocols that are on. */
  readonly protocols?: readonly string[] | undefined;
  open(host: Host): Served;
}

/**
 * Creates the server of whatever is in a package.
 *
 * @param runtime The runtime's entry point.
 * @param parts What is served.
 *
 * @returns The API, and what serves it.
 */
export function serverOf(runtime: Runtime, parts: ServerParts): PackagedServer {
  const { label, open: openWith } = parts;
  let served: Served | undefined;
  const open = () => {
    if (served === undefined) {
      const { docsFile: _, pageFile: __, openTelemetry: ___, ...host } = runtime.createHost();
      const { openTelemetry, pageFile } = runtime;
      served = openWith({ ...host, ...(openTelemetry && { openTelemetry }), ...(pageFile && { pageFile }) });
    }
    return served;
  };
  return {
    fetch: (request, second) => open().fetch(request, second),
    async runIfStarted(meta) {
      if (!isStarted(meta)) return;
      try {
        nameModel(label);
        logStrayErrors(stderrLogger("warning").child("model"));
        await run(open(), runtime.serve, parts);
        exit(0);
      } catch (error) {
        process.stderr.write(`${messageOf(error)}\n`);
        exit(isLaunchpadError(error) ? error.exitCode : 1);
      }
    },
  };
}

async function run(
  { fetch, ready, refresh, close, served }: Served,
  serve: Serve,
  { refresh: seconds, limits, protocols = [] }: ServerParts,
): Promise<void> {
  const asked = { host: setting("host"), port: portOf(setting("port")) };
  const options = { ...addressToServe(asked, protocols, environmentVariable, process.argv[2] === "serve"), limits };
  await ready();
  const server = await serve(fetch, options);
  process.stderr.write(`Serving ${served(server.url)}. Ctrl-C stops it.\n`);
  const stopFollowing = startRefreshTimer(seconds, refresh);
  await stopSignal();
  stopFollowing();
  await server.close();
  await close();
}

/** `--port 80`, `--port=80`, or the environment variable PORT. */
function setting(name: string): string | undefined {
  const args = process.argv.slice(2);
  const index = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  if (index < 0) return environmentVariable(name.toUpperCase()) || undefined;
  const [, value] = args[index]?.split("=") ?? [];
  return value ?? args[index + 1] ?? "";
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new LaunchpadError("USAGE", `port: found ${JSON.stringify(text)}, expected a whole number from 0 to 65535`);
}
