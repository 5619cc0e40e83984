/** What a terminal would obey, and what would begin a line: both let a text look like something that the log never said. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a line
const controls = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r" };

/**
 * Escapes control characters, so that a text stays on its line.
 *
 * @param text Any text.
 *
 * @returns The text, `\n` for a line feed and `\u001b` for an escape.
 */
export function onOneLine(text: string): string {
  return text.replace(
    controls,
    (character) => short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Indents the lines of a text, control characters escaped, so that none of them can be taken for a record of a log.
 *
 * @param text A text of several lines, such as a stack.
 *
 * @returns The lines, each after four spaces.
 */
export function indented(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => `    ${onOneLine(line)}`)
    .join("\n");
}
