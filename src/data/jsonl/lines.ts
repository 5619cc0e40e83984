import { LaunchpadError, messageOf } from "../../errors.ts";
import { isTooDeep, maxDepth } from "../../schema/json-limits.ts";
import { quote } from "../access/messages.ts";

/** What a line says, and which it is. */
export interface Line {
  readonly value: Readonly<Record<string, unknown>>;
  readonly number: number;
}

/** A line of so many characters is no line. */
const maxLineLength = 2 ** 26;

/** Only a number with so many digits can be one that JSON.parse would change. */
const longNumber = /\d{16}/;
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const wholeNumber = /^-?\d+$/;

/**
 * Reads the objects of JSON Lines (https://jsonlines.org), as they come. Blank lines are passed over; whole numbers past
 * 2^53 are bigints.
 *
 * @param bytes UTF-8 in chunks that may be cut anywhere; cancelled when no more are wanted.
 * @param shown The file's name, for messages.
 *
 * @returns The objects.
 *
 * @throws DATA_INVALID for a line that is not UTF-8, not JSON or no object.
 */
export async function* readLines(bytes: ReadableStream<Uint8Array>, shown: string): AsyncGenerator<Line> {
  let number = 0;
  for await (const text of textLines(bytes, shown)) {
    number++;
    if (text.trim() !== "") yield { number, value: parse(text, `${shown} line ${number}`) };
  }
}

async function* textLines(bytes: ReadableStream<Uint8Array>, shown: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      const message = `${shown} line ${line} or below: UTF-8 expected, found bytes that are not. Save the file as UTF-8`;
      throw new LaunchpadError("DATA_INVALID", message, { cause });
    }
  };
  const reader = bytes.getReader();
  let ended = false;
  /** The beginning of a line, in pieces: joining them once is cheaper than looking at them again and again. */
  let pending: string[] = [];
  let length = 0;
  try {
    while (!ended) {
      const { done, value } = await reader.read();
      ended = done;
      const lines = decode(value).split("\n");
      const last = lines.pop() ?? "";
      for (const text of lines) {
        yield pending.length === 0 ? text : pending.join("") + text;
        pending = [];
        length = 0;
        line++;
      }
      pending.push(last);
      length += last.length;
      if (length > maxLineLength) {
        const message = `${shown} line ${line}: one object a line expected, found no end of the line`;
        throw new LaunchpadError("DATA_INVALID", message);
      }
    }
  } finally {
    // Whoever stops early lets go of the file; an error of the stream itself has already done so.
    if (!ended) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
  yield pending.join("");
}

function parse(text: string, at: string): Readonly<Record<string, unknown>> {
  if (isTooDeep(text)) {
    const message = `${at}: at most ${maxDepth} levels of lists and objects expected, found more`;
    throw new LaunchpadError("DATA_INVALID", message);
  }
  let value: unknown;
  try {
    value = longNumber.test(text) ? parseExactly(text) : JSON.parse(text);
  } catch (cause) {
    const found = `${quote(text.trim())} (${messageOf(cause)})`;
    throw new LaunchpadError("DATA_INVALID", `${at}: one JSON object expected, found ${found}`, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  const advice = Array.isArray(value) ? ". A file of one array is no JSON Lines: write one object a line" : "";
  throw new LaunchpadError("DATA_INVALID", `${at}: a JSON object expected, found ${quote(text.trim())}${advice}`);
}

/** JSON.parse rounds whole numbers past 2^53, and not every runtime tells their digits. */
function parseExactly(text: string): unknown {
  let mark = "#";
  while (text.includes(`"${mark}`)) mark += "#";
  const marked = text.replace(stringOrNumber, (token) =>
    wholeNumber.test(token) && !Number.isSafeInteger(Number(token)) ? `"${mark}${token}"` : token,
  );
  if (marked === text) return JSON.parse(text);
  // The text is checked as it was written: a number is not everywhere where a string is right.
  JSON.parse(text);
  return JSON.parse(marked, (_, value) =>
    typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}

/**
 * Creates the JSON of a value, in which bigints are numbers.
 *
 * @param value A value that JSON.parse could have made, bigints included.
 *
 * @returns JSON.
 */
export function toJson(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  if (typeof value !== "object" || value === null || value instanceof Date) return JSON.stringify(value) ?? "null";
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${toJson(inner)}`)
    .join(",")}}`;
}
