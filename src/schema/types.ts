import { refused } from "./check.ts";
import { readJson } from "./json-limits.ts";

/** The types of JSON Schema. */
export type TypeName = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

interface Type {
  /** As in "expected a number". */
  readonly words: string;
  is(value: unknown): boolean;
  /** Reads an argument, which may be text: the value, or `refused`. */
  read(raw: unknown): unknown;
  /** What an argument can be, where that is more than `words` say. */
  readonly readWords?: string;
}

// No two quantifiers of it can match the same digits: it stays linear on hostile input.
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const whole = /^[+-]?\d+$/;
const booleans: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ["true", true],
  ["1", true],
  [1, true],
  ["false", false],
  ["0", false],
  [0, false],
]);

/** The one table of types. */
const types: Readonly<Record<TypeName, Type>> = {
  null: { words: "null", is: (value) => value === null, read: (raw) => (raw === null ? raw : refused) },
  boolean: {
    words: "true or false",
    readWords: "true, false, 1 or 0",
    is: (value) => typeof value === "boolean",
    read: (raw) =>
      typeof raw === "boolean"
        ? raw
        : (booleans.get(typeof raw === "string" ? raw.trim().toLowerCase() : raw) ?? refused),
  },
  integer: {
    // Past 2^53 JSON.parse has already changed the digits.
    words: `a whole number from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`,
    is: Number.isSafeInteger,
    read: (raw) => {
      const number = typeof raw === "string" ? numberIn(raw, whole) : raw;
      return Number.isSafeInteger(number) ? number : refused;
    },
  },
  number: {
    words: "a number",
    is: Number.isFinite,
    read: (raw) => {
      const number = typeof raw === "string" ? numberIn(raw, decimal) : raw;
      return Number.isFinite(number) ? number : refused;
    },
  },
  string: {
    words: "text",
    is: (value) => typeof value === "string",
    read: (raw) => {
      if (typeof raw === "string") return raw;
      // An identifier whose digits have changed would become another one.
      if (!Number.isFinite(raw) || (Number.isInteger(raw) && !Number.isSafeInteger(raw))) return refused;
      return String(raw);
    },
  },
  array: {
    words: "a list",
    is: Array.isArray,
    read: (raw) => (Array.isArray(raw) ? raw : isText(raw, "[") ? (readJson(raw) ?? refused) : refused),
  },
  object: {
    words: "an object",
    is: isRecord,
    read: (raw) => {
      const value = isText(raw, "{") ? readJson(raw) : raw;
      return isRecord(value) ? value : refused;
    },
  },
};

/** The names of the types. */
export const typeNames = Object.keys(types) as readonly TypeName[];

/**
 * Creates a function that says whether a value is of one of several types.
 *
 * @param names The types.
 *
 * @returns A function from a value to the same value, or `refused`.
 */
export function typeTest(names: readonly TypeName[]): (value: unknown) => unknown {
  const tests = names.map((name) => types[name].is);
  const [only] = tests;
  if (only && tests.length === 1) return (value) => (only(value) ? value : refused);
  return (value) => (tests.some((is) => is(value)) ? value : refused);
}

/**
 * Creates a function that reads an argument as one of several types. Text can be read in several ways: the first type
 * that fits is taken. Anything else stays what it is if it can.
 *
 * @param names The types.
 * @param wraps Whether one value is a list with one value, where a list is expected and nothing else.
 *
 * @returns A function from text or a JSON value to a value of one of the types, or `refused`.
 */
export function typeReader(names: readonly TypeName[], wraps: boolean): (raw: unknown) => unknown {
  const read = readerOf(names);
  if (!wraps || !names.includes("array")) return read;
  return (raw) => {
    const value = read(raw);
    return value === refused && raw !== null ? [raw] : value;
  };
}

function readerOf(names: readonly TypeName[]): (raw: unknown) => unknown {
  const candidates = names.map((name) => types[name]);
  const [only] = candidates;
  if (only && candidates.length === 1) return only.read;
  return (raw) => {
    if (typeof raw !== "string" && candidates.some(({ is }) => is(raw))) return raw;
    for (const { read } of candidates) {
      const value = read(raw);
      if (value !== refused) return value;
    }
    return refused;
  };
}

/**
 * Creates the words for several types.
 *
 * @param names The types.
 * @param reads Whether an argument is read, which may be text.
 *
 * @returns The words for each.
 */
export function typeWords(names: readonly TypeName[], reads: boolean): readonly string[] {
  return names.map((name) => (reads && types[name].readWords) || types[name].words);
}

/**
 * Creates the name of a value's type.
 *
 * @param value A JSON value.
 *
 * @returns The type; `number` for every number.
 */
export function typeOf(value: unknown): TypeName | undefined {
  return typeNames.find((name) => name !== "integer" && types[name].is(value));
}

/**
 * Tells whether a value is an object of JSON.
 *
 * @param value Any value.
 *
 * @returns Whether it is; a list is none, nor is a file.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Blob);
}

function isText(raw: unknown, beginning: string): raw is string {
  return typeof raw === "string" && raw.trimStart().startsWith(beginning);
}

function numberIn(text: string, form: RegExp): number | undefined {
  const trimmed = text.trim();
  return form.test(trimmed) ? Number(trimmed) : undefined;
}
