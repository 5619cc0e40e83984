import process from "node:process";

/** One line on a terminal that says what is being done, and for how long. */
export interface Progress {
  /** Begins a line, or replaces its text. */
  start(text: string): void;
  /** Replaces the text of the line, and lets its time go on. */
  update(text: string): void;
  /** Takes the line away. */
  stop(): void;
  /** Lets others write to the terminal: takes the line away until the next tick. */
  aside(): void;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** What a progress line needs of a stream. */
type Terminal = Pick<NodeJS.WriteStream, "isTTY"> & { write(text: string): unknown };

/**
 * Creates a progress line on the standard error stream; one that does nothing when that is not a terminal.
 *
 * It neither hides the cursor nor handles signals, as the spinners of libraries do: JavaScript handles no signal while
 * a training computes, so Ctrl-C must keep ending the process by itself, and leave a terminal that is in order.
 *
 * @param terminal The stream.
 *
 * @returns The line.
 */
export function createProgress(terminal: Terminal = process.stderr): Progress {
  if (!terminal.isTTY) return { start() {}, update() {}, stop() {}, aside() {} };
  let timer: ReturnType<typeof setInterval> | undefined;
  let text = "";
  let begun = 0;
  let tick = 0;
  const clear = () => terminal.write("\r\u001b[K");
  const draw = () => {
    const seconds = Math.floor((Date.now() - begun) / 1000);
    terminal.write(`\r\u001b[K${frames[tick++ % frames.length]} ${text}${seconds > 0 ? ` ${seconds} s` : ""}`);
  };
  return {
    start(next) {
      text = next;
      begun = Date.now();
      draw();
      timer ??= setInterval(draw, 100);
      timer.unref();
    },
    update(next) {
      text = next;
    },
    stop() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      clear();
    },
    aside() {
      if (timer !== undefined) clear();
    },
  };
}
