import { endOfText } from "../../schema/json-limits.ts";

/** Whole numbers that may be larger than a double holds exactly. */
const long = /\d{16}/;
const literal = /-?\d+(?![\d.eE])/y;

/**
 * Parses JSON in which whole numbers past 2^53 keep their digits, as bigints. `JSON.parse` would round them.
 *
 * @param text The JSON, which is not nested too deep.
 *
 * @returns The value, which is that of `JSON.parse` but for those numbers.
 *
 * @throws SyntaxError when it is no JSON.
 */
export function parseExactJson(text: string): unknown {
  if (!long.test(text)) return JSON.parse(text);
  const marked = withMarks(text);
  return marked === text ? JSON.parse(text) : unmarked(JSON.parse(marked));
}

/**
 * JSON in which every text begins with `t`, and large whole numbers are texts that begin with `n`. The text itself if there are
 * none of them.
 */
function withMarks(text: string): string {
  const parts: string[] = [];
  let isLarge = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      parts.push(text.slice(from, at), '"t');
      from = at + 1;
      at = endOfText(text, at + 1);
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      const end = endOfNumber(text, at);
      literal.lastIndex = at;
      const [digits = ""] = literal.exec(text) ?? [];
      if (digits.length === end - at && digits.length > 15 && !Number.isSafeInteger(Number(digits))) {
        isLarge = true;
        parts.push(text.slice(from, at), `"n${digits}"`);
        from = end;
      }
      at = end - 1;
    }
  }
  if (!isLarge) return text;
  parts.push(text.slice(from));
  return parts.join("");
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && /[\d.eE+-]/.test(text[at] as string)) at++;
  return at;
}

function unmarked(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("n") ? BigInt(value.slice(1)) : value.slice(1);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unmarked);
  const result: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    // Defined, so that `__proto__` is a key like any other.
    Object.defineProperty(result, key.slice(1), {
      value: unmarked(inner),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}
