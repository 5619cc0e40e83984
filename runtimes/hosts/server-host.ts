import { hostname, userInfo } from "node:os";
import process from "node:process";
import type { Host, Logger } from "../../src/index.ts";
import { environmentVariable } from "../io/env.ts";
import { files } from "../io/files.ts";
import { s3DataLocation } from "../places/s3.ts";
import { stderrLogger } from "../process/stderr-logger.ts";
import { openStorage } from "../storage/index.ts";
import { docsFile } from "./docs-file.ts";

export interface HostOptions {
  /** Where the log goes. Default: warnings and errors to the standard error stream. */
  readonly log?: Logger;
}

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
    places: { "s3:": s3DataLocation(environmentVariable) },
    openStorage,
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
