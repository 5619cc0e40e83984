import type { JsonSchema } from "../definition.ts";
import type { Check } from "./check.ts";
import type { Keywords } from "./given.ts";

/**
 * How values are read. `json`: as they are. `text`: text is what it says, "1" is a number where a number is expected.
 * `argument`: so are the arguments of a request and the items of lists, whose objects are JSON.
 */
export type Reading = "json" | "argument" | "text";

/** What compiles the schemas inside a schema. */
export interface Scope {
  readonly reading: Reading;
  /** Which part of the whole schema a keyword is, for messages. */
  where(keyword: string): string;
  /** Compiles a schema for the same value. */
  same(schema: JsonSchema, keyword: string): Check;
  /** Compiles a schema for an item of a list. */
  item(schema: JsonSchema, keyword: string): Check;
  /** Compiles a schema for a property of an object. */
  property(schema: JsonSchema, keyword: string): Check;
  /** What a value is expected to be, in words; one for each alternative. */
  words(schema: JsonSchema): readonly string[];
  /** Whether a schema is certain to refuse a value because of its type. */
  refusesType(schema: JsonSchema, value: unknown): boolean;
}

/** Creates the check of some keywords that belong together; undefined if the schema has none of them. */
export type Step = (schema: Keywords, scope: Scope) => Check | undefined;
