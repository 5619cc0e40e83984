/**
 * Creates the regular expression of a pattern: with full Unicode where the pattern allows it.
 *
 * @param pattern A regular expression of ECMAScript, matched anywhere in a value as `test` does.
 *
 * @returns The regular expression.
 *
 * @throws SyntaxError when the pattern is no regular expression.
 */
export function patternOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch {
    // Older patterns escape what the `u` flag does not let them escape.
    return new RegExp(pattern);
  }
}

/** Whether a text is a regular expression of ECMAScript. */
export function isPattern(text: string): boolean {
  try {
    patternOf(text);
    return true;
  } catch {
    // The engine's own words differ between runtimes.
    return false;
  }
}

/**
 * Counts characters, not UTF-16 units: a caller who sends one emoji has sent one character.
 *
 * @param text Any text.
 *
 * @returns The number of its code points.
 */
export function lengthOf(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}
