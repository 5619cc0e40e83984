import type { Fields } from "../file/fields.ts";
import { entryOf, type Value } from "../file/value.ts";
import { type Kind, plainFor } from "./facets.ts";
import { isAnnotation } from "./keys.ts";
import { readExample } from "./schema-text.ts";

/** What an example can say besides its value. */
const exampleKeys = new Set(["value", "strict", "displayName", "description"]);

/**
 * Reads the example of a type, or the first of several.
 *
 * @param fields What a type says.
 * @param kind The kind of type that it is.
 *
 * @returns The example; undefined if there is none.
 */
export function exampleOf(fields: Fields, kind: Kind): unknown {
  const several = fields.value("examples");
  const first =
    several?.kind === "map" ? several.entries[0]?.value : several?.kind === "list" ? several.items[0] : undefined;
  const written = fields.entry("example")?.value ?? first;
  if (written === undefined) return undefined;
  // An example can say more of itself, and has its value below `value` then.
  const inside = entryOf(written, "value");
  const value =
    inside && entriesIn(written).every((key) => exampleKeys.has(key) || isAnnotation(key)) ? inside.value : written;
  return kind === "string" || kind === "date" ? plainFor(value, kind) : readExample(value);
}

function entriesIn(value: Value): string[] {
  return value.kind === "map" ? value.entries.map(({ key }) => key) : [];
}
