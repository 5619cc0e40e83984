import { expected, type OptionReader } from "../../access/options.ts";

/** More columns than this are a mistake, or an attack: each takes some kilobytes. `max_columns` takes more. */
export const maxColumns = 50_000;

/** Takes a whole number from 0. */
export const count: OptionReader<number> = (value) => {
  if (isCount(value)) return value;
  throw expected("a whole number from 0");
};

/** Takes true or false. */
export const flag: OptionReader<boolean> = (value) => {
  if (typeof value === "boolean") return value;
  throw expected("true or false");
};

/** Takes one character that may stand between others, or nothing. */
export const character: OptionReader<string | undefined> = (value) => {
  if (value === null) return undefined;
  if (typeof value === "string" && [...value].length === 1 && !/[\r\n\uFEFF]/.test(value)) return value;
  throw expected("one character");
};

/** Takes the sign before decimals. */
export const decimalSign: OptionReader<string> = (value) => {
  if (value === "." || value === ",") return value;
  throw expected('"." or ","');
};

/** Takes names of columns, of which none may be there twice. */
export const names: OptionReader<readonly string[]> = (value) => {
  if (!Array.isArray(value) || value.length === 0) throw expected("a list of names");
  const texts = value.map((name) => (typeof name === "number" ? String(name) : name));
  if (texts.some((name) => typeof name !== "string")) throw expected("a list of names");
  if (new Set(texts).size < texts.length) throw expected("a list of different names");
  return texts;
};

/** Takes names or positions of columns. */
export const positions: OptionReader<readonly (string | number)[]> = (value) => {
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string" || isCount(item))) {
    return value;
  }
  throw expected("a list of names, or of positions from 0");
};

/** Takes a text or a number, or a list of them. */
export const tokens: OptionReader<ReadonlySet<string>> = (value) => {
  const list = Array.isArray(value) ? value : [value];
  if (list.some((item) => typeof item !== "string" && typeof item !== "number")) {
    throw expected("a text, a list of texts, or a section of these by column");
  }
  return new Set(list.flatMap(spellings));
};

/** As in pandas, a whole number is meant in all ways to write it. */
function spellings(token: string | number): string[] {
  const text = String(token);
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isSafeInteger(number) ? [text, String(number), `${number}.0`] : [text];
}

/** Takes one of some values. */
export function oneOf<const T>(...values: readonly T[]): OptionReader<T> {
  return (value) => {
    const found = values.find((one) => one === value);
    if (found === undefined) throw expected(`one of ${values.map((one) => JSON.stringify(one)).join(", ")}`);
    return found;
  };
}

/**
 * Tells whether a value is a whole number from 0.
 *
 * @param value Any value.
 *
 * @returns Whether it is.
 */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
