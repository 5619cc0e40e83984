import type { JsonSchema } from "../../../schema/json-schema.ts";
import { enumerate } from "../../../util/suggest.ts";
import type { Parameter, Resource } from "../../definition.ts";
import { essenceOf, type Media, mediaOf, mediaTypes } from "../../media-kind.ts";
import { dereferenced, meaningOf, parameterOf, type Schemas } from "../../parameter-from-schema.ts";
import { present } from "./fields.ts";
import type { Problems } from "./problems.ts";
import type { SourcePosition } from "./value.ts";

/** A parameter with the place that describes it. */
export interface Described {
  readonly parameter: Parameter;
  readonly at: SourcePosition;
}

/** What a request takes in its body. */
export interface Body {
  readonly parameters: readonly Described[];
  readonly additional: boolean;
  /** A JSON body that is described as a whole. */
  readonly body?: Resource["body"];
}

/** What one media type says of a body. */
export interface MediaBody extends Body {
  readonly key: string;
  readonly at: SourcePosition;
}

export { type Media, mediaOf };

/** The media types of bodies, for messages. */
export const expectedMedia = `expected ${enumerate(Object.keys(mediaTypes))}, a text (text/plain) or a file (image/png)`;

/**
 * Body that is a text or a file, as a media type says; undefined for JSON and forms.
 *
 * @param type The media type.
 * @param described The schema that the file gives for it, and whether it must be sent.
 * @param schemas What schemas refer to.
 *
 * @returns The body.
 */
export function rawBody(
  type: string,
  { schema, required }: { readonly schema: JsonSchema | undefined; readonly required: boolean },
  schemas: Schemas,
): NonNullable<Resource["body"]> | undefined {
  const essence = essenceOf(type);
  const kind = mediaOf(essence);
  const found = schema === undefined ? undefined : dereferenced(schema, schemas);
  const isText = typeof found === "object" && found.type === "string";
  // Whatever comes is a text or a file where it must be a string.
  if (kind !== "text" && kind !== "file" && !(essence.endsWith("/*") && isText)) return undefined;
  const isFile = kind === "file" || (isText && (found.format === "binary" || found.contentMediaType !== undefined));
  const base = isText ? found : { type: "string" };
  const { contentEncoding: _, ...rest } = isFile ? { ...base, format: "binary" } : base;
  const { schema: plain, description, example, file } = parameterOf("body", "body", required, rest, schemas);
  return { required, schema: plain, media: [essence], ...present({ description, example, file }) };
}

/** Media types that JSON answers fit. */
export function isJson(type: string): boolean {
  return ["application/json", "application/*", "*/*"].includes(essenceOf(type));
}

/**
 * Creates one body from what several media types say of it. A request may use any of them, so they must say the same.
 *
 * @param bodies What each of them says.
 * @param where What they belong to, for messages.
 * @param problems Gets a problem for each that differs from the first.
 *
 * @returns The body.
 */
export function oneBody(bodies: readonly MediaBody[], where: string, problems: Problems): Body {
  const [first, ...others] = bodies;
  if (first === undefined) return { parameters: [], additional: false };
  let { parameters, body } = first;
  for (const other of others) {
    if (fingerprint(first) === fingerprint(other)) {
      parameters = withFiles(parameters, other.parameters);
      const own = (one: MediaBody) => one.body?.media ?? [essenceOf(one.key)];
      if (body && (body.media || other.body?.media))
        body = { ...body, media: [...(body.media ?? own(first)), ...own(other)] };
    } else {
      problems.add(
        other.at,
        `${where}: ${other.key} is not what ${first.key} is on line ${first.at.line}: a request may use any of them, ` +
          "describe them alike",
      );
    }
  }
  const { additional } = first;
  return { parameters, additional, ...present({ body }) };
}

/**
 * Creates a parameter with its part of the example of a whole body.
 *
 * @param parameter The parameter, which may have an example of its own.
 * @param example The example of the body, if there is one.
 *
 * @returns The parameter.
 */
export function withExample(parameter: Parameter, example: unknown): Parameter {
  if (parameter.example !== undefined || typeof example !== "object" || example === null) return parameter;
  const own = Object.hasOwn(example, parameter.name) ? (example as Record<string, unknown>)[parameter.name] : undefined;
  return own === undefined ? parameter : { ...parameter, example: own };
}

/** A file in one media type is text in the other. */
function withFiles(parameters: readonly Described[], others: readonly Described[]): readonly Described[] {
  return parameters.map((one) => {
    const other = others.find(({ parameter }) => parameter.name === one.parameter.name)?.parameter;
    return { ...one, parameter: { ...one.parameter, ...present({ file: one.parameter.file ?? other?.file }) } };
  });
}

function fingerprint({ parameters, additional, body }: Body): string {
  return JSON.stringify([parameters.map(({ parameter }) => meaningOf(parameter)).sort(), additional, body?.schema]);
}
