import { readValue } from "../source/tree-from-value.ts";
import { locateAll } from "./path-keys.ts";
import { baseOf, remember } from "./source-map.ts";
import type { Config } from "./types.ts";

/**
 * Creates a configuration from one that was checked before, as JSON brings it back: what would check it again need not be
 * there.
 *
 * @param value A configuration from `loadConfig` or `defineConfig`, copied.
 * @param base What relative paths in it are relative to; without it they stay as they are.
 *
 * @returns The configuration, frozen.
 */
export function restoreConfig(value: object, base?: URL): Config {
  const origin = { name: "configuration", base, cwd: undefined };
  const config = structuredClone(value) as Config;
  remember(config, { ...origin, tree: readValue(config, origin).tree });
  locateAll(config as Record<string, unknown>, (path) => baseOf(config, path));
  return frozen(config);
}

/**
 * Freezes a value, and whatever it holds.
 *
 * @param value Plain data.
 *
 * @returns The same value.
 */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}
