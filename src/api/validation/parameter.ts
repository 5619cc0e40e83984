import { type At, type Check, refused } from "../../schema/check.ts";
import { all } from "../../schema/combine.ts";
import { compileSchema } from "../../schema/compile.ts";
import { possibleTypes } from "../../schema/describe-type.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import { itemsCheck } from "../../schema/lists.ts";
import { SchemaError } from "../../schema/schema-error.ts";
import type { TypeName } from "../../schema/types.ts";
import type { Parameter } from "../definition.ts";
import { isHeaderName } from "../header-name.ts";
import { type Cutting, cuttingOf, styleOf } from "../parameter-style.ts";
import { describesFile, fileCheck } from "./file.ts";

/** A parameter, with what can be prepared of its validation. */
export interface Argument {
  readonly parameter: Parameter;
  readonly at: At;
  /** Checks a value that is JSON, or text. */
  readonly check: Check;
  /** Checks an object that was put together from text. */
  readonly checkText: Check;
  /** Whether a value is taken as it is: one text, or JSON. */
  readonly plain: boolean;
  /** Whether it is a list, or may be one. */
  readonly several: "always" | "sometimes" | "never";
  /** Whether an item is itself a list or an object, which text gives as JSON. */
  readonly nested: boolean;
  /** Whether it may be an object, whose properties text may give one by one. */
  readonly object: boolean;
  /** Whether null is a value; else it is the same as nothing. */
  readonly nullable: boolean;
  /** What is taken where it is absent. */
  readonly fallback: unknown;
  /** What is said where it is absent, and must not be. */
  readonly missing: string;
  readonly cutting: Cutting | undefined;
  readonly explode: boolean;
}

/**
 * Prepares the validation of a parameter.
 *
 * @param parameter The parameter.
 * @param schemas The schemas of the definition, by name.
 *
 * @returns What checks its values.
 *
 * @throws SchemaError when its schema is none.
 */
export function compileArgument(parameter: Parameter, schemas: Readonly<Record<string, JsonSchema>>): Argument {
  const { schema } = parameter;
  if (parameter.in === "header" && !isHeaderName(parameter.name)) {
    throw new SchemaError(`the header ${JSON.stringify(parameter.name)}`, "the name of a header, without spaces");
  }
  const typesOf = (one: JsonSchema) => possibleTypes({ schema: one, root: schema, where: "" }, schemas);
  const types = typesOf(schema) ?? [];
  const isList = types.includes("array");
  const several = !isList
    ? "never"
    : types.every((type) => type === "array" || type === "null")
      ? "always"
      : "sometimes";
  const items = itemsOf(schema);
  const check = fileCheckOf(parameter) ?? compileSchema(schema, { schemas, reading: "argument" });
  const object = types.includes("object");
  const cutting = cuttingOf(parameter);
  const quiet = { quiet: 1, full: true, report() {} };
  return {
    parameter,
    at: { key: parameter.name },
    check,
    checkText: object ? compileSchema(schema, { schemas, reading: "text" }) : check,
    plain: several === "never" && !object && cutting === undefined,
    several,
    nested: isList && (typesOf(items) ?? []).some((type) => type === "array" || type === "object"),
    object,
    nullable: check(null, { key: "" }, quiet) !== refused,
    fallback: typeof schema === "object" ? schema.default : undefined,
    missing: `required: expected ${missingWords(parameter, isList ? typesOf(items) : types, isList)}`,
    cutting,
    explode: styleOf(parameter).explode,
  };
}

function fileCheckOf({ schema, file }: Parameter): Check | undefined {
  if (describesFile(schema)) return fileCheck(file);
  if (typeof schema === "boolean" || !describesFile(schema.items)) return undefined;
  const { items: _, ...list } = schema;
  return all([compileSchema(list), itemsCheck([], fileCheck(file))]);
}

function missingWords({ schema }: Parameter, types: readonly TypeName[] = [], isList: boolean): string {
  if (describesFile(isList ? itemsOf(schema) : schema)) return isList ? "files" : "a file";
  const names = types.filter((type) => type !== "null").join(" or ");
  return `${isList ? "values" : "a value"}${names && ` of type ${names}`}`;
}

function itemsOf(schema: JsonSchema): JsonSchema {
  return typeof schema === "object" && schema.items !== undefined ? (schema.items as JsonSchema) : true;
}
