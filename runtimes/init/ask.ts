import process from "node:process";
import { createInterface } from "node:readline";
import { isLaunchpadError, LaunchpadError } from "../../src/internal.ts";

/** Asks questions on a terminal. */
export interface Asker {
  /**
   * Asks until an answer is right.
   *
   * @param question What is asked.
   * @param suggested What an empty answer means; an answer is needed without it.
   * @param read Makes of the answer what it means; what it throws is shown, and the question asked again.
   */
  ask<T>(question: string, suggested: string | undefined, read: (answer: string) => T | Promise<T>): Promise<T>;
  close(): void;
}

/**
 * Questions on the terminal, if there is one.
 *
 * @returns undefined unless standard input and error are both terminals: nobody would see a question, or answer it.
 */
export function createAsker(): Asker | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Whoever types ahead, or pastes, has answered before the question is there.
  const typed: string[] = [];
  let isStopped = false;
  let wake = () => {};
  const stop = () => {
    isStopped = true;
    wake();
  };
  terminal.on("line", (line) => {
    typed.push(line);
    wake();
  });
  // Ctrl-C and Ctrl-D.
  terminal.on("SIGINT", stop);
  terminal.on("close", stop);

  async function nextLine(): Promise<string> {
    for (;;) {
      if (isStopped) {
        process.stderr.write("\n");
        throw new LaunchpadError("ABORTED", "stopped; nothing was written");
      }
      const line = typed.shift();
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    async ask(question, suggested, read) {
      for (;;) {
        terminal.setPrompt(`${question}${suggested === undefined ? "" : ` (${suggested})`}: `);
        terminal.prompt();
        const answer = (await nextLine()).trim() || suggested;
        if (answer === undefined) continue;
        try {
          return await read(answer);
        } catch (error) {
          if (!isLaunchpadError(error)) throw error;
          process.stderr.write(`${error.message}\n`);
        }
      }
    },
    close: () => terminal.close(),
  };
}
