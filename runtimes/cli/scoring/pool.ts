import { realpathSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import {
  type Batch,
  createFrame,
  type ErrorCode,
  type Frame,
  LaunchpadError,
  type Meta,
  type ScoredFrame,
  type ScoreHow,
} from "../../../src/internal.ts";
import { type Answer, type PackedError, packFrame, type Question, type ThreadData, unpackFrame } from "./messages.ts";

/** Answer to a row, or why there is none. */
export type PooledAnswer = { readonly prediction?: unknown; readonly error?: unknown };

/** Threads that score with one model; frames and rows go to the one that has least to do. */
export interface Pool {
  readonly size: number;
  score(frame: Frame, where: string, how?: ScoreHow): Promise<ScoredFrame>;
  answer(rows: readonly unknown[]): Promise<readonly PooledAnswer[]>;
  close(): Promise<void>;
}

/** How a model was opened. */
type Opened = Pick<ThreadData, "globals" | "model">;

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, { resolve(answer: Answer): void; reject(error: unknown): void }>;
}

/**
 * Starts threads that score. One is this thread itself: it costs nothing to start.
 *
 * @param batch The model.
 * @param count How many threads.
 * @param opened How the command line opened the model.
 *
 * @returns The threads, when all have the model.
 *
 * @throws Whatever keeps one of them from opening it.
 */
export async function startPool(batch: Batch, count: number, opened: Opened): Promise<Pool> {
  if (count <= 1) {
    return { size: 1, score: batch.score, answer: batch.answer, close: async () => {} };
  }
  const threads = Array.from({ length: count }, () => startThread(opened, batch.meta));
  try {
    await Promise.all(threads.map((thread) => ask(thread, undefined)));
  } catch (error) {
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
    throw error;
  }
  let last = 0;
  const send = (make: (id: number) => Question, handed: ArrayBuffer[] = []): Promise<Answer> => {
    last += 1;
    const [least] = [...threads].sort((a, b) => a.waiting.size - b.waiting.size);
    return ask(least as Thread, make(last), handed);
  };
  return {
    size: count,
    async score(frame, where, { untyped = false } = {}) {
      const read = batch.columns && [...batch.columns.required, ...batch.columns.optional];
      const { packed, handed } = packFrame(
        read ? frame.select(read.filter((name) => frame.names.includes(name))) : frame,
      );
      const answer = await send((id) => ({ id, frame: packed, where, untyped }), handed);
      if (!("predictions" in answer)) throw new LaunchpadError("INTERNAL", "a thread gave another answer than a frame");
      const { predictions, faults } = answer;
      // Without columns a frame would forget how many rows it has, and here it has none.
      return { predictions: predictions.columns.length === 0 ? createFrame({}) : unpackFrame(predictions), faults };
    },
    async answer(rows) {
      const answer = await send((id) => ({ id, rows }));
      if (!("rows" in answer)) throw new LaunchpadError("INTERNAL", "a thread gave another answer than rows");
      return answer.rows.map(({ error, prediction }) => (error ? { error: unpackError(error) } : { prediction }));
    },
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

function startThread(opened: Opened, meta: Meta | undefined): Thread {
  const run = meta && { name: meta.name, version: meta.version, run: meta.run };
  const data: ThreadData = { mllaunchpad: "scoring", ...opened, run };
  const worker = new Worker(programUrl(), { workerData: data, argv: process.argv.slice(2) });
  const waiting: Thread["waiting"] = new Map();
  const fail = (error: unknown) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", (answer: Answer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ("error" in answer) asked?.reject(unpackError(answer.error));
    else asked?.resolve(answer);
  });
  worker.on("error", fail);
  worker.on("exit", (code) => {
    fail(new LaunchpadError("PREDICT_FAILED", `[model] a thread that predicts has ended with exit code ${code}`));
  });
  return { worker, waiting };
}

function ask({ worker, waiting }: Thread, question: Question | undefined, handed: ArrayBuffer[] = []): Promise<Answer> {
  return new Promise((resolve, reject) => {
    waiting.set(question?.id ?? 0, { resolve, reject });
    if (question) worker.postMessage(question, handed);
  });
}

function unpackError({ code, message }: PackedError): Error {
  return code === undefined ? new Error(message) : new LaunchpadError(code as ErrorCode, message);
}

declare const Deno: { readonly mainModule: string } | undefined;

/** This program once more: a link in `node_modules/.bin` says nothing of the kind of file. */
function programUrl(): URL {
  if (typeof Deno !== "undefined") return new URL(Deno.mainModule);
  return pathToFileURL(realpathSync(process.argv[1] ?? ""));
}
