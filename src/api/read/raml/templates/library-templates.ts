import { readIncluded } from "../../file/document.ts";
import type { Source } from "../../file/include.ts";
import type { Problems } from "../../file/problems.ts";
import { type Entry, entryOf, type Value } from "../../file/value.ts";

/** The sections of a library whose names others can use. */
const sections = ["types", "schemas", "traits", "resourceTypes", "uses"] as const;

/**
 * Reads the traits or resource types of the libraries that a file uses, and of those that they use. What is in them speaks of
 * other parts of their library by the names that those have there: here, these names begin with that of the library.
 *
 * @param root The file.
 * @param section `traits` or `resourceTypes`.
 * @param source Where the file is, and what it may include.
 * @param problems Gets what is wrong.
 * @param prefix What the names of the file's own parts begin with.
 *
 * @returns The declarations, by their names in the file.
 */
export function libraryTemplates(
  root: Value,
  section: "traits" | "resourceTypes",
  source: Source,
  problems: Problems,
  prefix = "",
): ReadonlyMap<string, Entry> {
  const uses = entryOf(root, "uses")?.value;
  const found = new Map<string, Entry>();
  for (const { key, value } of uses?.kind === "map" ? uses.entries : []) {
    // What is wrong with a library is told where its types are read.
    const library =
      value.kind === "scalar" ? readIncluded(value.text, value.at, source, problems, `uses ${key}:`) : undefined;
    if (!library) continue;
    const inside = `${prefix}${key}.`;
    const names = new Set(sections.flatMap((one) => namesIn(entryOf(library.value, one)?.value)));
    const declared = entryOf(library.value, section)?.value;
    for (const map of declared?.kind === "list" ? declared.items : declared ? [declared] : []) {
      for (const entry of map.kind === "map" ? map.entries : []) {
        found.set(inside + entry.key, { ...entry, value: qualified(entry.value, names, inside) });
      }
    }
    for (const one of libraryTemplates(library.value, section, library.source, problems, inside)) found.set(...one);
  }
  return found;
}

function namesIn(value: Value | undefined): readonly string[] {
  const maps = value?.kind === "list" ? value.items : value ? [value] : [];
  return maps.flatMap((map) => (map.kind === "map" ? map.entries.map(({ key }) => key) : []));
}

/** Keys whose text speaks of no type, trait or resource type. */
const texts = new Set([
  ...["description", "displayName", "usage", "default", "example", "examples", "enum", "pattern", "format"],
  ...["title", "content"],
]);

function qualified(value: Value, names: ReadonlySet<string>, prefix: string): Value {
  if (value.kind === "list") return { ...value, items: value.items.map((item) => qualified(item, names, prefix)) };
  const inLibrary = (text: string) =>
    text.replace(/[^\s()|[\]?]+/g, (name) => (names.has(name.split(".", 1)[0] ?? "") ? prefix + name : name));
  if (value.kind === "scalar") {
    if (typeof value.value !== "string" || /^\s*[{<]/.test(value.text)) return value;
    const text = inLibrary(value.text);
    return { ...value, value: text, text };
  }
  const entries = value.entries.map((entry): Entry => {
    if (texts.has(entry.key)) return entry;
    // The use of a trait or resource type with parameters: `is: [{ paged: { max: 10 } }]`.
    const isUse = value.entries.length === 1 && names.has(entry.key) && !entry.key.startsWith("/");
    return { ...entry, key: isUse ? prefix + entry.key : entry.key, value: qualified(entry.value, names, prefix) };
  });
  return { ...value, entries };
}
