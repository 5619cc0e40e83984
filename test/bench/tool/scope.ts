import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Context } from "./benchmark.ts";

/** What was started, and ends with the run. */
export interface Scope extends Pick<Context, "folder" | "atEnd"> {
  /** Whether it ends, or has ended. */
  isEnding(): boolean;
  /** Stops everything that still runs, the newest first, and removes the folder. */
  end(): Promise<void>;
}

/** Creates a scope with an empty folder. SIGINT and SIGTERM end it, and the process with it. */
export async function createScope(): Promise<Scope> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-bench-"));
  const stops = new Set<() => Promise<void>>();
  const state = { ending: false };
  const end = async () => {
    state.ending = true;
    for (const stop of [...stops].reverse()) await stop().catch(() => {});
    await rm(folder, { recursive: true, force: true });
  };
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => void end().finally(() => process.exit(code)));
  }
  return {
    folder,
    end,
    isEnding: () => state.ending,
    atEnd(stop) {
      const once = async () => {
        if (stops.delete(once)) await stop();
      };
      stops.add(once);
      // What is started while everything ends would be left behind.
      if (state.ending) {
        once().catch(() => {});
        throw new Error("interrupted");
      }
      return once;
    },
  };
}
