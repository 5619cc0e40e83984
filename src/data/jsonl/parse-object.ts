import { LaunchpadError, messageOf } from "../../errors.ts";
import { isTooDeep, maxDepth } from "../../schema/json-limits.ts";
import { quote } from "../access/messages.ts";

/** Only a number with so many digits can be one that JSON.parse would change. */
const longNumber = /\d{16}/;
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const wholeNumber = /^-?\d+$/;

/**
 * Parses a JSON object. Whole numbers past 2^53 are bigints.
 *
 * @param text The JSON.
 * @param at Where it stands, for messages.
 * @param ofLists What else to say when it is a list.
 *
 * @returns The object.
 *
 * @throws DATA_INVALID for what is no JSON, or no object.
 */
export function parseObject(text: string, at: string, ofLists = ""): Readonly<Record<string, unknown>> {
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
  const advice = Array.isArray(value) ? ofLists : "";
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
