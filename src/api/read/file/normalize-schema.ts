import type { JsonSchema } from "../../../schema/json-schema.ts";
import { checkContradictions } from "./contradictions.ts";
import type { SchemaContext } from "./schema-context.ts";
import { entryOf, type Value } from "./value.ts";

type Schema = Record<string, unknown>;

/**
 * Settles what depends on several keywords of a schema.
 *
 * @param schema The keywords that were read; it is changed.
 * @param written The schema as it is written.
 * @param where What it describes, for messages.
 * @param context The dialect, and what gets the problems.
 *
 * @returns The schema, as JSON Schema 2020-12 has it.
 */
export function normalizeSchema(schema: Schema, written: Value, where: string, context: SchemaContext): JsonSchema {
  settleExclusive(schema, "exclusiveMinimum", "minimum");
  settleExclusive(schema, "exclusiveMaximum", "maximum");
  if (context.dialect === "draft-04") collectRequired(schema, written);
  if ("nullable" in schema) settleNullable(schema, written, where, context);
  if ("example" in schema) {
    schema.examples ??= [schema.example];
    delete schema.example;
  }
  // It says something where there are alternatives that it tells apart.
  if (schema.anyOf === undefined && schema.oneOf === undefined) delete schema.discriminator;
  // What was wrong was told, and is left out.
  for (const key of Object.keys(schema)) if (schema[key] === undefined) delete schema[key];
  if (Array.isArray(schema.required) && schema.required.length === 0) delete schema.required;
  checkContradictions(schema, written, where, context.problems);
  return schema;
}

/** Up to draft 4, `exclusiveMinimum: true` says how `minimum` is meant. */
function settleExclusive(schema: Schema, exclusive: string, inclusive: string): void {
  if (typeof schema[exclusive] !== "boolean") return;
  if (schema[exclusive] && schema[inclusive] !== undefined) {
    schema[exclusive] = schema[inclusive];
    delete schema[inclusive];
  } else delete schema[exclusive];
}

/** In draft 3, `required: true` stands at each property. */
function collectRequired(schema: Schema, written: Value): void {
  const properties = entryOf(written, "properties")?.value;
  const names = (properties?.kind === "map" ? properties.entries : []).flatMap(({ key, value }) => {
    const required = entryOf(value, "required")?.value;
    return required?.kind === "scalar" && required.value === true ? [key] : [];
  });
  const listed = Array.isArray(schema.required) ? schema.required : [];
  if (names.length > 0) schema.required = [...new Set([...listed, ...names])];
}

/** In OpenAPI 3.0, `nullable: true` adds null to the type. */
function settleNullable(schema: Schema, written: Value, where: string, { problems }: SchemaContext): void {
  const { nullable, type } = schema;
  delete schema.nullable;
  if (nullable !== true) return;
  if (typeof type === "string") schema.type = [type, "null"];
  else {
    const at = entryOf(written, "nullable")?.at ?? written.at;
    problems.warn(at, `${where} nullable`, `${where}: nullable is ignored: it has a meaning only beside type`);
  }
}
