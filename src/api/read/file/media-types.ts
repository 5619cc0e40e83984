import { enumerate } from "../../../util/suggest.ts";
import type { Parameter, Resource } from "../../definition.ts";
import { meaningOf } from "../../parameter-from-schema.ts";
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

/** The kinds of bodies that requests have. */
export type Media = "json" | "form" | "multipart";

/** The one table of the media types of bodies. */
export const mediaTypes: Readonly<Record<string, Media>> = {
  "application/json": "json",
  "application/x-www-form-urlencoded": "form",
  "multipart/form-data": "multipart",
};

/** The media types of bodies, for messages. */
export const expectedMedia = `expected ${enumerate(Object.keys(mediaTypes))}`;

/**
 * Finds the kind of a media type.
 *
 * @param type As it is written, with parameters or without: `application/json; charset=utf-8`.
 *
 * @returns The kind; undefined for one that requests do not have.
 */
export function mediaOf(type: string): Media | undefined {
  const essence = essenceOf(type);
  return Object.hasOwn(mediaTypes, essence) ? mediaTypes[essence] : undefined;
}

/** Media types that JSON answers fit. */
export function isJson(type: string): boolean {
  return ["application/json", "application/*", "*/*"].includes(essenceOf(type));
}

function essenceOf(type: string): string {
  return type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
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
  let { parameters } = first;
  for (const other of others) {
    if (fingerprint(first) === fingerprint(other)) parameters = withFiles(parameters, other.parameters);
    else {
      problems.add(
        other.at,
        `${where}: ${other.key} is not what ${first.key} is on line ${first.at.line}: a request may use any of them, ` +
          "describe them alike",
      );
    }
  }
  const { additional, body } = first;
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
