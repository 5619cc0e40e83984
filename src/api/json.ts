/** Deeper than any arguments, and far from where a recursive reader ends the stack. */
export const deepest = 100;

/**
 * Reads JSON that a caller sent.
 *
 * @param text The text.
 *
 * @returns The value; undefined if the text is no JSON, or is nested more than 100 levels deep.
 */
export function readJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isTooDeep(value) ? undefined : value;
}

/**
 * Tells whether a value is nested more than 100 levels deep. Level by level instead of recursively: the nesting is as
 * deep as the sender likes.
 *
 * @param value A JSON value.
 *
 * @returns Whether it is.
 */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const container of level) {
      if (typeof container !== "object" || container === null) continue;
      if (depth >= deepest) return true;
      for (const item of Object.values(container)) if (typeof item === "object" && item !== null) next.push(item);
    }
    level = next;
  }
  return false;
}
