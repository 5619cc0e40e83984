import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { StartChild } from "../../src/internal.ts";

/** Program that a child runs. */
export interface Program {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** So long may what the child has started hold its streams open, in milliseconds. */
const maxLinger = 500;

/**
 * Starter of a program as a child: its standard streams are the protocol's, its errors are its output.
 *
 * @param program The program.
 *
 * @returns A function that starts it.
 */
export function startProgram({ command, arguments: args, environment }: Program): StartChild {
  return ({ onBytes, onOutput, onEnd }) => {
    let child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
    let ended = false;
    const end = (how: string) => {
      if (ended) return;
      ended = true;
      onEnd(how);
    };
    try {
      child = spawn(command, args, {
        stdio: ["pipe", "pipe", "pipe"],
        windowsHide: true,
        ...(environment && { env: { ...process.env, ...environment } }),
      });
    } catch (error) {
      // Deno refuses at once what it may not run.
      queueMicrotask(() => end(`at once: ${String(error)}`));
      return { write() {}, kill() {} };
    }
    const { stdin, stdout, stderr } = child;
    const running = child;
    let how = "without a word";
    stdout.on("data", onBytes);
    stderr.on("data", onOutput);
    // A child that has ended takes nothing, which is told by its end.
    for (const stream of [stdin, stdout, stderr]) stream.on("error", () => {});
    running.on("error", (error) => end(`at once: ${error.message}`));
    running.on("exit", (code, signal) => {
      how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      setTimeout(() => {
        for (const stream of [stdin, stdout, stderr]) stream.destroy();
        end(how);
      }, maxLinger);
      stdin.destroy();
    });
    running.on("close", () => end(how));
    return {
      write(pieces) {
        if (ended || stdin.destroyed) return undefined;
        let goesOn = true;
        if (pieces.length > 1) stdin.cork();
        for (const piece of pieces) goesOn = stdin.write(piece);
        if (pieces.length > 1) stdin.uncork();
        if (goesOn) return undefined;
        return new Promise((resolve) => {
          stdin.once("drain", resolve);
          stdin.once("close", resolve);
        });
      },
      kill() {
        running.kill("SIGKILL");
      },
    };
  };
}
