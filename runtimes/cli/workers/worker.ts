import process from "node:process";
import { isLaunchpadError, type Json, type Peers } from "../../../src/internal.ts";
import { environmentVariable } from "../../io/env.ts";
import { exit } from "../../process/exit.ts";
import { defaultGrace } from "../../process/server-contract.ts";
import { stackOf } from "../../process/stack.ts";
import { type Calls, openChannel } from "./channel.ts";

/** Tells a process that it is a worker, and at which port it listens. */
export const workerVariable = "LAUNCHPAD_WORKER_PORT";

/** How often a worker looks whether its supervisor lives, in milliseconds. */
const lookInterval = 1000;

/** What a supervisor can be asked by its workers. */
export interface SupervisorCalls extends Calls {
  /** The worker serves: what a user is told of it, and for how many seconds it may compute without a pause. */
  serving(of: { readonly welcome: string; readonly stall?: number | undefined }): void;
  /** The worker ends because of an error; without a code it is a defect, and the message its stack. */
  failed(error: { readonly code?: string; readonly message: string }): void;
  /** The worker ends of itself: its last numbers. */
  ends(last: { readonly numbers: string | undefined; readonly parts: Readonly<Record<string, Json>> }): void;
  /** The numbers of all workers; the worker's own are given. */
  metrics(own: string): Promise<string>;
  /** What each worker knows of a topic; the worker's own part is given. */
  gather(of: {
    readonly topic: string;
    readonly own: Json;
    readonly asked?: Json | undefined;
  }): Promise<readonly Json[]>;
  /** Whether no worker has asked with this key before. */
  claim(key: string): boolean;
  /** The other workers look for a newer model. */
  refresh(): Promise<void>;
  /** A line for a log file that only one process may write. */
  log(line: { readonly handler: string; readonly text: string }): void;
}

/** What a worker can be asked by its supervisor. */
export interface WorkerCalls extends Calls {
  /** Answer what is in flight, and end. */
  stop(): void;
  /** The worker's own numbers, if it counts. */
  metrics(): string | undefined;
  /** The worker's own part of a topic, if it knows anything of it. */
  share(of: { readonly topic: string; readonly asked?: Json | undefined }): Json | undefined;
  /** Look for a newer model now. */
  refresh(): Promise<void>;
  /** Answer: code that computes without a pause lets nothing be answered. */
  pulse(): boolean;
}

/** A process that serves with others, for the supervisor that started it. */
export interface Worker {
  /** Where it listens. */
  readonly port: number;
  readonly peers: Peers;
  /** Resolves when it is to stop. */
  readonly stopped: Promise<void>;
  /** From now on it may have requests in flight; before that, it ends at once when it is to stop. */
  listens(): void;
  /** Says that it serves, how it looks for a newer model, and for how many seconds it may compute without a pause. */
  serving(welcome: string, refresh: () => Promise<unknown>, stall?: number): void;
  /** Says that it ends; resolves when all that it has said is known. */
  ends(): Promise<void>;
  /** Says why it ends; resolves when that is known. */
  failed(error: unknown): Promise<void>;
  /** Hands a line over for a log file. */
  log(handler: string, text: string): void;
}

/**
 * Joins the supervisor that started this process, if one did.
 *
 * @returns The worker; undefined in a process that serves alone.
 */
export function joinSupervisor(): Worker | undefined {
  const port = environmentVariable(workerVariable);
  if (port === undefined || process.send === undefined) return undefined;
  // What a model starts is no worker.
  delete process.env[workerVariable];

  let listens = false;
  let isStopping = false;
  let onStop = () => {};
  const stopped = new Promise<void>((resolve) => {
    onStop = resolve;
  });
  const stop = () => {
    if (!listens) exit(0);
    isStopping = true;
    onStop();
  };
  // A terminal and systemd send signals to all processes at once, and the supervisor tells us, too: so none ends us at once here.
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  onOrphaned(() => {
    if (isStopping) exit(1);
    stop();
    // Whoever waits for an answer of the supervisor gets none.
    setTimeout(() => exit(1), defaultGrace + 2000).unref();
  });

  let own: (() => string) | undefined;
  const parts = new Map<string, (asked?: Json) => Json>();
  let look: () => Promise<unknown> = async () => {};
  const ask = openChannel<SupervisorCalls>(process, {
    stop,
    metrics: () => own?.(),
    share: ({ topic, asked }: Parameters<WorkerCalls["share"]>[0]) => parts.get(topic)?.(asked),
    // What goes wrong is in the log, and in /readyz.
    refresh: () => look().catch(() => {}),
    pulse: () => true,
  } satisfies Calls);

  return {
    port: Number(port),
    stopped,
    listens() {
      listens = true;
    },
    peers: {
      metrics(text) {
        own = text;
        return () => ask("metrics", text());
      },
      refresh: () => ask("refresh"),
      gather(topic, part) {
        parts.set(topic, part);
        return (asked) => ask("gather", { topic, own: part(), asked });
      },
      claim: (key) => ask("claim", key),
    },
    serving(welcome, refresh, stall) {
      look = refresh;
      void ask("serving", { welcome, stall });
    },
    ends: () =>
      ask("ends", {
        numbers: own?.(),
        parts: Object.fromEntries([...parts].map(([topic, part]) => [topic, part()])),
      }),
    failed: (error) =>
      ask(
        "failed",
        isLaunchpadError(error) ? { code: error.code, message: error.message } : { message: stackOf(error) },
      ),
    log: (handler, text) => void ask("log", { handler, text }),
  };
}

/** Calls back once, when the supervisor is gone. */
function onOrphaned(listener: () => void): void {
  const parent = process.ppid;
  const gone = () => {
    process.off("disconnect", gone);
    clearInterval(look);
    listener();
  };
  process.on("disconnect", gone);
  // Deno is silent when the supervisor dies before it has read all messages: the connection is then reset instead of ended.
  const look = setInterval(() => process.ppid !== parent && gone(), lookInterval).unref();
}
