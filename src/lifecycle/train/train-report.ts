import { isFrame } from "../../data/frame/frame.ts";
import { toPlain } from "../../data/to-json.ts";
import type { Frame } from "../../data/types.ts";
import { LaunchpadError, messageOf } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import type { Json } from "../../util/json.ts";

/** Collects what a training reports. */
export interface TrainReport {
  add(name: string, value: unknown): void;
  /** Everything so far; frames are below `data`. */
  contents(): Record<string, Json>;
}

/**
 * Creates an empty train report. Frames are summarised under the keys of ML Launchpad: `nrows`, `ncols`, `colnames`,
 * `dtypes`, `description`.
 *
 * @param log Told of every entry.
 *
 * @returns A report to add to.
 */
export function createTrainReport(log: Logger): TrainReport {
  const entries = new Map<string, Json>();
  const data = new Map<string, Json>();

  return {
    add(name, value) {
      const plain = plainEntry(name, isFrame(value) ? summaryOf(value) : value);
      (isFrame(value) ? data : entries).set(name, plain);
      log.debug(`train report: ${name}`, { value: plain });
    },
    contents() {
      const all = Object.fromEntries(entries);
      if (data.size > 0) all.data = { ...(isMapping(all.data) ? all.data : {}), ...Object.fromEntries(data) };
      return all;
    },
  };
}

function summaryOf(frame: Frame): unknown {
  return {
    nrows: frame.length,
    ncols: frame.names.length,
    colnames: [...frame.names],
    dtypes: frame.names.map((name) => frame.dtypes[name]),
    description: frame.describe(),
  };
}

function plainEntry(name: string, value: unknown): Json {
  try {
    return toPlain(value);
  } catch (cause) {
    throw new LaunchpadError(
      "DATA_INVALID",
      `[report] "${name}": ${messageOf(cause)}. Report frames or what JSON can hold.`,
      { cause },
    );
  }
}

function isMapping(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
