/** Deeper than any arguments, and far from where a recursive reader ends the stack. */
export const maxDepth = 100;

/**
 * Reads JSON that a caller sent.
 *
 * @param text The text.
 *
 * @returns The value; undefined if the text is no JSON, or is nested more than 100 levels deep.
 */
export function readJson(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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

function endOfText(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at >= 0) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return at;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
}
