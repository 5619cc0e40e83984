import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { Parameter, Resource } from "../../definition.ts";
import { isRequired } from "../../parameter-from-schema.ts";
import { type Part, schemaOf } from "./parameters.ts";
import type { Schemas } from "./schemas.ts";

/**
 * Creates the request body of a POST: the same arguments as JSON, as a form, or in several parts where there are files.
 *
 * @param resource The resource.
 * @param fields The parameters that the body holds.
 * @param name What the schema of the arguments is called.
 * @param schemas Gets that schema.
 * @param ignoresOthers Whether fields that are not described are ignored, and not refused.
 *
 * @returns The request body; undefined if there is nothing to send.
 */
export function bodyOf(
  resource: Resource,
  fields: readonly Parameter[],
  name: string,
  schemas: Schemas,
  ignoresOthers: boolean,
): Part | undefined {
  const { body, additional } = resource;
  if (body) {
    const { required, schema, description, example, media = ["application/json"], file } = body;
    const type = { schema: schemas.place(limited(schema, file), name), ...(example !== undefined && { example }) };
    return {
      ...(description !== undefined && { description }),
      required,
      content: Object.fromEntries(media.map((one) => [one, type])),
    };
  }
  if (fields.length === 0 && !additional) return undefined;
  const texts = fields.filter(({ file }) => file === undefined);
  const files = fields.filter(({ file }) => file !== undefined);
  const isOpen = additional || ignoresOthers;
  const content: Part = {};
  // A file that must be sent fits into nothing but a part.
  if (!files.some(isRequired)) {
    const plain = mediaOf(texts, isOpen, name, schemas);
    content["application/json"] = plain;
    content["application/x-www-form-urlencoded"] = { ...plain, ...encodingOf(texts, schemas) };
  }
  if (files.length > 0) {
    content["multipart/form-data"] = {
      ...mediaOf(fields, isOpen, `${name}WithFiles`, schemas),
      ...encodingOf(fields, schemas),
    };
  }
  return { required: fields.some(isRequired), content };
}

/** What a file may be is said in its schema. */
function limited(schema: JsonSchema, { maxBytes, mediaTypes }: NonNullable<Parameter["file"]> = {}): JsonSchema {
  if (typeof schema !== "object" || (maxBytes === undefined && mediaTypes === undefined)) return schema;
  const [contentMediaType] = mediaTypes ?? [];
  return {
    ...schema,
    ...(maxBytes !== undefined && { maxLength: maxBytes }),
    ...(contentMediaType !== undefined && { contentMediaType }),
  };
}

function mediaOf(fields: readonly Parameter[], isOpen: boolean, name: string, schemas: Schemas): Part {
  const required = fields.filter(isRequired).map((field) => field.name);
  const schema = schemas.add(name, {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, propertyOf(field, schemas)])),
    ...(required.length > 0 && { required }),
    ...(!isOpen && { additionalProperties: false }),
  });
  const example = exampleOf(fields);
  return { schema, ...(example && { example }) };
}

/** Schema of a parameter as a property, which has no place of its own for what is said of it: it is said in its schema. */
export function propertyOf(field: Parameter, schemas: Schemas): Part | boolean {
  const schema = schemaOf(field, schemas);
  const { description, deprecated, example } = field;
  const said = {
    ...(description !== undefined && { description }),
    ...(deprecated && { deprecated }),
    ...(example !== undefined && { examples: [example] }),
  };
  if (typeof schema === "boolean") return Object.keys(said).length > 0 && schema ? said : schema;
  return { ...schema, ...said };
}

/** The example of the whole body, if there are examples of all that it must have. */
function exampleOf(fields: readonly Parameter[]): Part | undefined {
  const given = fields.filter(({ example, file }) => example !== undefined && file === undefined);
  const isWhole = fields.every((field) => !isRequired(field) || given.includes(field));
  return isWhole && given.length > 0
    ? Object.fromEntries(given.map(({ name, example }) => [name, example]))
    : undefined;
}

function encodingOf(fields: readonly Parameter[], schemas: Schemas): Part {
  const entries = fields.flatMap(({ name, schema, file, style, explode }): [string, Part][] => {
    if (file?.mediaTypes?.length) return [[name, { contentType: file.mediaTypes.join(", ") }]];
    if (file) return [];
    if (style === "form" || style === "spaceDelimited" || style === "pipeDelimited" || style === "deepObject") {
      return [[name, { style, ...(explode !== undefined && { explode }) }]];
    }
    if (schemas.isOnly("object", schema)) return [[name, { contentType: "application/json" }]];
    return schemas.isOnly("array", schema) ? [[name, { style: "form", explode: explode ?? true }]] : [];
  });
  return entries.length > 0 ? { encoding: Object.fromEntries(entries) } : {};
}
