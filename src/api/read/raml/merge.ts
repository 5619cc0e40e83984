import { type Entry, isEmpty, type MapValue, type Value } from "../file/value.ts";

/** Keys whose lists are joined; of everything else, what the resource or method says itself stands. */
const joinedLists = new Set(["is", "securedBy"]);

/**
 * Creates a mapping from what a resource or method says and what a trait or resource type adds to it.
 *
 * @param own What is said there, which stands where both say something.
 * @param added What is added.
 * @param isOptional Tells which keys `name?` are added only where `name` is there already.
 *
 * @returns The mapping of both.
 */
export function merged(own: Value, added: Value, isOptional: (key: string) => boolean): Value {
  if (added.kind !== "map") return isEmpty(own) ? added : own;
  if (own.kind !== "map" && !isEmpty(own)) return own;
  const entries = new Map<string, Entry>(own.kind === "map" ? own.entries.map((entry) => [entry.key, entry]) : []);
  for (const entry of added.entries) {
    const optional = isOptional(entry.key);
    const key = optional ? entry.key.slice(0, -1) : entry.key;
    const there = entries.get(key);
    if (there === undefined) {
      if (!optional) entries.set(key, { ...entry, value: merged(nothing(entry), entry.value, isOptional) });
    } else if (joinedLists.has(key) && there.value.kind === "list" && entry.value.kind === "list") {
      const items = [...there.value.items, ...entry.value.items];
      entries.set(key, { ...there, value: { ...there.value, items } });
    } else entries.set(key, { ...there, value: merged(there.value, entry.value, isOptional) });
  }
  const map: MapValue = { kind: "map", at: own.kind === "map" ? own.at : added.at, entries: [...entries.values()] };
  return map;
}

function nothing({ at }: Entry): Value {
  return { kind: "scalar", at, value: null, text: "" };
}

/**
 * Creates a mapping without some of its keys.
 *
 * @param value The mapping; anything else stays as it is.
 * @param keys The keys to leave out.
 *
 * @returns The rest.
 */
export function without(value: Value, ...keys: readonly string[]): Value {
  if (value.kind !== "map") return value;
  return { ...value, entries: value.entries.filter(({ key }) => !keys.includes(key)) };
}
