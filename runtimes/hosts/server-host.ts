import { hostname, userInfo } from "node:os";
import process from "node:process";
import type { Host, Logger } from "../../src/internal.ts";
import { accessTo, storesOf } from "../backends/backend.ts";
import { everywhere } from "../backends/everywhere.ts";
import { servers } from "../backends/servers.ts";
import { compressors } from "../io/compressors.ts";
import { environmentVariable, optionalVariable } from "../io/env.ts";
import { files } from "../io/files.ts";
import { importPackage } from "../modules/optional-package.ts";
import { runCommand } from "../process/run-command.ts";
import { stderrLogger } from "../process/stderr-logger.ts";
import { openDriver } from "../storage/open-driver.ts";
import { docsFile } from "./docs-file.ts";
import { pageFile } from "./page-file.ts";

/** Options of a host. */
export interface HostOptions {
  /** Where the log goes. Default: warnings and errors to the standard error stream. */
  readonly log?: Logger;
}

const backends = { ...servers, ...everywhere };
const context = { env: optionalVariable, bindings: {} };

/**
 * Creates a host from what Node, Deno and Bun have in common: `node:` modules.
 *
 * @param runtime The name and version of the runtime.
 * @param options The log.
 *
 * @returns A host with files, environment variables and storage.
 */
export function createFileHost(
  runtime: { readonly name: string; readonly version: string },
  options: HostOptions = {},
): Host {
  const host = attempt(hostname);
  const user = attempt(() => userInfo().username);
  return {
    runtime: {
      ...runtime,
      platform: `${process.platform}-${process.arch}`,
      ...(host === undefined ? {} : { host }),
      ...(user === undefined ? {} : { user }),
    },
    log: options.log ?? stderrLogger("warning"),
    now: Date.now,
    elapsed: () => performance.now(),
    env: environmentVariable,
    files,
    docsFile,
    pageFile,
    run: runCommand,
    compressors,
    ...accessTo(backends, context),
    openStorage: (location, section) => openDriver(location, { stores: storesOf(backends), section, ...context }),
    importPackage,
    openTelemetry: () => import("@opentelemetry/api").catch(() => undefined),
  };
}

/** Deno asks for a permission (`--allow-sys`) that is not worth a failure; some containers have users without a name. */
function attempt(ask: () => string): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
