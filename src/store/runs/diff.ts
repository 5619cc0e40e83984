import type { Json } from "../../util/json.ts";
import type { Meta } from "../types.ts";

/** One value that two runs do not have in common. */
export interface Difference {
  /** Where in the metadata: `metrics.accuracy`. */
  readonly path: string;
  /** Undefined where the run has no such value. */
  readonly a: Json | undefined;
  readonly b: Json | undefined;
}

/** What is compared: what a run can do, and what made it so. */
const parts = ["metrics", "data", "code", "config_snapshot", "api", "input_schema", "output_schema", "system"] as const;

/** What two runs differ in, by part of the metadata; a part without differences has an empty list. */
export type MetaDifference = { readonly [part in (typeof parts)[number]]: readonly Difference[] };

/**
 * Creates the differences between two runs: metrics, data, code, configuration, API contract (with what the model takes
 * and returns) and system.
 *
 * @param a The metadata of one run.
 * @param b The metadata of the other.
 *
 * @returns Every value that differs, by part.
 */
export function diffMeta(a: Meta, b: Meta): MetaDifference {
  const entries = parts.map((part) => [part, differences(a[part], b[part], part)] as const);
  return Object.fromEntries(entries) as Record<(typeof parts)[number], Difference[]>;
}

/** Counts behind curves: that they differ is one difference. */
const wholes: ReadonlySet<string> = new Set(["metrics.evaluation"]);

function differences(a: Json | undefined, b: Json | undefined, path: string): Difference[] {
  if (wholes.has(path)) return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ path, a, b }];
  if (isContainer(a) && isContainer(b) && Array.isArray(a) === Array.isArray(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].flatMap((key) => differences(valueAt(a, key), valueAt(b, key), `${path}.${key}`));
  }
  return a === b ? [] : [{ path, a, b }];
}

type Container = { readonly [key: string]: Json };

function isContainer(value: Json | undefined): value is Container {
  return typeof value === "object" && value !== null;
}

function valueAt(container: Container, key: string): Json | undefined {
  return Object.hasOwn(container, key) ? container[key] : undefined;
}
