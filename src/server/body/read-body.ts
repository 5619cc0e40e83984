import { mediaOf } from "../../api/media-kind.ts";
import { isOfMediaType } from "../../api/validation/file.ts";
import type { Body, Fields } from "../../api/validation/input.ts";
import { LaunchpadError } from "../../errors.ts";
import { enumerate } from "../../util/suggest.ts";
import { truncateText } from "../../util/truncate.ts";
import { jsonOf, malformed, readBytes, textOf, tooLarge } from "./bytes.ts";
import { readMultipart, readUrlencoded } from "./form.ts";
import type { BodyLimits } from "./limits.ts";

/** What a body may be. */
export interface BodyRules {
  /** The largest body that is read, in bytes. */
  readonly maxBytes: number;
  /** Whether JSON may be something else than an object with the arguments by name. */
  readonly whole: boolean;
  /** The media types that are taken as they are, as a text or a file. */
  readonly media?: readonly string[] | undefined;
  /** The names of arguments that are files. */
  readonly files: ReadonlySet<string>;
  /** Whether the values of a form are wanted as they were sent, too. */
  readonly sent: boolean;
  readonly limits: BodyLimits;
}

type Reader = (bytes: Uint8Array<ArrayBuffer>, contentType: string, rules: BodyRules) => Body;

/** The one table of media types that a request body can have. */
const readers: Readonly<Record<string, Reader>> = {
  "application/json": (bytes, _, { whole }) => ({ json: readJsonBody(textOf(bytes), whole) }),
  "application/x-www-form-urlencoded"(bytes, _, { sent, limits }) {
    const fields = readUrlencoded(textOf(bytes), limits, sent);
    if (!fields) throw malformed(`the form has more than ${limits.maxFields} fields: send JSON instead`);
    return { fields: withinLimits(fields, limits) };
  },
  "multipart/form-data"(bytes, contentType, { files, limits }) {
    const fields = readMultipart(bytes, contentType, files, limits);
    if (fields) return { fields: withinLimits(fields, limits) };
    throw malformed(
      `the body is not multipart/form-data with the boundary that its content type names, or has more than ${limits.maxParts} parts`,
    );
  },
};

const mediaTypes = enumerate(Object.keys(readers));

/**
 * Reads the body of a request: a form, or JSON.
 *
 * @param request The request.
 * @param rules What it may be.
 *
 * @returns The fields of the form, or the JSON value; undefined if the body is empty.
 *
 * @throws BODY_TOO_LARGE; MEDIA_TYPE_UNSUPPORTED; ARGUMENTS_INVALID when the body is not what its type says.
 */
export async function readBody(request: Request, rules: BodyRules): Promise<Body | undefined> {
  if (request.body === null) return undefined;
  const { headers } = request;
  const { maxBytes } = rules;
  if (Number(headers.get("content-length")) > maxBytes) throw tooLarge(maxBytes);
  const bytes = await readBytes(request.body, maxBytes, rules.limits.timeout);
  if (bytes.length === 0) return undefined;
  return readerOf(headers, rules)(bytes, headers.get("content-type") ?? "", rules);
}

function withinLimits(fields: Fields, { maxFieldBytes }: BodyLimits): Fields {
  if (maxFieldBytes === Number.POSITIVE_INFINITY) return fields;
  for (const [name, value] of fields) {
    const size = typeof value === "string" ? new TextEncoder().encode(value).length : value.size;
    if (size > maxFieldBytes) throw fieldTooLarge(name, maxFieldBytes);
  }
  return fields;
}

function fieldTooLarge(name: string, maxFieldBytes: number): LaunchpadError {
  const message = `The field ${truncateText(name)} is larger than the ${maxFieldBytes} bytes that this API takes`;
  return new LaunchpadError("BODY_TOO_LARGE", message);
}

/** The reader of a body that is taken as its media type says. */
function rawReader(essence: string, media: readonly string[]): Reader | undefined {
  if (!media.some((pattern) => pattern === "*/*" || isOfMediaType(essence, pattern))) return undefined;
  const kind = mediaOf(essence);
  if (kind === "json") return readers["application/json"];
  if (kind === "text") return (bytes) => ({ json: textOf(bytes) });
  return (bytes, type) => ({ json: new File([bytes], "body", { type }) });
}

function usualReader(essence: string): Reader | undefined {
  if (Object.hasOwn(readers, essence)) return readers[essence];
  return /^application\/[\w.+-]+\+json$/.test(essence) ? readers["application/json"] : undefined;
}

function readerOf(headers: Headers, { media }: BodyRules): Reader {
  const contentType = headers.get("content-type") ?? "";
  const [essence = "", ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  const reader = media ? rawReader(essence, media) : usualReader(essence);
  if (!reader) {
    const found = contentType ? `the content type ${truncateText(contentType)}` : "no content type";
    const expected = media?.join(" or ") ?? mediaTypes;
    throw new LaunchpadError("MEDIA_TYPE_UNSUPPORTED", `The body has ${found}: expected ${expected}`);
  }
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  if (charset && !/^"?(utf-?8|us-ascii)"?$/.test(charset)) {
    throw new LaunchpadError("MEDIA_TYPE_UNSUPPORTED", `The body is in ${truncateText(charset)}: send it in UTF-8`);
  }
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  if (encoding !== "identity") {
    throw new LaunchpadError(
      "MEDIA_TYPE_UNSUPPORTED",
      `The body is encoded as ${truncateText(encoding)}: send it as it is`,
    );
  }
  return reader;
}

function readJsonBody(text: string, whole: boolean): unknown {
  const value = jsonOf(text);
  if (!whole && (typeof value !== "object" || value === null || Array.isArray(value))) {
    const found = value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
    throw malformed(`the body is ${found} in JSON: expected an object with the arguments by name`);
  }
  return value;
}
