import { LaunchpadError } from "../../errors.ts";
import type { SinkType, SourceType } from "../types.ts";

/** Registered, so that a plugin made with another copy of this package is known. */
const brand = Symbol.for("launchpad.plugin");

/** A type of source or sink that a plugin adds. */
export type Plugin =
  | { readonly kind: "source"; readonly type: SourceType }
  | { readonly kind: "sink"; readonly type: SinkType };

/**
 * Creates a plugin that adds a type of data source.
 *
 * @param type The values of `type:` that it serves, and how it is opened.
 *
 * @returns What a plugin's module exports.
 */
export function defineSource(type: SourceType): Plugin {
  return branded({ kind: "source", type });
}

/**
 * Creates a plugin that adds a type of data sink.
 *
 * @param type The values of `type:` that it serves, and how it is opened.
 *
 * @returns What a plugin's module exports.
 */
export function defineSink(type: SinkType): Plugin {
  return branded({ kind: "sink", type });
}

/**
 * Tells whether something that a module exports is a plugin.
 *
 * @param value Any value.
 *
 * @returns Whether `defineSource` or `defineSink` created it.
 */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === "object" && value !== null && brand in value;
}

/**
 * Finds the plugins that a module exports.
 *
 * @param namespace Everything that the module exports; lists of plugins count as well.
 * @param where The module, for messages.
 * @param mayBeEmpty Whether there may be none, because the module has something else to offer. Default: false.
 *
 * @returns The plugins, each once.
 *
 * @throws MODULE_INVALID when there are none.
 */
export function pluginsFrom(namespace: object, where: string, mayBeEmpty = false): Plugin[] {
  const found = new Set(Object.values(namespace).flat().filter(isPlugin));
  if (found.size > 0 || mayBeEmpty) return [...found];
  const names = Object.keys(namespace).join(", ") || "nothing";
  throw new LaunchpadError(
    "MODULE_INVALID",
    `${where}: something made by defineSource() or defineSink() expected among the exports, found ${names}`,
  );
}

function branded(plugin: Plugin): Plugin {
  return Object.freeze(Object.defineProperty(plugin, brand, { value: true }));
}
