import type { LogConfig } from "./config.ts";
import { recordLevels } from "./levels.ts";
import { meantLogger } from "./names.ts";
import type { LogRecord } from "./record.ts";

/** Handlers that take the records of a logger, and the level that a record must have at least. */
export interface Route {
  readonly level: number;
  readonly handlers: readonly string[];
  /** Filters of the logger itself; those above it are not asked, as in Python. */
  readonly filters: readonly string[];
}

/**
 * Finds who takes the records of a logger: its level is the nearest that is set above it, and all handlers up to the first
 * logger that does not propagate are asked.
 *
 * @param config The configuration.
 * @param name Name of the logger.
 * @param verbose Whether the level of the root does not matter.
 *
 * @returns The route.
 */
export function routeOf({ loggers, root }: LogConfig, name: string, verbose: boolean): Route {
  const handlers: string[] = [];
  let level = 0;
  let propagates = true;
  const parts = name.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const logger = loggers[parts.slice(0, length).join(".")];
    if (logger === undefined) continue;
    level ||= logger.level ?? 0;
    if (propagates) handlers.push(...logger.handlers);
    propagates &&= logger.propagate;
  }
  if (propagates) handlers.push(...root.handlers);
  return {
    level: level || (verbose ? recordLevels.debug.number : root.level),
    handlers,
    filters: loggers[name]?.filters ?? [],
  };
}

/**
 * Creates the test of records that stands for a filter.
 *
 * @param name The logger that it lets pass, with those below; all without a name.
 *
 * @returns The test.
 */
export function filterBy(name: string): (routedName: string) => boolean {
  if (name === "") return () => true;
  const meant = meantLogger(name);
  const allowed = "name" in meant ? meant.name : name;
  return (given) => given === allowed || given.startsWith(`${allowed}.`);
}

/** Tells whether a handler of this level takes a record. */
export function reaches({ level }: LogRecord, least: number | undefined): boolean {
  return recordLevels[level].number >= (least ?? 0);
}
