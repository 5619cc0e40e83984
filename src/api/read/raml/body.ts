import { parameterOf } from "../../parameter-from-schema.ts";
import { checkExample, checkParameter } from "../file/check-example.ts";
import type { Fields } from "../file/fields.ts";
import {
  type Body,
  expectedMedia,
  isJson,
  type Media,
  type MediaBody,
  mediaOf,
  oneBody,
  rawBody,
  withExample,
} from "../file/media-types.ts";
import { type Entry, entryOf, isEmpty, type Value } from "../file/value.ts";
import { argumentsOf } from "../from-model-arguments.ts";
import { fieldsOf, type MediaContent, type RamlContext } from "./context.ts";
import { misplacedKeys } from "./keys.ts";

/** A media type with what is below it. */
type Content = Pick<Entry, "key" | "at" | "value">;

/**
 * Finds the media types of a body.
 *
 * @param value What is below `body`.
 * @param where What it belongs to, for messages.
 * @param context The whole file.
 *
 * @returns What is below each of them; below the default ones where the body names none.
 */
export function contentsOf(value: Value, where: string, context: RamlContext): readonly Content[] {
  const { problems, mediaTypes, dialect } = context;
  if (isEmpty(value)) return [];
  const named =
    value.kind === "map" ? value.entries.filter(({ key }) => key.includes("/") && !key.startsWith("(")) : [];
  if (named.length === 0 && mediaTypes.length > 0) return mediaTypes.map((key) => ({ key, at: value.at, value }));
  if (dialect.version === "1.0" && named.length === 0) {
    problems.add(
      value.at,
      `${where}: names no media type: expected application/json: below it, or mediaType: application/json below the title`,
    );
    return [];
  }
  fieldsOf(value, where, misplacedKeys, problems, (key) => key.includes("/"));
  return named;
}

/**
 * Reads the body of a request.
 *
 * @param value What is below `body`.
 * @param where What it belongs to, for messages.
 * @param context The whole file.
 *
 * @returns Its parameters, or the schema of a JSON body that is no plain object.
 */
export function readBody(value: Value, where: string, context: RamlContext): Body {
  const { problems, dialect } = context;
  const at = `${where} body`;
  const bodies = contentsOf(value, at, context).flatMap((content): MediaBody[] => {
    const media = mediaOf(content.key);
    if (media === undefined) {
      problems.add(content.at, `${at}: ${content.key} is not supported: ${expectedMedia}`);
      return [];
    }
    const found = dialect.content(content.value, media, `${at} ${content.key}`);
    const raw = rawBody(content.key, { schema: found.schema, required: true }, context.schemas);
    if (raw) {
      const body = { ...raw, ...(found.example !== undefined && { example: found.example }) };
      return [{ parameters: [], additional: false, body, key: content.key, at: content.at }];
    }
    // Where only an example is given, nothing is said of what it must be.
    if (found.schema === undefined && found.parameters === undefined) return [];
    return [{ ...bodyOf(found, media, content, at, context), key: content.key, at: content.at }];
  });
  return oneBody(bodies, at, problems);
}

function bodyOf(found: MediaContent, media: Media, content: Content, where: string, context: RamlContext): Body {
  const { schema = {}, example } = found;
  if (found.parameters) return { parameters: found.parameters, additional: false };
  const taken = argumentsOf(schema, context.schemas);
  if (taken) {
    const placeOf = (name: string) => {
      const properties = entryOf(content.value, "properties")?.value;
      return (entryOf(properties, name) ?? entryOf(properties, `${name}?`))?.at ?? content.at;
    };
    const parameters = taken.parameters.map((one) => ({ at: placeOf(one.name), parameter: withExample(one, example) }));
    for (const one of parameters) {
      checkParameter(one, `${where} ${content.key} ${one.parameter.name}`, context.schemas, context.problems);
    }
    return { parameters, additional: taken.additional };
  }
  if (media !== "json") {
    context.problems.add(
      content.at,
      `${where} ${content.key}: expected an object, whose properties are the fields of the form`,
    );
    return { parameters: [], additional: false };
  }
  const { schema: plain, description, example: own } = parameterOf("body", "query", true, schema, context.schemas);
  const shown = example ?? own;
  checkExample(shown, plain, content.at, `${where} ${content.key}`, context.schemas, context.problems);
  return {
    parameters: [],
    additional: false,
    body: {
      required: true,
      schema: plain,
      ...(description !== undefined && { description }),
      ...(shown !== undefined && { example: shown }),
    },
  };
}

/**
 * Reads the JSON of an answer.
 *
 * @param value What is below `body` of a response.
 * @param where What it belongs to, for messages.
 * @param context The whole file.
 *
 * @returns Its schema and example.
 */
export function readJsonContent(value: Value, where: string, context: RamlContext): MediaContent {
  const contents = contentsOf(value, where, context);
  for (const { key, at } of contents) {
    if (isJson(key)) continue;
    context.problems.warn(at, `${where} ${key}`, `${where}: ${key} is ignored: Launchpad answers in JSON`);
  }
  const json = contents.find(({ key }) => isJson(key));
  return json ? context.dialect.content(json.value, "json", `${where} ${json.key}`) : {};
}

/**
 * Reads the media types of bodies that name none.
 *
 * @param fields What the file says.
 *
 * @returns The media types: one, or in RAML 1.0 a list.
 */
export function readMediaTypes(fields: Fields): readonly string[] {
  const value = fields.value("mediaType");
  if (!value) return [];
  const items = value.kind === "list" ? value.items : [value];
  return items.flatMap((item) => {
    if (item.kind === "scalar" && item.text.includes("/")) return [item.text];
    fields.problem("mediaType", "expected a media type such as application/json", item);
    return [];
  });
}
