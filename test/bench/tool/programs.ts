import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { type Finished, type RunOptions, start } from "../../runtimes/runtime.ts";
import type { Context } from "./benchmark.ts";
import { tree } from "./proc.ts";

/** One that has left others behind, which hold its streams open, is not waited for longer, in milliseconds. */
const longestEnd = 10_000;

/** A program that was started, with all that it starts. */
export interface Program {
  readonly pid: number;
  readonly finished: Promise<Finished>;
  /** Ends it and what it started. */
  stop(): Promise<void>;
}

/**
 * Starts a program in a process group of its own, which ends with the run.
 *
 * @param context The run.
 * @param command The program and its arguments.
 * @param options The folder, more environment variables, and the standard input.
 *
 * @returns The running program.
 */
export function startProgram(context: Context, command: readonly string[], options: RunOptions = {}): Program {
  const running = start(command, { cwd: context.folder, ...options, group: true });
  // A program that is not there never ends, and has no number.
  const failed = new Promise<never>((_, reject) => running.child.once("error", reject));
  failed.catch(() => {});
  const stop = context.atEnd(async () => {
    if (running.child.pid === undefined) return;
    // Some servers give their workers a session of their own, which the group's end does not reach.
    const all = await tree(running.child.pid);
    running.kill("SIGKILL");
    for (const pid of all.slice(1)) end(pid);
    await Promise.race([running.finished, pause(longestEnd, undefined, { ref: false })]);
  });
  return { pid: running.child.pid ?? 0, finished: Promise.race([running.finished, failed]), stop };
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/**
 * Runs a program to its end.
 *
 * @param context The run.
 * @param command The program and its arguments.
 * @param options The folder, more environment variables, and the standard input.
 *
 * @returns What it wrote to the standard output stream; an error with what it wrote to the other when it fails.
 */
export async function runProgram(
  context: Context,
  command: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const program = startProgram(context, command, options);
  const { code, stdout, stderr } = await program.finished;
  await program.stop();
  if (code !== 0)
    throw new Error(`${command.join(" ")} ended with ${code}: ${stderr.slice(-2000) || stdout.slice(-2000)}`);
  return stdout;
}
