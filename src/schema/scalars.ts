import { canonicalJson } from "../util/canonical-json.ts";
import { isOneOf } from "../util/is-one-of.ts";
import { truncateText } from "../util/truncate.ts";
import type { Assertion } from "./check.ts";
import { formatAssertion } from "./formats.ts";
import { lengthOf } from "./pattern.ts";
import { countFor, expressionFor, type Keywords, numberFor, SchemaError } from "./schema-error.ts";
import { isRecord } from "./types.ts";

/** Assertion of a keyword; undefined if it asserts nothing. */
type Keyword = (given: unknown, where: string, schema: Keywords) => Assertion | undefined;

const ofNumbers =
  (words: string, compare: (value: number, bound: number) => boolean): Keyword =>
  (given, where) => {
    const bound = numberFor(given, where);
    return { expected: `${words} ${bound}`, holds: (value) => typeof value !== "number" || compare(value, bound) };
  };

const ofLength = (
  words: string,
  kind: (value: unknown) => number | undefined,
  compare: (length: number, bound: number) => boolean,
): Keyword => {
  return (given, where) => {
    const bound = countFor(given, where);
    return {
      expected: words.replace("#", String(bound)),
      holds: (value) => {
        const length = kind(value);
        return length === undefined || compare(length, bound);
      },
    };
  };
};

const characters = (value: unknown) => (typeof value === "string" ? lengthOf(value) : undefined);
const items = (value: unknown) => (Array.isArray(value) ? value.length : undefined);
const properties = (value: unknown) => (isRecord(value) ? Object.keys(value).length : undefined);
const atLeast = (length: number, bound: number) => length >= bound;
const atMost = (length: number, bound: number) => length <= bound;

/** The one table of keywords that say whether a value fits and nothing else, in the order in which faults are told. */
export const assertions: Readonly<Record<string, Keyword>> = {
  enum(given, where) {
    if (!Array.isArray(given) || given.length === 0) throw new SchemaError(where, "a list of one value or more");
    return { expected: `one of ${listed(given.map(shown))}`, holds: isOneOf(given) };
  },
  const: (given) => ({ expected: shown(given), holds: isOneOf([given]) }),
  minimum: ofNumbers("at least", (value, bound) => value >= bound),
  maximum: ofNumbers("at most", (value, bound) => value <= bound),
  exclusiveMinimum: ofNumbers("more than", (value, bound) => value > bound),
  exclusiveMaximum: ofNumbers("less than", (value, bound) => value < bound),
  multipleOf(given, where) {
    const divisor = numberFor(given, where);
    if (divisor <= 0) throw new SchemaError(where, "a number above 0");
    return {
      expected: `a multiple of ${divisor}`,
      holds: (value) => typeof value !== "number" || isMultiple(value, divisor),
    };
  },
  minLength: ofLength("# characters or more", characters, atLeast),
  maxLength: ofLength("# characters or fewer", characters, atMost),
  pattern(given, where, { maxLength }) {
    const expression = expressionFor(given, where);
    return {
      expected: `text that matches ${given}`,
      holds: (value) =>
        typeof value !== "string" ||
        // A text that is too long already has its fault, and a costly pattern need not see it.
        (typeof maxLength === "number" && lengthOf(value) > maxLength) ||
        matches(expression, value),
    };
  },
  format(given, where) {
    if (typeof given !== "string") throw new SchemaError(where, "the name of a format");
    return formatAssertion(given);
  },
  minItems: ofLength("# values or more", items, atLeast),
  maxItems: ofLength("# values or fewer", items, atMost),
  uniqueItems: (given) =>
    given === true
      ? {
          expected: "no value twice",
          holds: (value) => !Array.isArray(value) || new Set(value.map(canonicalJson)).size === value.length,
        }
      : undefined,
  minProperties: ofLength("# properties or more", properties, atLeast),
  maxProperties: ofLength("# properties or fewer", properties, atMost),
};

/**
 * Example of what a caller could write.
 *
 * @param value A JSON value.
 *
 * @returns JSON; text without quotation marks, as it stands in a query.
 */
export function shown(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** More than a caller reads; an answer has as many of them as there are faults. */
const maxListed = 20;

/**
 * Creates the text of a list that may be long.
 *
 * @param texts What is in the list.
 *
 * @returns The first of them, and how many more there are.
 */
export function listed(texts: readonly string[]): string {
  const more = texts.length - maxListed;
  const first = texts.slice(0, maxListed).map((text) => truncateText(text));
  return more > 0 ? `${first.join(", ")} and ${more} more` : first.join(", ");
}

/** A text too long for the stack of an engine does not match. */
function matches(expression: RegExp, text: string): boolean {
  try {
    return expression.test(text);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** 0.3 is a multiple of 0.1, though 0.3 / 0.1 is 2.9999999999999996. */
function isMultiple(value: number, divisor: number): boolean {
  const quotient = value / divisor;
  if (Number.isInteger(divisor)) return value % divisor === 0;
  return Math.abs(quotient - Math.round(quotient)) <= 2 * Number.EPSILON * Math.abs(quotient);
}
