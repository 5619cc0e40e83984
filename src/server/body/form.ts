import { getMultipartBoundary, type MultipartPart, parseMultipart } from "@remix-run/multipart-parser";
import type { Fields } from "../../api/validation/input.ts";
import { pairsIn } from "../../api/validation/query.ts";
import type { BodyLimits } from "./limits.ts";

/** RFC 2046 allows 70 characters. */
const maxBoundaryLength = 200;

/**
 * Reads a form that is encoded like a query.
 *
 * @param text The body.
 * @param limits How many there may be.
 * @param sent Whether values are wanted as they were sent, too.
 *
 * @returns The fields; undefined if there are too many.
 */
export function readUrlencoded(text: string, { maxFields }: BodyLimits, sent = false): Fields | undefined {
  let count = 1;
  for (let at = text.indexOf("&"); at >= 0; at = text.indexOf("&", at + 1)) count++;
  return count > maxFields ? undefined : pairsIn(text, sent);
}

/**
 * Reads a form in parts (RFC 7578). `Response.formData()` would do it too, but each runtime takes other forms for
 * broken: Deno ends a form that breaks off without its last field, and Node refuses a field of type application/json.
 *
 * @param bytes The body.
 * @param contentType The header, which says where a part ends.
 * @param files The names of fields that are files, whatever their type.
 * @param limits How many parts there may be.
 *
 * @returns The fields; undefined if it is no such form, or has too many parts.
 */
export function readMultipart(
  bytes: Uint8Array,
  contentType: string,
  files: ReadonlySet<string>,
  { maxParts }: BodyLimits,
): Fields | undefined {
  const boundary = getMultipartBoundary(contentType)?.trim();
  if (!boundary || boundary.length > maxBoundaryLength) return undefined;
  const fields: [string, string | File][] = [];
  const limits = { maxParts: maxParts, maxFileSize: bytes.length, maxTotalSize: bytes.length };
  try {
    for (const part of parseMultipart(bytes, { boundary, ...limits })) {
      if (part.name === undefined) return undefined;
      const name = unquoted(part.name);
      fields.push([name, fieldOf(part, files.has(name))]);
    }
  } catch {
    return undefined;
  }
  // Without one whole part, it is no form: the boundary alone says nothing.
  return fields.length > 0 || isEmptyForm(bytes, boundary) ? fields : undefined;
}

/** RFC 2046: a form without parts is its closing boundary, and whatever stands before and after it. */
function isEmptyForm(bytes: Uint8Array, boundary: string): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 2 * maxBoundaryLength)).trim();
  return text === `--${boundary}--` || text === `--${boundary}\r\n--${boundary}--`;
}

/** What a script sends as a Blob of JSON has a file name, and is JSON nevertheless where no file is expected. */
function fieldOf(part: MultipartPart, expectsFile: boolean): string | File {
  const isJson = part.mediaType === "application/json" && !expectsFile;
  if (!part.isFile || isJson) return part.text;
  const type = (part.mediaType ?? "").toLowerCase();
  const file = new File(part.content as BlobPart[], nameOf(part.filename ?? ""), { type });
  // Bun adds a character set to the types of text. What it was sent with is what a model asks for.
  if (file.type !== type) Object.defineProperty(file, "type", { value: type, enumerable: true });
  return file;
}

/** Without the folders that some clients send: nobody may be tempted to write there. */
function nameOf(filename: string): string {
  const name = unquoted(filename)
    .replace(/^.*[/\\]/s, "")
    .replace(/\p{Cc}/gu, "");
  return /^\.{1,2}$/.test(name) ? "" : name;
}

/** A quotation mark in a name, as browsers write it. */
function unquoted(name: string): string {
  return name.replaceAll("%22", '"');
}
