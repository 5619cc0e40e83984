import process from "node:process";
import {
  createPackaged,
  type Host,
  isLaunchpadError,
  LaunchpadError,
  messageOf,
  type Packaged,
  type PackagedLaunchpad,
} from "../../src/index.ts";
import { environmentVariable } from "../io/env.ts";
import { exit } from "../process/exit.ts";
import { startRefreshTimer } from "../process/refresh-timer.ts";
import { defaultHost, defaultPort, type Serve } from "../process/server-contract.ts";
import { stderrLogger } from "../process/stderr-logger.ts";
import { stopSignal } from "../process/stop-signal.ts";
import { logStrayErrors, nameModel } from "../process/stray-errors.ts";
import type { Embedded } from "./embedded-driver.ts";
import { storageOf } from "./host.ts";

/** What a runtime's entry point exports. */
interface Runtime {
  createHost(): Host;
  readonly serve: Serve;
  /** Loads `@opentelemetry/api`, if it was installed where the package was built, and is where it runs. */
  readonly openTelemetry?: Host["openTelemetry"];
}

/** A packaged model on a runtime with servers. */
export interface PackagedServer {
  fetch(request: Request): Response | Promise<Response>;
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
  let launchpad: PackagedLaunchpad | undefined;
  const open = () => {
    if (launchpad === undefined) {
      const { docsFile: _, pageFile: __, openTelemetry: ___, ...host } = runtime.createHost();
      const { openTelemetry } = runtime;
      const openStorage = storageOf(embedded, host.openStorage);
      launchpad = createPackaged(
        packaged,
        { ...host, openStorage, ...(openTelemetry && { openTelemetry }) },
        host.files?.cwd,
      );
    }
    return launchpad;
  };
  return {
    fetch: (request) => open().fetch(request),
    async runIfStarted(meta) {
      if (!isStarted(meta)) return;
      try {
        const { model } = packaged.config as { model: { name: string; version: string } };
        nameModel(`${model.name} ${model.version}`);
        logStrayErrors(stderrLogger("warning").child("model"));
        await run(open(), packaged, runtime.serve);
        exit(0);
      } catch (error) {
        process.stderr.write(`${messageOf(error)}\n`);
        exit(isLaunchpadError(error) ? error.exitCode : 1);
      }
    },
  };
}

async function run(launchpad: PackagedLaunchpad, { config }: Packaged, serve: Serve): Promise<void> {
  const { model, api, model_store } = config as {
    model: { name: string; version: string };
    api: { name: string };
    model_store: { refresh: number };
  };
  const options = { host: setting("host") ?? defaultHost, port: portOf(setting("port")) };
  await launchpad.ready();
  const server = await serve(launchpad.fetch, options);
  const path = `/${api.name}/v${Number.parseInt(model.version, 10)}`;
  process.stderr.write(`Serving ${model.name} ${model.version} at ${server.url.origin}${path}. Ctrl-C stops it.\n`);
  const stopFollowing = startRefreshTimer(model_store.refresh, launchpad.refresh);
  await stopSignal();
  stopFollowing();
  await server.close();
  await launchpad.close();
}

/** `--port 80`, `--port=80`, or the environment variable PORT. */
function setting(name: string): string | undefined {
  const args = process.argv.slice(2);
  const index = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  if (index < 0) return environmentVariable(name.toUpperCase()) || undefined;
  const [, value] = args[index]?.split("=") ?? [];
  return value ?? args[index + 1] ?? "";
}

function portOf(text: string | undefined): number {
  if (text === undefined) return defaultPort;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new LaunchpadError("USAGE", `port: found ${JSON.stringify(text)}, expected a whole number from 0 to 65535`);
}

/**
 * Deno and Bun know it, executables of Bun included, and Node since 24.2; before that, the file that it was started with is in
 * its arguments.
 */
function isStarted({ url, main }: { readonly url: string; readonly main?: boolean }): boolean {
  if (main !== undefined) return main;
  const [, started] = process.argv;
  // Only here, because Bun and Deno take their time to load them.
  const [fs, nodeUrl] = [process.getBuiltinModule("node:fs"), process.getBuiltinModule("node:url")];
  try {
    return started !== undefined && fs.realpathSync(started) === nodeUrl.fileURLToPath(url);
  } catch {
    return false;
  }
}
