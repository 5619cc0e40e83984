import { arch, platform } from "node:os";
import { pathToFileURL } from "node:url";
import type { Driver } from "unstorage";
import memoryDriver from "unstorage/drivers/memory";
import { files as nodeFiles } from "../../runtimes/io/files.ts";
import { LaunchpadError } from "../../src/errors.ts";
import type { Files, Host } from "../../src/host.ts";
import { createLogger, type LogLevel } from "../../src/log.ts";

/** One line of a log. */
export interface LogRecord {
  readonly level: LogLevel;
  /** The dotted name of the logger, `launchpad.data`. */
  readonly name: string;
  readonly message: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A host that remembers what was logged. */
export interface TestHost extends Host {
  readonly files: Files;
  readonly records: LogRecord[];
}

/** What a test may want otherwise. */
export interface TestHostOverrides extends Partial<Omit<Host, "env" | "now" | "files">> {
  readonly files?: Files;
  /** Environment variables; there are no others. */
  readonly env?: Readonly<Record<string, string>> | Host["env"];
  /** A time that stands still, or a clock; the real one unless told. */
  readonly now?: number | Host["now"];
  /** The folder that paths are shown relative to. */
  readonly cwd?: string | URL;
}

/**
 * Creates a host on Node's file system, with a log that is kept and storage in memory.
 *
 * @param overrides What should be otherwise.
 *
 * @returns A host; `records` is its log.
 */
export function testHost(overrides: TestHostOverrides = {}): TestHost {
  const { env = {}, now = () => Date.now(), cwd = process.cwd(), files, ...rest } = overrides;
  const records: LogRecord[] = [];
  const storages = new Map<string, Driver>();
  return {
    runtime: { name: "node", version: process.versions.node, platform: `${platform()}-${arch()}` },
    log: createLogger((level, name, message, properties) => records.push({ level, name, message, properties })),
    openStorage(location) {
      if (!location.startsWith("memory:")) {
        throw new LaunchpadError("CONFIG_INVALID", `model_store.location: this test has no storage for ${location}`);
      }
      const driver = storages.get(location) ?? (memoryDriver() as Driver);
      storages.set(location, driver);
      return driver;
    },
    ...rest,
    now: typeof now === "number" ? () => now : now,
    env: typeof env === "function" ? env : (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
    files: files ?? { ...nodeFiles, cwd: folderUrl(cwd) },
    records,
  };
}

function folderUrl(cwd: string | URL): URL {
  const url = typeof cwd === "string" && !cwd.startsWith("file:") ? pathToFileURL(cwd) : new URL(cwd);
  return url.href.endsWith("/") ? url : new URL(`${url.href}/`);
}
