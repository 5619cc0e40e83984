import { plainOf } from "../source/tree.ts";
import { redact } from "../util/redact.ts";
import { writtenOf } from "./source-map.ts";
import type { Config } from "./types.ts";

/** A value that JSON can hold: `Json` of the store, which this room does not know. */
export type Snapshot = null | boolean | number | string | readonly Snapshot[] | { readonly [key: string]: Snapshot };

/**
 * Snapshot of a configuration for a model's metadata: what the user wrote, all files merged, paths and `_var`
 * keys as they were written, secrets as `***`.
 *
 * @param config A configuration from `loadConfig` or `defineConfig`.
 *
 * @returns A value that JSON can hold.
 */
export function snapshotOf(config: Config): Snapshot {
  const tree = writtenOf(config)?.tree;
  return jsonOf(redact(tree ? plainOf(tree) : config));
}

function jsonOf(value: unknown): Snapshot {
  if (typeof value === "string" || typeof value === "boolean") return value;
  // YAML has numbers that JSON has not.
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, jsonOf(inner)]));
}
