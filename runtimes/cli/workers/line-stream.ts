import type { Readable } from "node:stream";

/**
 * Passes text on in whole lines, so that what several processes write does not mix within a line.
 *
 * @param from The text, in whatever pieces it comes.
 * @param write Takes one or more lines, each with its line feed.
 *
 * @returns Resolves when all has been passed on; a last line that has no line feed gets one.
 */
export async function passLines(from: Readable, write: (lines: string) => void): Promise<void> {
  let rest = "";
  from.setEncoding("utf8");
  for await (const piece of from) {
    const text = rest + piece;
    const end = text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    if (end > 0) write(text.slice(0, end));
  }
  if (rest) write(`${rest}\n`);
}
