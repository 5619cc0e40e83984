import type { ChildProcess } from "node:child_process";
import process from "node:process";
import type { Json } from "../../../src/internal.ts";
import { type Ask, openChannel } from "./channel.ts";
import { passLines } from "./line-stream.ts";
import type { SupervisorCalls, WorkerCalls } from "./worker.ts";

/** A worker, as its supervisor sees it. */
export interface Supervised {
  readonly pid: number;
  readonly ask: Ask<WorkerCalls>;
  /** Whether it serves by now. */
  readonly serves: boolean;
  /** What it said before it ended of itself. */
  readonly failure: { readonly code?: string; readonly message: string } | undefined;
  /** Its numbers, when they were last asked for. */
  numbers: string;
  /** Its parts of topics, when they were last asked for. */
  readonly parts: Map<string, Json>;
  /** For how many milliseconds it may compute without a pause. */
  readonly patience: number;
  /** Resolves with what a user is told when it serves. */
  readonly serving: Promise<string>;
  readonly ended: Promise<Ended>;
  /** Lets it answer what is in flight, if it serves. */
  stop(): void;
  kill(): void;
}

/** How a worker ended. */
export interface Ended {
  /** Its exit code, or the signal. */
  readonly how: string;
  /** For how long it had served, in milliseconds. */
  readonly served: number;
}

/** What is left in a pipe when its writer has ended is there at once, unless somebody else holds the pipe. */
const killAfterMs = 1000;

/** Computing for so long without a pause is no prediction any more, in seconds. */
const defaultStall = 60;

/**
 * Takes over a process that was started as a worker.
 *
 * @param child The process.
 * @param calls What it can ask for besides what is known of it here.
 *
 * @returns The worker.
 */
export function superviseProcess(
  child: ChildProcess,
  calls: (worker: Supervised) => Pick<SupervisorCalls, "metrics" | "gather" | "claim" | "refresh" | "log">,
): Supervised {
  let since: number | undefined;
  let stall = defaultStall;
  let isGone = false;
  let failure: Supervised["failure"];
  let onServing = (_welcome: string) => {};
  const serving = new Promise<string>((resolve) => {
    onServing = resolve;
  });
  const written = child.stderr ? passLines(child.stderr, (lines) => process.stderr.write(lines)) : Promise.resolve();
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      isGone = true;
      resolve(signal ?? `exit code ${code}`);
    });
    child.once("error", (error) => resolve(error.message));
  }).then(async (how): Promise<Ended> => {
    const served = since === undefined ? 0 : performance.now() - since;
    since = undefined;
    await within(
      written.catch(() => {}),
      killAfterMs,
    );
    return { how, served };
  });
  const sendSignal = (name: NodeJS.Signals) => {
    if (child.pid === undefined || isGone) return;
    try {
      // Deno's `child.kill` takes any signal for the end of the child.
      process.kill(child.pid, name);
    } catch (error) {
      // It has ended, and we have not heard yet.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  };
  const worker: Supervised = {
    pid: child.pid ?? 0,
    get serves() {
      return since !== undefined;
    },
    get failure() {
      return failure;
    },
    get patience() {
      return stall * 1000;
    },
    numbers: "",
    parts: new Map(),
    serving,
    ended,
    stop() {
      // Windows knows no signal but the one that ends all; and who is not yet connected hears nothing else.
      if (since === undefined) sendSignal("SIGTERM");
      else void ask("stop");
    },
    kill: () => sendSignal("SIGKILL"),
    ask: (...args) => ask(...args),
  };
  const ask = openChannel<WorkerCalls>(child, {
    ...calls(worker),
    serving({ welcome, stall: told }: Parameters<SupervisorCalls["serving"]>[0]) {
      since = performance.now();
      stall = told ?? stall;
      onServing(welcome);
    },
    ends(last: Parameters<SupervisorCalls["ends"]>[0]) {
      worker.numbers = last.numbers ?? "";
      for (const [topic, part] of Object.entries(last.parts)) worker.parts.set(topic, part);
    },
    failed(error: NonNullable<Supervised["failure"]>) {
      failure = error;
    },
  });
  return worker;
}

/**
 * Waits, but not for ever.
 *
 * @param promise What to wait for; it must not reject.
 * @param milliseconds How long.
 *
 * @returns What it resolved with, or undefined.
 */
export async function within<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  const value = await Promise.race([promise, late]);
  clearTimeout(timer);
  return value;
}
