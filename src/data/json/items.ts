import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import { decodedText } from "../jsonl/decode.ts";
import type { Line } from "../jsonl/lines.ts";
import { parseObject } from "../jsonl/parse-object.ts";

/** An item of so many characters is none. */
const maxItemLength = 2 ** 26;

const outside = /["[\]{},]/g;
const inside = /["\\]/g;

/**
 * Reads the objects of a JSON array as they come: never more than one of them, and a piece of the file, is in memory. Whole
 * numbers past 2^53 are bigints.
 *
 * @param bytes UTF-8 in chunks that may be cut anywhere; cancelled when no more are wanted.
 * @param shown The file's name, for messages.
 *
 * @returns The objects, numbered from 1.
 *
 * @throws DATA_INVALID for what is no array of objects, is cut off, or is not UTF-8.
 */
export async function* readItems(bytes: ReadableStream<Uint8Array>, shown: string): AsyncGenerator<Line> {
  for await (const { text, number } of itemTexts(bytes, shown)) {
    yield { number, value: parseObject(text, `${shown} item ${number}`) };
  }
}

/**
 * Splits a JSON array into the texts of its items, as they come. They may be no JSON.
 *
 * @param bytes UTF-8 in chunks that may be cut anywhere; cancelled when no more are wanted.
 * @param shown Where it comes from, for messages.
 *
 * @returns The texts, numbered from 1.
 *
 * @throws DATA_INVALID for what is no array, is cut off, or is not UTF-8.
 */
export async function* itemTexts(
  bytes: ReadableStream<Uint8Array>,
  shown: string,
): AsyncGenerator<{ readonly text: string; readonly number: number }> {
  let number = 1;
  let place: "before" | "within" | "after" = "before";
  let depth = 0;
  let isString = false;
  /** Whether the first character of the next piece belongs to a backslash. */
  let isEscaped = false;
  let pending: string[] = [];
  let length = 0;
  const fail = (expected: string, found: string): never => {
    throw new LaunchpadError("DATA_INVALID", `${shown}: ${expected} expected, found ${found}`);
  };
  for await (const piece of decodedText(bytes, () => `${shown} item ${number}`)) {
    let at = 0;
    if (place === "before") {
      const start = piece.search(/\S/);
      if (start === -1) continue;
      if (piece[start] !== "[") {
        const advice = piece[start] === "{" ? ". One object a line is `type: jsonl`" : "";
        fail("an array of objects", `${quote(piece.slice(start, start + 20).trim())}${advice}`);
      }
      place = "within";
      at = start + 1;
    }
    let from = at;
    while (place === "within" && at < piece.length) {
      if (isEscaped) {
        isEscaped = false;
        at++;
        continue;
      }
      const search = isString ? inside : outside;
      search.lastIndex = at;
      const found = search.exec(piece);
      if (found === null) break;
      at = found.index + 1;
      const [sign] = found;
      if (sign === "\\") isEscaped = true;
      else if (sign === '"') isString = !isString;
      else if (sign === "{" || sign === "[") depth++;
      else if (depth > 0 && sign !== ",") depth--;
      else if (depth === 0 && sign !== "}") {
        const text = pending.join("") + piece.slice(from, found.index);
        pending = [];
        length = 0;
        from = at;
        if (sign !== ",") place = "after";
        // Only an array of nothing has an item of nothing.
        if (number > 1 || sign === "," || text.trim() !== "") yield { text, number };
        number++;
      }
    }
    if (place === "after") {
      const more = piece.slice(from).trim();
      if (more !== "") fail("nothing after the array", quote(more.slice(0, 20)));
      continue;
    }
    pending.push(piece.slice(from));
    length += piece.length - from;
    if (length > maxItemLength) fail(`an object as item ${number}`, "no end of it");
  }
  if (place === "before") fail("an array of objects", "an empty file");
  if (place === "within") fail(`the end of the array, ], after item ${number}`, "the end of the file: it was cut off");
}
