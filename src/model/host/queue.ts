import { createFrame } from "../../data/frame/frame.ts";
import type { DType, Frame } from "../../data/types.ts";
import type { Args, ModelContext } from "../define.ts";

/** Prediction that waits for a child. */
export interface Waiting {
  readonly args: Args;
  readonly run: ModelContext;
  readonly resolve: (prediction: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** What predictions must have in common to be made together; undefined for one that goes alone. */
  readonly group: string | undefined;
}

/** Predictions that wait, in the order in which they came. */
export interface Queue {
  add(waiting: Waiting): void;
  /** Takes the first, and those after it that go with it; fewer than `max` if there are no more. */
  take(max: number): Waiting[];
  /** How many wait. */
  length(): number;
  /** Takes all. */
  clear(): Waiting[];
}

/**
 * Creates an empty queue. Whoever has given up is left out when it is taken.
 *
 * @returns The queue.
 */
export function createQueue(): Queue {
  let waiting: Waiting[] = [];
  return {
    add: (it) => waiting.push(it),
    take(max) {
      const taken: Waiting[] = [];
      const left: Waiting[] = [];
      for (const it of waiting) {
        const first = taken[0];
        if (first === undefined) taken.push(it);
        else if (taken.length < max && first.group !== undefined && it.group === first.group) taken.push(it);
        else left.push(it);
      }
      waiting = left;
      return taken;
    },
    length: () => waiting.length,
    clear() {
      const all = waiting;
      waiting = [];
      return all;
    },
  };
}

/** Dtype of an argument's column, by kind: it must not depend on who else asks, so that a whole number is a float, too. */
const dtypes: Readonly<Record<string, DType>> = { string: "str", boolean: "bool", number: "float64", null: "float64" };

/**
 * Finds what predictions must have in common to be rows of one frame: the same arguments, of the same kinds, each one value.
 *
 * @param args The arguments of one.
 *
 * @returns A key; undefined where an argument is no single value.
 */
export function groupOf(args: Args): string | undefined {
  let key = "";
  for (const name in args) {
    const value: unknown = args[name];
    const kind = value === null ? "null" : typeof value;
    if (!(kind in dtypes)) return undefined;
    key += `${JSON.stringify(name)}:${kind},`;
  }
  return key === "" ? undefined : key;
}

/**
 * Creates the frame of predictions that go together.
 *
 * @param rows Their arguments, which have one group.
 *
 * @returns A frame with a row for each.
 */
export function frameOfArgs(rows: readonly Args[]): Frame {
  const columns: Record<string, unknown[]> = {};
  const kinds: Record<string, DType> = {};
  for (const [name, value] of Object.entries(rows[0] ?? {})) {
    columns[name] = rows.map((row) => row[name]);
    kinds[name] = dtypes[value === null ? "null" : typeof value] ?? "str";
  }
  return createFrame(columns as Parameters<typeof createFrame>[0], kinds);
}
