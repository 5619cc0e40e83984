import process from "node:process";
import { type Host, LaunchpadError } from "../../src/internal.ts";
import { environmentVariable } from "../io/env.ts";
import { stderrLogger } from "../process/stderr-logger.ts";

/**
 * Creates the host of a package that holds all it needs. It opens no file: to load what does takes Bun and Deno longer
 * than all the rest of a start.
 *
 * @param name The runtime.
 * @param more What the runtime does in its own way.
 *
 * @returns A host without files and storage.
 */
export function createSelfContainedHost(name: "node" | "deno" | "bun", more: Pick<Host, "respond"> = {}): Host {
  return {
    runtime: { name, version: process.versions[name] ?? "unknown", platform: `${process.platform}-${process.arch}` },
    log: stderrLogger("warning"),
    now: Date.now,
    elapsed: () => performance.now(),
    env: environmentVariable,
    openStorage() {
      throw new LaunchpadError("INTERNAL", "a package with a model has no other model store");
    },
    ...more,
  };
}
