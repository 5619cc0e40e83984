import type { LogLevel } from "../../../src/internal.ts";

/** What is logged. */
export interface LogRecord {
  readonly level: LogLevel;
  /** Dotted name of the logger. */
  readonly name: string;
  readonly message: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** Where it was logged, found when a format names it. */
  place(): Place;
}

/** Place in code. */
export interface Place {
  readonly pathname: string;
  readonly lineno: number;
  readonly funcName: string;
}

/** As Python's logging has it where it finds none. */
const unknownPlace: Place = { pathname: "(unknown file)", lineno: 0, funcName: "(unknown function)" };

/** Launchpad itself: a reader of a log looks for code of the project. */
const own = new URL(import.meta.url.includes("/runtimes/") ? "../../../" : "./", import.meta.url);

/**
 * Finds the code of the project that led to the call of this function.
 *
 * @param stack A stack trace.
 *
 * @returns The innermost place outside of Launchpad and the runtime; that of none where there is none.
 */
export function placeIn(stack: string): Place {
  for (const line of stack.split("\n").slice(1)) {
    const frame = /^\s*at (?:async )?(?:(.*?) \()?(?:file:\/\/)?([^()]+?)(?:\?[^:)]*)?:(\d+):\d+\)?$/.exec(line);
    const [, name, path, number] = frame ?? [];
    if (path === undefined || /^(node:|native|ext:|bun:)/.test(path) || isOwn(path)) continue;
    return { pathname: path, lineno: Number(number), funcName: name || "<module>" };
  }
  return unknownPlace;
}

function isOwn(path: string): boolean {
  return /\/node_modules\/mllaunchpad\//.test(path) || path.startsWith(own.pathname) || path.startsWith("dist/");
}
