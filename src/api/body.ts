import { LaunchpadError } from "../errors.ts";
import { shortenText } from "./received.ts";
import type { ResourceInput } from "./validate.ts";

/** Deeper than any arguments, and far from where a recursive reader ends the stack. */
const deepest = 100;

type Body = NonNullable<ResourceInput["body"]>;

/** The one table of media types that a request body can have. */
const readers: Readonly<Record<string, (text: string) => Body>> = {
  "application/json": readObject,
  "application/x-www-form-urlencoded": (text) => new URLSearchParams(text),
};

const mediaTypes = Object.keys(readers).join(" or ");

/**
 * Reads the body of a request: a form, or a JSON object.
 *
 * @param request The request.
 * @param maxBytes The largest body that is read, in bytes.
 *
 * @returns The pairs of the form, or the object; undefined if the body is empty.
 *
 * @throws BODY_TOO_LARGE; MEDIA_TYPE_UNSUPPORTED; ARGUMENTS_INVALID when the body is not what its type says.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Body | undefined> {
  if (request.body === null) return undefined;
  const { headers } = request;
  if (Number(headers.get("content-length")) > maxBytes) throw tooLarge(maxBytes);
  const bytes = await readBytes(request.body, maxBytes);
  if (bytes.length === 0) return undefined;
  const reader = readerOf(headers);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed("the body is not UTF-8 text");
  }
  return reader(text);
}

function readerOf(headers: Headers): (text: string) => Body {
  const contentType = headers.get("content-type") ?? "";
  const [essence = "", ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  const reader = Object.hasOwn(readers, essence) ? readers[essence] : undefined;
  if (!reader) {
    const found = contentType ? `the content type ${shortenText(contentType)}` : "no content type";
    throw new LaunchpadError("MEDIA_TYPE_UNSUPPORTED", `The body has ${found}: expected ${mediaTypes}`);
  }
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  if (charset && !/^"?(utf-?8|us-ascii)"?$/.test(charset)) {
    throw new LaunchpadError("MEDIA_TYPE_UNSUPPORTED", `The body is in ${shortenText(charset)}: send it in UTF-8`);
  }
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  if (encoding !== "identity") {
    throw new LaunchpadError(
      "MEDIA_TYPE_UNSUPPORTED",
      `The body is encoded as ${shortenText(encoding)}: send it as it is`,
    );
  }
  return reader;
}

/** A content length can be absent, or wrong: what counts is what comes. */
async function readBytes(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw malformed("the body broke off");
    });
    if (done) break;
    length += value.byteLength;
    if (length > maxBytes) {
      // Nobody waits for the rest, and a source that fails while it stops has nothing more to tell.
      reader.cancel().catch(() => {});
      throw tooLarge(maxBytes);
    }
    chunks.push(value);
  }
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function readObject(text: string): Body {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own words differ between runtimes, and an API should answer the same on all of them.
    throw malformed("the body is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const found = value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
    throw malformed(`the body is ${found} in JSON: expected an object with the arguments by name`);
  }
  if (isDeeperThan(value, deepest)) throw malformed(`the body is nested more than ${deepest} levels deep`);
  return value as Record<string, unknown>;
}

/** Level by level instead of recursively: the nesting is as deep as the sender likes. */
function isDeeperThan(value: object, limit: number): boolean {
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= limit) return true;
    const next: object[] = [];
    for (const container of level) {
      for (const item of Object.values(container)) if (typeof item === "object" && item !== null) next.push(item);
    }
    level = next;
  }
  return false;
}

function malformed(what: string): LaunchpadError {
  return new LaunchpadError("ARGUMENTS_INVALID", `The request is not valid: ${what}`, {
    faults: [{ in: "body", name: "", message: what }],
  });
}

function tooLarge(maxBytes: number): LaunchpadError {
  return new LaunchpadError("BODY_TOO_LARGE", `The body is larger than the ${maxBytes} bytes that this API takes`);
}
