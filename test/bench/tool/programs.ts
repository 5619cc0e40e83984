import { type Finished, type RunOptions, start } from "../../runtimes/runtime.ts";
import type { Context } from "./benchmark.ts";

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
    running.kill("SIGKILL");
    await running.finished;
  });
  return { pid: running.child.pid ?? 0, finished: Promise.race([running.finished, failed]), stop };
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
