import type { Direction } from "../../schema/compat/breaks.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import type { Parameter } from "../definition.ts";
import { isRequired } from "../parameter-from-schema.ts";
import { styleOf } from "../parameter-style.ts";
import { describesFile, isOfMediaType } from "../validation/file.ts";

/** Compares two schemas of two definitions. */
export type Compare = (direction: Direction, at: string, old: JsonSchema, now: JsonSchema) => readonly string[];

/**
 * Finds what a client could give as a parameter and cannot any more.
 *
 * @param before The parameter as it was.
 * @param after The parameter as it is.
 * @param compare Compares schemas.
 *
 * @returns One line for each break.
 */
export function parameterBreaks(before: Parameter, after: Parameter, compare: Compare): readonly string[] {
  const at = `the parameter ${before.name}`;
  const problems: string[] = [];
  if (!before.required && isRequired(after)) problems.push(`${at} is required now`);
  const [file, nowFile] = [takesFiles(before), takesFiles(after)];
  if (file !== nowFile) return [...problems, nowFile ? `${at} is a file now` : `${at} is no file any more`];
  if (file) problems.push(...fileBreaks(before, after).map((problem) => `${at} ${problem}`));
  const [style, nowStyle] = [styleOf(before), styleOf(after)];
  if (isStyled(before) && (style.style !== nowStyle.style || style.explode !== nowStyle.explode)) {
    problems.push(`${at} is given in another style, ${nowStyle.style}`);
  }
  return [...problems, ...compare("request", at, before.schema, valueOrItem(before.schema, after.schema))];
}

/** One value is a list with one value where a list is taken. */
function valueOrItem(before: JsonSchema, after: JsonSchema): JsonSchema {
  if (typeof after !== "object" || after.type !== "array" || isList(before)) return after;
  return Number(after.minItems ?? 0) > 1 ? after : ((after.items ?? true) as JsonSchema);
}

function isList(schema: JsonSchema): boolean {
  return typeof schema === "object" && [schema.type].flat().includes("array");
}

/** A single value looks the same in most styles. */
function isStyled({ schema }: Parameter): boolean {
  return typeof schema === "object" && [schema.type].flat().some((type) => type === "array" || type === "object");
}

function takesFiles({ schema, file }: Parameter): boolean {
  return file !== undefined || describesFile(schema) || (typeof schema === "object" && describesFile(schema.items));
}

function fileBreaks({ file: before = {} }: Parameter, { file: after = {} }: Parameter): readonly string[] {
  const problems: string[] = [];
  const { maxBytes: most } = after;
  if (most !== undefined && !(before.maxBytes !== undefined && before.maxBytes <= most)) {
    problems.push(`takes only ${most} bytes now`);
  }
  const types = after.mediaTypes ?? [];
  const takes = (type: string) =>
    types.some((one) => one === type || one === "*/*" || isOfMediaType(type, one.toLowerCase()));
  if (types.length > 0 && !(before.mediaTypes ?? ["*/*"]).every(takes))
    problems.push(`takes only ${types.join(", ")} now`);
  return problems;
}
