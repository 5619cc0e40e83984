import * as v from "valibot";
import { misspelt } from "../../../util/suggest.ts";
import type { Problems } from "./problems.ts";
import { type Entry, formatValue, isEmpty, type Value } from "./value.ts";

/**
 * What happens to a key: `read`; `metadata`, which changes nothing and is for people; `ignored`, which is logged, with
 * the reason; `refused`, because leaving it out would change what the API does.
 */
export type KeyUse = "read" | "metadata" | { readonly ignored: string } | { readonly refused: string };

/** The known keys of one kind of mapping. */
export type KeyTable = Readonly<Record<string, KeyUse>>;

/** What a mapping says. */
export interface Fields {
  /** Where a message says that it is. */
  readonly where: string;
  /** The mapping itself. */
  readonly described: Value;
  /** What stands under a key that is read; none if it is empty, as in `default:`. */
  value(key: string): Value | undefined;
  /** A key that is read, also one without a value. */
  entry(key: string): Entry | undefined;
  /** The value of a key that must fit a schema. */
  read<T>(key: string, schema: v.GenericSchema<unknown, T>): T | undefined;
  /** A value as it is written. */
  text(key: string): string | undefined;
  /** Adds a problem on the line of a key, or of the value that is at fault. */
  problem(key: string, message: string, at?: Value): void;
  /** Logs what a key says in vain. */
  warn(key: string, message: string): void;
  /** The keys that somebody else reads. */
  readonly rest: readonly Entry[];
}

export const flag = v.boolean("expected true or false");
export const finite = v.pipe(v.number("expected a number"), v.finite("expected a finite number"));

/**
 * Creates the schema of a number of things.
 *
 * @param things What is counted, if the key does not say it.
 *
 * @returns A schema of whole numbers from 0.
 */
export function countOf(things?: string) {
  const [of, more] = things === undefined ? ["", ""] : [` of ${things}`, ` ${things}`];
  return v.pipe(
    v.number(`expected a number${of}`),
    v.safeInteger(`expected a whole number${of}`),
    v.minValue(0, `expected 0 or more${more}`),
  );
}

/**
 * Reads a mapping by the table of its keys. What is refused becomes a problem, so does what looks like a misspelt
 * key; what is ignored is logged.
 *
 * @param value The mapping; an empty value is one without keys.
 * @param where What it describes, for messages.
 * @param table The known keys.
 * @param problems Gets what is wrong.
 * @param isRest Tells which further keys somebody else reads.
 *
 * @returns What it says.
 */
export function readFields(
  value: Value,
  where: string,
  table: KeyTable,
  problems: Problems,
  isRest: (key: string) => boolean = () => false,
): Fields {
  const known = new Map<string, Entry>();
  const rest: Entry[] = [];
  const entries = entriesOf(value, where, problems);
  const absent = new Set(Object.keys(table));
  for (const { key } of entries) absent.delete(key);
  for (const entry of entries) {
    const { key, at } = entry;
    const use = Object.hasOwn(table, key) ? table[key] : undefined;
    if (use === "read") known.set(key, entry);
    else if (use === "metadata") continue;
    else if (use && "refused" in use) problems.add(at, `${where}: ${key}: ${use.refused}`);
    else if (use) problems.warn(at, key, `${where}: ${key} is ignored: ${use.ignored}`);
    else if (isRest(key)) rest.push(entry);
    else {
      const suggestion = misspelt(key, absent);
      if (suggestion) problems.add(at, `${where}: unknown key ${key}: did you mean ${suggestion}?`);
      else problems.warn(at, key, `${where}: unknown key ${key} is ignored`);
    }
  }

  const find = (key: string): Value | undefined => {
    const found = known.get(key)?.value;
    return found && isEmpty(found) ? undefined : found;
  };
  const placeOf = (key: string, at?: Value) => at?.at ?? known.get(key)?.at ?? value.at;
  const problem = (key: string, message: string, at?: Value) =>
    problems.add(placeOf(key, at), `${where}: ${key}: ${message}`);
  return {
    where,
    described: value,
    rest,
    value: find,
    entry: (key) => known.get(key),
    problem,
    warn: (key, message) => problems.warn(placeOf(key), `${where} ${key}`, `${where}: ${key}: ${message}`),
    read(key, schema) {
      const found = find(key);
      if (!found) return undefined;
      const result = v.safeParse(schema, found.kind === "scalar" ? found.value : undefined);
      if (result.success) return result.output;
      problem(key, `${result.issues[0].message}, found ${formatValue(found)}`, found);
      return undefined;
    },
    text(key) {
      const found = find(key);
      if (!found || found.kind === "scalar") return found?.text;
      problem(key, `expected text, found ${formatValue(found)}`, found);
      return undefined;
    },
  };
}

/**
 * Reads the entries of a mapping whose keys are the user's.
 *
 * @param value The mapping; an empty value has no entries.
 * @param where What it describes, for messages.
 * @param problems Gets a problem if it is no mapping.
 *
 * @returns Its entries.
 */
export function entriesOf(value: Value, where: string, problems: Problems): readonly Entry[] {
  if (value.kind === "map") return value.entries;
  if (!isEmpty(value)) problems.add(value.at, `${where}: found ${formatValue(value)}, expected a mapping (key: value)`);
  return [];
}

/**
 * Reads a list.
 *
 * @param value The list; an empty value has no items.
 * @param where What it describes, for messages.
 * @param problems Gets a problem if it is no list.
 *
 * @returns Its items.
 */
export function itemsOf(value: Value, where: string, problems: Problems): readonly Value[] {
  if (value.kind === "list") return value.items;
  if (!isEmpty(value)) problems.add(value.at, `${where}: found ${formatValue(value)}, expected a list`);
  return [];
}

/**
 * Creates an object without what is undefined.
 *
 * @param values An object.
 *
 * @returns The same, only with the keys that have a value.
 */
export function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
