import type { JsonSchema } from "../schema/json-schema.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import type { Parameter, Resource } from "./definition.ts";

/** What a schema says to people, and what a parameter calls it. */
const annotations = {
  title: "displayName",
  description: "description",
  deprecated: "deprecated",
} as const;

/** The schemas that `$ref: "#/components/schemas/NAME"` means. */
export type Schemas = Readonly<Record<string, JsonSchema>>;

const prefix = "#/components/schemas/";

/**
 * Finds what a schema says, wherever it says it.
 *
 * @param schema A schema that may be a reference and nothing else.
 * @param schemas What references mean.
 *
 * @returns The schema at the end of the references.
 */
export function dereferenced(schema: JsonSchema, schemas: Schemas): JsonSchema {
  let found = schema;
  for (let hops = 0; hops < 20 && typeof found === "object" && typeof found.$ref === "string"; hops++) {
    const name = found.$ref.startsWith(prefix) ? found.$ref.slice(prefix.length) : "";
    const next = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (next === undefined || Object.keys(found).some((key) => key !== "$ref" && key !== "description")) return found;
    found = next;
  }
  return found;
}

/**
 * Creates a parameter from a schema. What the schema says to people becomes what the parameter says.
 *
 * @param name The name of the argument.
 * @param place Where it is described.
 * @param required Whether it must be given.
 * @param schema What its value must be.
 * @param schemas What references mean.
 *
 * @returns The parameter.
 */
export function parameterOf(
  name: string,
  place: Parameter["in"],
  required: boolean,
  schema: JsonSchema,
  schemas: Schemas,
): Parameter {
  if (typeof schema === "boolean") return { name, in: place, required, schema };
  const rest: Record<string, unknown> = { ...schema };
  const said: Record<string, unknown> = {};
  for (const [keyword, key] of Object.entries(annotations)) {
    if (rest[keyword] !== undefined) said[key] = rest[keyword];
    delete rest[keyword];
  }
  if (Array.isArray(rest.examples) && rest.examples.length > 0) said.example = rest.examples[0];
  delete rest.examples;
  const file = place === "body" ? fileOf(rest, schemas) : undefined;
  return { name, in: place, required, ...(file ?? { schema: rest }), ...said };
}

/** What is known of a file, or of each file of a list. */
function fileOf(schema: Record<string, unknown>, schemas: Schemas): Pick<Parameter, "schema" | "file"> | undefined {
  const found = dereferenced(schema, schemas);
  if (typeof found !== "object") return undefined;
  if (found.type === "array" && typeof found.items === "object" && found.items !== null) {
    const each = fileOf(found.items as Record<string, unknown>, schemas);
    return each && { ...each, schema: { ...found, items: each.schema } };
  }
  if (found.type !== "string" || found.format !== "binary") return undefined;
  const { maxLength, contentMediaType, ...schemaOfFile } = found;
  return {
    schema: schemaOfFile,
    file: {
      ...(contentMediaType !== undefined && { mediaTypes: [contentMediaType].flat().map(String) }),
      ...(typeof maxLength === "number" && { maxBytes: maxLength }),
    },
  };
}

/**
 * Creates a text that is the same for two parameters that take the same.
 *
 * @param parameter A parameter.
 *
 * @returns What it takes, without where it stands and what it says to people.
 */
export function meaningOf({ name, required, schema, style, explode }: Parameter): string {
  return canonicalJson({ name, required, schema, style, explode });
}

/**
 * Tells whether a parameter must be given.
 *
 * @param parameter The parameter.
 *
 * @returns Whether it is required, and nothing is taken where it is absent.
 */
export function isRequired({ required, schema }: Parameter): boolean {
  return required && (typeof schema !== "object" || schema.default === undefined);
}

/**
 * Creates a text that is the same for two operations that ask for the same and answer alike. Whether something is in the
 * query or in the body is the same to a request.
 *
 * @param resource A resource with one method.
 *
 * @returns What it asks for and answers, without what it says to people.
 */
export function asksOf({ parameters, additional, body, result, status, deprecated }: Resource): string {
  const place = ({ in: where }: Parameter) => (where === "body" ? "query" : where);
  const takes = parameters.map((one) => `${place(one)} ${meaningOf(one)} ${JSON.stringify(one.file)}`).sort();
  return canonicalJson([takes, additional, body?.schema, result?.schema, status, deprecated]);
}
