/** Where something stands. */
export interface SourcePosition {
  /** The name of the file, for messages. */
  readonly file: string;
  readonly line: number;
}

/** A value of an API file, with the place where it begins. */
export type Value = MapValue | ListValue | ScalarValue;

export interface MapValue {
  readonly kind: "map";
  readonly at: SourcePosition;
  readonly entries: readonly Entry[];
}

export interface ListValue {
  readonly kind: "list";
  readonly at: SourcePosition;
  readonly items: readonly Value[];
}

export interface ScalarValue {
  readonly kind: "scalar";
  readonly at: SourcePosition;
  readonly value: string | number | boolean | null;
  /** As it is written in the file, so that `1.10` can stay `1.10`. */
  readonly text: string;
  /** The line on which the text begins, if that is not the line of the value: after `|` and `>`. */
  readonly firstLine?: number;
}

/** A key with its value. */
export interface Entry {
  readonly key: string;
  /** The place of the key. */
  readonly at: SourcePosition;
  readonly value: Value;
}

/**
 * Creates the plain data of a value.
 *
 * @param value A value of an API file.
 *
 * @returns What JSON would hold; the key `__proto__` is a key like any other.
 */
export function plainOf(value: Value): unknown {
  if (value.kind === "scalar") return value.value;
  if (value.kind === "list") return value.items.map(plainOf);
  return Object.fromEntries(value.entries.map((entry) => [entry.key, plainOf(entry.value)]));
}

/**
 * Finds what stands under a key.
 *
 * @param value Any value.
 * @param key The key.
 *
 * @returns The entry, if the value is a mapping that has one.
 */
export function entryOf(value: Value | undefined, key: string): Entry | undefined {
  return value?.kind === "map" ? value.entries.find((entry) => entry.key === key) : undefined;
}

/**
 * Tells whether nothing was written.
 *
 * @param value A value of an API file.
 *
 * @returns Whether it is empty, as in `get:`.
 */
export function isEmpty(value: Value): boolean {
  return value.kind === "scalar" && value.value === null;
}

/**
 * Description of a value that was found, for a message.
 *
 * @param value A value of the file.
 *
 * @returns The value as it is written, text in quotation marks; or what kind of value it is.
 */
export function formatValue(value: Value): string {
  if (value.kind !== "scalar") return value.kind === "map" ? "a mapping" : "a list";
  if (value.value === null) return "nothing";
  return typeof value.value === "string" ? JSON.stringify(shortened(value.text)) : value.text;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
