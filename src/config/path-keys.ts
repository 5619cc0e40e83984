import type { Path } from "../source/tree.ts";
import { isFileUrl, isPath, locate } from "../util/paths.ts";

const any = (): boolean => true;
const each = Symbol("each");

/** The values that are paths, and when they are: whatever else has the key is kept. */
const located: readonly (readonly [path: readonly (string | typeof each)[], applies: (text: string) => boolean])[] = [
  [["plugins", each], isPath],
  [["dbms", each, "url"], isFileUrl],
  [["dbms", each, "connection_string"], isFileUrl],
  [["datasources", each, "path"], any],
  [["datasources", each, "dtypes_path"], any],
  [["datasinks", each, "path"], any],
  [["datasinks", each, "dtypes_path"], any],
  [["model_store", "location"], any],
  [["api", "jobs", "location"], any],
  [["api", "raml"], any],
  [["api", "openapi"], any],
  [["api", "root_path"], any],
  [["api", "static"], any],
];

/**
 * Creates the URL of a value, if it is a path.
 *
 * @param path The keys and indexes that lead to the value.
 * @param value The value.
 * @param base The file in which it stands.
 *
 * @returns A URL; the value itself if it is no path.
 */
export function locateValue(path: Path, value: string, base: URL): string {
  const isLocated = located.some(
    ([pattern, applies]) =>
      pattern.length === path.length &&
      pattern.every((step, index) => step === each || step === path[index]) &&
      applies(value),
  );
  return isLocated && value !== "" ? locate(value, base) : value;
}

/**
 * Turns the relative paths of a configuration into URLs, in place.
 *
 * @param value The plain value of a configuration.
 * @param baseAt Finds the file in which a value stands.
 */
export function locateAll(value: Record<string, unknown>, baseAt: (path: Path) => URL | undefined): void {
  for (const [pattern] of located) visit(value, pattern, [], baseAt);
}

function visit(
  value: unknown,
  pattern: readonly (string | typeof each)[],
  path: Path,
  baseAt: (path: Path) => URL | undefined,
): void {
  const [step, ...rest] = pattern;
  if (step === undefined || typeof value !== "object" || value === null) return;
  const container = value as Record<string | number, unknown>;
  const list = Array.isArray(value);
  const keys = step === each ? Object.keys(container) : Object.hasOwn(container, step) ? [step] : [];
  for (const key of keys) {
    const here = [...path, list ? Number(key) : key];
    const inner = container[key];
    if (rest.length > 0) {
      visit(inner, rest, here, baseAt);
    } else if (typeof inner === "string") {
      const base = baseAt(here);
      if (base) container[key] = locateValue(here, inner, base);
    }
  }
}
