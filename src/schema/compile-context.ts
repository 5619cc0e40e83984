import type { Check } from "./check.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { Keywords } from "./schema-error.ts";

/**
 * How values are read. `json`: as they are. `text`: text is what it says, "1" is a number where a number is expected, and
 * a list where one is expected. `argument`: so are the arguments of a request, but what is inside an object is JSON. An
 * item of a list is none itself: without an end to that, a schema that contains itself could be followed for ever.
 */
export type Reading = "json" | "argument" | "argument item" | "text" | "text item";

/** How the items of a list are read. */
export const itemReading: Readonly<Record<Reading, Reading>> = {
  json: "json",
  argument: "argument item",
  "argument item": "argument item",
  text: "text item",
  "text item": "text item",
};

/** How the properties of an object are read. */
export const propertyReading: Readonly<Record<Reading, Reading>> = {
  json: "json",
  argument: "json",
  "argument item": "json",
  text: "text",
  "text item": "text",
};

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
  /** Finds what a schema says, wherever it says it: at the end of its references. */
  resolved(schema: JsonSchema): JsonSchema;
  /** Whether a schema is certain to refuse a value because of its type. */
  refusesType(schema: JsonSchema, value: unknown): boolean;
}

/** Creates the check of some keywords that belong together; undefined if the schema has none of them. */
export type Step = (schema: Keywords, scope: Scope) => Check | undefined;
