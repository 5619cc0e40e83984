/** Log of what a child prints. */
export interface OutputLog {
  push(bytes: Uint8Array): void;
  /** The last lines, for the message of a child that ended. */
  tail(): string;
}

/** A longer line is cut. */
const maxLine = 8192;
/** So many lines are logged between two calls of `rest`; a model that prints in a loop must not fill a disk. */
const maxLines = 2000;
const tailLines = 20;

/**
 * Logger of the output of a child, line by line, in memory that does not grow with it.
 *
 * @param onLine Called with each line.
 * @param elapsed A clock in milliseconds: so many lines are logged within a minute, and no more.
 *
 * @returns The log.
 */
export function createOutputLog(onLine: (line: string) => void, elapsed: () => number): OutputLog {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let line = "";
  let dropped = 0;
  let lines = 0;
  let since = elapsed();
  let last: string[] = [];

  const add = (text: string) => {
    const room = maxLine - line.length;
    if (text.length > room) dropped += text.length - room;
    line += text.slice(0, Math.max(0, room));
  };
  const flush = () => {
    const text = dropped > 0 ? `${line} ... and ${dropped} characters more` : line;
    line = "";
    dropped = 0;
    if (text.trim() === "") return;
    last = [...last.slice(1 - tailLines), text];
    const now = elapsed();
    if (now - since > 60_000) {
      if (lines > maxLines) onLine(`(${lines - maxLines} lines of output were left out)`);
      lines = 0;
      since = now;
    }
    lines += 1;
    if (lines <= maxLines) onLine(text);
    if (lines === maxLines + 1) onLine(`(more than ${maxLines} lines within a minute: the rest is left out)`);
  };

  return {
    push(bytes) {
      const text = decoder.decode(bytes, { stream: true });
      let start = 0;
      for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
        add(text.slice(start, end).replace(/\r$/, ""));
        flush();
        start = end + 1;
      }
      add(text.slice(start));
    },
    tail() {
      if (line !== "") flush();
      return last.join("\n");
    },
  };
}
