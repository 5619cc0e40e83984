import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The runtimes that start programs: how each runs a module. */
export const runtimes: Record<string, readonly string[]> = {
  "Node 20": [at("node_modules/node20/bin/node")],
  Node: [process.env.CURRENT_NODE ?? at("node_modules/node/bin/node")],
  Bun: [at("node_modules/.bin/bun")],
  Deno: [at("node_modules/.bin/deno"), "run", "-A"],
};

/** The command line as it is published. */
export const publishedCli = at("dist/cli.js");

/** The command line as it is written. */
export const sourceCli = at("runtimes/cli/main.ts");

/** What a program printed, and how it ended. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly input?: string;
  /** Whether it gets a process group of its own, so that the programs which it starts can be ended with it. */
  readonly group?: boolean;
}

/** A program that runs. */
export interface Running {
  /** Sends a signal to it, and to its process group if it has one. */
  kill(signal: NodeJS.Signals): void;
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves with the first match in what it writes to the standard error stream. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/**
 * Starts a program.
 *
 * @param command The program and its arguments.
 * @param options The folder, more environment variables, and the standard input.
 *
 * @returns The running program.
 */
export function start(command: readonly string[], options: RunOptions = {}): Running {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    cwd: options.cwd ?? at("."),
    env: { ...process.env, NO_COLOR: "1", LAUNCHPAD_CFG: "", LAUNCHPAD_LOG: "", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: options.group ?? false,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  let ended = false;
  const finished = once(child, "close").then(([code, signal]): Finished => {
    ended = true;
    return { code, signal, stdout, stderr };
  });
  return {
    child,
    kill(signal) {
      if (ended || child.pid === undefined) return;
      try {
        process.kill(options.group ? -child.pid : child.pid, signal);
      } catch (error) {
        // It has ended by itself, and what it wrote has not all come yet.
        if ((error as { code?: unknown }).code !== "ESRCH") throw error;
      }
    },
    finished,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(stderr);
        if (match) return match;
        await Promise.race([
          once(child.stderr, "data"),
          finished.then((end) => {
            throw new Error(`ended with ${end.code} before printing ${pattern}: ${end.stderr}`);
          }),
        ]);
      }
    },
  };
}

/**
 * Runs a program to its end.
 *
 * @param command The program and its arguments.
 * @param options The folder, more environment variables, and the standard input.
 *
 * @returns What it printed, and how it ended.
 */
export function run(command: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return start(command, options).finished;
}

/**
 * Starts `launchpad ... api` on a free port.
 *
 * @param command The command line, without `api`.
 * @param options The folder and environment.
 *
 * @returns Where it serves, and how to stop it.
 */
export async function startApi(
  command: readonly string[],
  options: RunOptions = {},
): Promise<{ readonly origin: string; readonly running: Running; stop(): Promise<Finished> }> {
  const running = start([...command, "api", "--port", "0"], options);
  const [, origin = ""] = await running.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)/);
  return {
    origin,
    running,
    stop() {
      running.kill("SIGTERM");
      return running.finished;
    },
  };
}
