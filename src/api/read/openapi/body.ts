import type { JsonSchema } from "../../../schema/json-schema.ts";
import { dereferenced } from "../../parameter-from-schema.ts";
import { checkExample, checkParameter } from "../file/check-example.ts";
import { type Fields, flag } from "../file/fields.ts";
import {
  type Body,
  type Described,
  expectedMedia,
  type Media,
  type MediaBody,
  mediaOf,
  oneBody,
  rawBody,
  withExample,
} from "../file/media-types.ts";
import type { SourcePosition, Value } from "../file/value.ts";
import { argumentsOf } from "../from-model-arguments.ts";
import { type OpenApiContext, readExample } from "./context.ts";
import { keyTables } from "./keys.ts";

/**
 * Reads a request body. The properties of an object are arguments, whichever media type they come in.
 *
 * @param value What is below `requestBody`.
 * @param where What it belongs to, for messages.
 * @param context The whole file.
 *
 * @returns Its parameters, or the schema of a JSON body that is no plain object.
 */
export function readBody(value: Value, where: string, context: OpenApiContext): Body {
  const { problems } = context;
  const at = `${where} requestBody`;
  const fields = context.fields(context.resolve(value, at), at, keyTables.requestBody);
  const required = fields.read("required", flag) ?? false;
  const content = fields.value("content");
  if (content?.kind !== "map" || content.entries.length === 0) {
    fields.problem("content", expectedMedia);
    return { parameters: [], additional: false };
  }
  const bodies = content.entries.flatMap((entry): MediaBody[] => {
    const media = mediaOf(entry.key);
    if (media !== undefined) {
      const inside = context.fields(entry.value, `${at} ${entry.key}`, keyTables.mediaType);
      const written = inside.value("schema");
      const schema = written && context.schema(written, `${inside.where} schema`);
      const raw = rawBody(entry.key, { schema, required }, context.schemas);
      if (raw) {
        const body = { ...raw, ...readExample(inside, context) };
        return [{ parameters: [], additional: false, body, key: entry.key, at: entry.at }];
      }
      return [{ ...readMedia(inside, media, entry.at, required, fields, context), key: entry.key, at: entry.at }];
    }
    problems.add(entry.at, `${at}: ${entry.key} is not supported: ${expectedMedia}`);
    return [];
  });
  const body = oneBody(bodies, at, problems);
  if (!required && body.parameters.some(({ parameter }) => parameter.required)) {
    fields.warn(
      "required",
      "is not true, but the body has properties that are required: a request without it is refused",
    );
  }
  return body;
}

function readMedia(
  media: Fields,
  kind: Media,
  at: SourcePosition,
  required: boolean,
  fields: Fields,
  context: OpenApiContext,
): Body {
  const written = media.value("schema");
  // Nobody says what it holds: anything.
  const schema = written
    ? context.schema(written, `${media.where} schema`)
    : { type: "object", additionalProperties: true };
  const found = argumentsOf(kind === "multipart" ? withParts(schema, context) : schema, context.schemas);
  const example = readExample(media, context);
  const place = (name: string) => positionOf(written, name) ?? at;
  if (found) {
    const parameters = found.parameters.map((parameter) => ({
      at: place(parameter.name),
      parameter: withExample(parameter, example.example),
    }));
    for (const one of parameters)
      checkParameter(one, `${media.where} ${one.parameter.name}`, context.schemas, context.problems);
    const encoded = readEncoding(media, kind, parameters, context);
    return { parameters: encoded, additional: found.additional };
  }
  if (kind !== "json") {
    media.problem("schema", "expected type: object with properties, which are the fields of the form", written);
    return { parameters: [], additional: false };
  }
  const description = fields.text("description");
  checkExample(example.example, schema, at, media.where, context.schemas, context.problems);
  const body = { required, schema, ...(description !== undefined && { description }), ...example };
  return { parameters: [], additional: false, body };
}

/** In OpenAPI 3.1 a file is a part with a media type, or a part of which nothing is said. */
function withParts(schema: JsonSchema, { schemas }: OpenApiContext): JsonSchema {
  const found = dereferenced(schema, schemas);
  if (typeof found !== "object" || typeof found.properties !== "object" || found.properties === null) return found;
  const part = (one: JsonSchema): JsonSchema => {
    if (typeof one !== "object") return one;
    if (one.type === "array" && typeof one.items === "object") return { ...one, items: part(one.items as JsonSchema) };
    const raw = one.contentMediaType !== undefined && one.contentEncoding === undefined;
    const isFile = Object.keys(one).length === 0 || (raw && (one.type === undefined || one.type === "string"));
    return isFile ? { ...one, type: "string", format: "binary" } : one;
  };
  const properties = Object.entries(found.properties as Record<string, JsonSchema>);
  return { ...found, properties: Object.fromEntries(properties.map(([name, one]) => [name, part(one)])) };
}

function readEncoding(
  media: Fields,
  kind: Media,
  parameters: readonly Described[],
  context: OpenApiContext,
): readonly Described[] {
  const encoding = media.value("encoding");
  if (encoding?.kind !== "map") return parameters;
  if (kind === "json") {
    media.warn("encoding", "is ignored: it is for forms");
    return parameters;
  }
  const types = new Map<string, string[]>();
  for (const { key, value } of encoding.entries) {
    const inside = context.fields(value, `${media.where} encoding ${key}`, keyTables.encoding);
    const parameter = parameters.find((one) => one.parameter.name === key)?.parameter;
    const contentType = inside.text("contentType");
    if (!parameter) media.problem("encoding", `${key} is not a property of the schema`, value);
    else if (contentType !== undefined && parameter.file) {
      types.set(
        key,
        contentType.split(",").map((type) => type.trim().toLowerCase()),
      );
    } else if (contentType !== undefined) inside.warn("contentType", "is ignored: it is for files");
    for (const name of ["style", "explode"]) {
      if (inside.value(name)) inside.warn(name, "is ignored: several values of a field are given by repetition");
    }
  }
  return parameters.map((one) => {
    const mediaTypes = types.get(one.parameter.name);
    if (!mediaTypes || mediaTypes.includes("*/*")) return one;
    return { ...one, parameter: { ...one.parameter, file: { ...one.parameter.file, mediaTypes } } };
  });
}

function positionOf(schema: Value | undefined, name: string): SourcePosition | undefined {
  if (schema?.kind !== "map") return undefined;
  const properties = schema.entries.find(({ key }) => key === "properties")?.value;
  return properties?.kind === "map" ? properties.entries.find(({ key }) => key === name)?.at : undefined;
}
