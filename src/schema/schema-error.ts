import type { JsonSchema } from "./json-schema.ts";
import { isPattern, patternOf } from "./pattern.ts";
import { isRecord } from "./types.ts";

/** A schema that is no boolean. */
export type Keywords = Readonly<Record<string, unknown>>;

/** What is wrong with a schema itself. */
export class SchemaError extends Error {
  /** Which part of the schema: `properties.width.minimum`. */
  readonly where: string;

  constructor(where: string, expected: string) {
    super(`${where}: expected ${expected}`);
    this.name = "SchemaError";
    this.where = where;
  }
}

// Each of these checks the value of a keyword, and throws a SchemaError that says where.

/** A schema. */
export function schemaFor(given: unknown, where: string): JsonSchema {
  if (typeof given === "boolean" || isRecord(given)) return given;
  throw new SchemaError(where, "a schema, which is an object, true or false");
}

/** A list of schemas. */
export function schemasFor(given: unknown, where: string): readonly JsonSchema[] {
  if (!Array.isArray(given) || given.length === 0) throw new SchemaError(where, "a list of one schema or more");
  return given.map((one, index) => schemaFor(one, `${where}[${index}]`));
}

/** A mapping; none is an empty one. */
export function entriesFor<T>(
  given: unknown,
  where: string,
  read: (value: unknown, where: string) => T,
): readonly (readonly [string, T])[] {
  if (given === undefined) return [];
  if (!isRecord(given)) throw new SchemaError(where, "an object");
  return Object.entries(given).map(([key, value]) => [key, read(value, `${where}.${key}`)] as const);
}

/** A list of names; none is an empty one. */
export function namesFor(given: unknown, where: string): readonly string[] {
  if (given === undefined) return [];
  if (Array.isArray(given) && given.every((name) => typeof name === "string")) return given;
  throw new SchemaError(where, "a list of names");
}

/** A number. */
export function numberFor(given: unknown, where: string): number {
  if (typeof given === "number" && Number.isFinite(given)) return given;
  throw new SchemaError(where, "a number");
}

/** A count. */
export function countFor(given: unknown, where: string): number {
  if (Number.isSafeInteger(given) && (given as number) >= 0) return given as number;
  throw new SchemaError(where, "a whole number, 0 or more");
}

/** A regular expression. */
export function expressionFor(given: unknown, where: string): RegExp {
  if (typeof given === "string" && isPattern(given)) return patternOf(given);
  throw new SchemaError(where, "a regular expression of ECMAScript");
}
