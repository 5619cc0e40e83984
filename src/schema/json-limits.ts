/** Deeper than any arguments, and far from where a recursive reader ends the stack. */
export const maxDepth = 100;

/**
 * Reads JSON that a caller sent.
 *
 * @param text The text.
 *
 * @returns The value; undefined if the text is no JSON, is nested more than 100 levels deep, or has keys that could change
 * what objects inherit.
 */
export function readJson(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return poisonedKey(text, value) === undefined ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Finds a key that could change what objects inherit once a model copies or merges them: `__proto__`, or `prototype` in a
 * `constructor`.
 *
 * @param text The JSON that was sent, by which most values need not be looked at.
 * @param value What it became.
 *
 * @returns The key, if there is one.
 */
export function poisonedKey(text: string, value: unknown): string | undefined {
  // A key can be written with escapes.
  if (!/__proto__|constructor|\\u00/.test(text)) return undefined;
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== "object" || next === null) continue;
    if (Object.hasOwn(next, "__proto__")) return "__proto__";
    const { constructor: made } = next as { readonly constructor: unknown };
    const isOwn = Object.hasOwn(next, "constructor") && typeof made === "object" && made !== null;
    if (isOwn && Object.hasOwn(made, "prototype")) return "constructor.prototype";
    for (const inner of Object.values(next)) if (typeof inner === "object" && inner !== null) open.push(inner);
  }
  return undefined;
}

/**
 * Tells whether JSON is nested more than 100 levels deep. The text is asked, before anybody makes a value of it.
 *
 * @param text The text.
 *
 * @returns Whether it is. Of what is no JSON, nothing is certain.
 */
export function isTooDeep(text: string): boolean {
  if (!hasMany(text)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfText(text, at + 1);
    else if (code === bracket || code === brace) {
      if (++depth > maxDepth) return true;
    } else if (code === bracket + 2 || code === brace + 2) depth--;
  }
  return false;
}

/** Whether anything opens more often than it may at once. Engines find a character much faster than they read all of them. */
function hasMany(text: string): boolean {
  let found = 0;
  for (const opening of ["[", "{"]) {
    for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, at + 1))
      if (++found > maxDepth) return true;
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
/** The closing ones are two further. */
const bracket = 0x5b;
const brace = 0x7b;

/**
 * Finds the end of a text in JSON.
 *
 * @param text The JSON.
 * @param start Where the text begins, after its quotation mark.
 *
 * @returns The place of the quotation mark that ends it; the end of the JSON if none does.
 */
export function endOfText(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at >= 0) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return at;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
}
