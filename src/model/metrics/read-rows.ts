import { LaunchpadError } from "../../errors.ts";
import type { Label } from "./counts.ts";

/** One value for each row: an array, a typed array, or a column of a frame. */
export type Values = ArrayLike<unknown>;

/** Scores of rows: of the positive class; by row, in the order of `classes` or by class; or by class, one for each row. */
export type Scores =
  | ArrayLike<number>
  | ArrayLike<ArrayLike<number>>
  | ArrayLike<Readonly<Record<string, number>>>
  | Readonly<Record<string, ArrayLike<number>>>;

/**
 * Error of an evaluation.
 *
 * @param what What was expected and found, and what to do.
 *
 * @returns DATA_INVALID.
 */
export function wrong(what: string): LaunchpadError {
  return new LaunchpadError("DATA_INVALID", `[evaluation] ${what}`);
}

/** Text of a value in a message. */
export const shown = (value: unknown): string =>
  typeof value === "bigint" ? `${value}` : (JSON.stringify(value) ?? String(value));

/**
 * Labels of rows.
 *
 * @param values One for each row.
 * @param what What they are called in messages.
 *
 * @returns The labels.
 *
 * @throws DATA_INVALID for a value that is missing, or no text, number or boolean.
 */
export function labelsOf(values: Values, what: string): Label[] {
  return Array.from(values, (value, row) => {
    const plain = typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
    if (typeof plain === "string" || typeof plain === "boolean" || Number.isFinite(plain)) return plain as Label;
    throw wrong(
      `${what}: row ${row + 1}: expected text, a number or a boolean, found ${shown(value)}. Leave such rows out.`,
    );
  });
}

/**
 * Numbers of rows.
 *
 * @param values One for each row.
 * @param what What they are called in messages.
 *
 * @returns The numbers.
 *
 * @throws DATA_INVALID for a value that is no finite number.
 */
export function numbersOf(values: Values, what: string): Float64Array {
  return Float64Array.from(values as ArrayLike<number>, (value: unknown, row) => {
    const plain = typeof value === "bigint" ? Number(value) : value;
    if (typeof plain === "number" && Number.isFinite(plain)) return plain;
    throw wrong(`${what}: row ${row + 1}: expected a number, found ${shown(value)}. Leave such rows out.`);
  });
}

/** Kinds of labels must be one: 1 and "1" would be two classes. */
export function kindOf(labels: readonly Label[], what: string): string {
  const kinds = [...new Set(labels.map((label) => typeof label))];
  if (kinds.length <= 1) return kinds[0] ?? "none";
  throw wrong(
    `${what}: expected labels of one kind, found ${kinds.sort().join(" and ")}. Make them all text, or all numbers.`,
  );
}

/**
 * Scores of rows by class.
 *
 * @param scores As they were given.
 * @param rows How many rows there are.
 * @param classes The classes, and whether they were named in this order.
 *
 * @returns `classes` numbers for each row; of two classes with one score each, those of the positive class alone.
 *
 * @throws DATA_INVALID for scores of another shape.
 */
export function scoresOf(
  scores: Scores,
  rows: number,
  classes: { readonly names: readonly Label[]; readonly told: boolean },
): { readonly values: Float64Array; readonly width: number } {
  const { names } = classes;
  if (!isList(scores))
    return { values: byClass(scores as Record<string, ArrayLike<number>>, rows, names), width: names.length };
  if (scores.length !== rows) throw wrong(`scores: expected ${rows}, one for each label, found ${scores.length}.`);
  const first: unknown = scores[0];
  if (typeof first === "number" || typeof first === "bigint") {
    if (names.length !== 2) {
      throw wrong(
        `scores: expected one for each of ${names.length} classes, found one number a row. Give lists in the order of classes, or objects by class.`,
      );
    }
    return { values: numbersOf(scores as ArrayLike<number>, "scores"), width: 1 };
  }
  const values = new Float64Array(rows * names.length);
  for (let row = 0; row < rows; row++) {
    const given: unknown = scores[row];
    const own = `scores: row ${row + 1}`;
    if (typeof given !== "object" || given === null)
      throw wrong(`${own}: expected a list or an object by class, found ${shown(given)}.`);
    if (isList(given)) {
      if (!classes.told) {
        throw wrong(
          `${own}: expected an object by class, because lists have an order that nobody has told. Name it by classes: [...].`,
        );
      }
      if (given.length !== names.length) {
        throw wrong(`${own}: expected ${names.length} numbers, one for each class, found ${given.length}.`);
      }
    }
    for (let at = 0; at < names.length; at++) {
      const key = isList(given) ? at : String(names[at]);
      const score = (given as Record<string | number, unknown>)[key];
      if (typeof score !== "number" || !Number.isFinite(score)) {
        throw wrong(`${own}: expected a number for class ${shown(names[at])}, found ${shown(score)}.`);
      }
      values[row * names.length + at] = score;
    }
  }
  return { values, width: names.length };
}

function byClass(
  scores: Readonly<Record<string, ArrayLike<number>>>,
  rows: number,
  names: readonly Label[],
): Float64Array {
  const values = new Float64Array(rows * names.length);
  names.forEach((name, at) => {
    const column = Object.hasOwn(scores, String(name)) ? scores[String(name)] : undefined;
    if (column === undefined) {
      throw wrong(
        `scores: expected a column for class ${shown(name)}, found ${Object.keys(scores).slice(0, 20).join(", ")}.`,
      );
    }
    if (column.length !== rows)
      throw wrong(`scores: class ${shown(name)}: expected ${rows} numbers, found ${column.length}.`);
    numbersOf(column, `scores: class ${shown(name)}`).forEach((score, row) => {
      values[row * names.length + at] = score;
    });
  });
  return values;
}

function isList(value: object): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}
