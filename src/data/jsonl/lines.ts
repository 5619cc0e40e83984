import { LaunchpadError } from "../../errors.ts";
import { decodedText } from "./decode.ts";
import { parseObject } from "./parse-object.ts";

/** What a line says, and which it is. */
export interface Line {
  readonly value: Readonly<Record<string, unknown>>;
  readonly number: number;
}

/** A line of so many characters is no line. */
const maxLineLength = 2 ** 26;
const ofLists = ". A file of one array is no JSON Lines: write one object a line, or give the source `type: json`";

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
    if (text.trim() !== "") yield { number, value: parseObject(text, `${shown} line ${number}`, ofLists) };
  }
}

/**
 * Splits text into lines, as it comes.
 *
 * @param bytes UTF-8 in chunks that may be cut anywhere; cancelled when no more are wanted.
 * @param shown Where it comes from, for messages.
 *
 * @returns Every line without its end, the last one too, be it empty.
 *
 * @throws DATA_INVALID for what is not UTF-8, or a line without end.
 */
export async function* textLines(bytes: ReadableStream<Uint8Array>, shown: string): AsyncGenerator<string> {
  let line = 1;
  /** The beginning of a line, in pieces: joining them once is cheaper than looking at them again and again. */
  let pending: string[] = [];
  let length = 0;
  for await (const piece of decodedText(bytes, () => `${shown} line ${line}`)) {
    const lines = piece.split("\n");
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
  yield pending.join("");
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
