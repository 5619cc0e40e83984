import { readIncluded } from "../file/document.ts";
import { entriesOf } from "../file/fields.ts";
import type { Source } from "../file/include.ts";
import type { Problems } from "../file/problems.ts";
import { entryOf, formatValue, type Value } from "../file/value.ts";
import { fieldsOf } from "./context.ts";
import { libraryKeys } from "./keys.ts";
import type { TypeScope, Types } from "./types.ts";

/**
 * Reads the libraries of types that a file uses, and those that they use.
 *
 * @param root The file.
 * @param source Where it is, and what it may include.
 * @param problems Gets what is wrong.
 * @param create Creates the reader of a library's types.
 * @param prefix What the names of the file's own types begin with.
 *
 * @returns The types of each library, by its name in the file.
 */
export function readLibraries(
  root: Value,
  source: Source,
  problems: Problems,
  create: (scope: TypeScope) => Types,
  prefix = "",
): ReadonlyMap<string, Types> {
  const uses = entryOf(root, "uses")?.value;
  const libraries = new Map<string, Types>();
  for (const { key, at, value } of uses ? entriesOf(uses, "uses", problems) : []) {
    if (value.kind !== "scalar" || value.value === null) {
      problems.add(at, `uses ${key}: found ${formatValue(value)}, expected the path of a library`);
      continue;
    }
    const found = readIncluded(value.text, value.at, source, problems, `uses ${key}:`);
    if (!found) continue;
    fieldsOf(found.value, `library ${key}`, libraryKeys, problems);
    const inside = `${prefix}${key}.`;
    libraries.set(
      key,
      create({
        declared: declaredTypes(found.value),
        libraries: readLibraries(found.value, found.source, problems, create, inside),
        prefix: inside,
      }),
    );
  }
  return libraries;
}

/**
 * Reads the types that a file declares: one mapping, or a list of them as before RAML 1.0.
 *
 * @param root The whole file.
 *
 * @returns The declarations by name.
 */
export function declaredTypes(root: Value): TypeScope["declared"] {
  const entries = ["types", "schemas"].flatMap((section) => {
    const value = entryOf(root, section)?.value;
    const maps = value?.kind === "list" ? value.items : value ? [value] : [];
    return maps.flatMap((map) => (map.kind === "map" ? map.entries : []));
  });
  return new Map(entries.map((entry) => [entry.key, entry]));
}
