import { isFrame } from "../../data/frame/frame.ts";
import { isLaunchpadError, LaunchpadError } from "../../errors.ts";
import type { Args, ModelContext } from "../define.ts";
import { createCallbacks } from "./callbacks.ts";
import { packFrame } from "./columns.ts";
import type { Connection } from "./connection.ts";
import type { Message } from "./message.ts";
import { frameOfArgs, type Waiting } from "./queue.ts";
import { packValue, readFiles, unpackValue } from "./value.ts";

/** How predictions are made. */
export interface PredictionOptions {
  /** So long may a child compute, in milliseconds; undefined for as long as it likes. */
  readonly timeout: number | undefined;
  /** Number of the contents in the child. */
  readonly model: number;
  /** To be told that `predict_batch` wants to write: what it writes would be of several callers. */
  onWrite(): void;
}

/**
 * Makes predictions by one child: several in one call where its module can, and each by itself where that fails, so that only
 * the row fails that is wrong. What goes together writes nothing: each row then writes by itself, once, as its caller wants it.
 *
 * @param connection The child.
 * @param together The predictions, which have one group.
 * @param options How.
 */
export async function predictTogether(
  connection: Connection,
  together: readonly Waiting[],
  options: PredictionOptions,
): Promise<void> {
  const waiting = together.filter((it) => !isAbandoned(it));
  const [first, ...others] = waiting;
  if (first === undefined) return;
  if (others.length === 0) return settle(first, () => predictOne(connection, first, options));
  const shared = sharedRun(first.run);
  try {
    const predictions = await predictBatch(connection, waiting, options, shared.run);
    // Its code may have gone on without what it was to write.
    if (!shared.wantedSink()) {
      for (const [at, { resolve }] of waiting.entries()) resolve(predictions[at]);
      return;
    }
  } catch (error) {
    // A source may fail for the one alone who asked first. Whoever counts wrongly does so for all.
    const isOfAll = isLaunchpadError(error) && error.code === "PREDICT_FAILED";
    if (!connection.alive() || (isOfAll && !shared.wantedSink())) throw error;
  }
  if (shared.wantedSink()) options.onWrite();
  for (const one of waiting) await settle(one, () => predictOne(connection, one, options));
}

/** Run of several callers, in which nothing is written: each has its own way to be written for, or wants nothing written. */
function sharedRun(run: ModelContext): { readonly run: HandledRun; wantedSink(): boolean } {
  let wanted = false;
  const refusing: HandledRun = {
    source: (name) => run.source(name),
    sink(name) {
      wanted = true;
      throw new LaunchpadError("HOST_FAILED", `[model] sink ${name}: rows that go together write nothing`);
    },
    report: (name, value) => run.report(name, value),
    log: run.log,
    orderColumns: (data) => run.orderColumns(data),
  };
  return { run: refusing, wantedSink: () => wanted };
}

/** What the code of a child reaches. */
type HandledRun = Pick<ModelContext, "source" | "sink" | "report" | "log" | "orderColumns">;

async function settle({ resolve, reject }: Waiting, predict: () => Promise<unknown>): Promise<void> {
  try {
    resolve(await predict());
  } catch (error) {
    reject(error);
  }
}

/** Whoever has given up wants no answer. */
function isAbandoned({ run, reject }: Waiting): boolean {
  if (!run.signal.aborted) return false;
  reject(run.signal.reason);
  return true;
}

async function predictOne(connection: Connection, waiting: Waiting, options: PredictionOptions): Promise<unknown> {
  if (!connection.hello.functions.includes("predict")) {
    if (waiting.group !== undefined) return (await predictBatch(connection, [waiting], options, waiting.run))[0];
    throw new LaunchpadError(
      "PREDICT_FAILED",
      "[model] predict_batch takes arguments of one value each, expected a function predict for lists, objects and files",
    );
  }
  const buffers: Uint8Array[] = [];
  const reading = readFiles(waiting.args);
  const read = reading instanceof Promise ? await reading : reading;
  const { value, tagged } = packValue(read, buffers);
  const header = { type: "predict", model: options.model, args: value as Args, ...(tagged && { tagged }) };
  const { header: answer, buffers: bytes } = await inTime(connection, options, header, buffers, waiting.run);
  return unpackValue(answer.value, answer.tagged === true, bytes);
}

async function predictBatch(
  connection: Connection,
  waiting: readonly Waiting[],
  options: PredictionOptions,
  run: HandledRun,
): Promise<unknown[]> {
  const buffers: Uint8Array[] = [];
  const frame = packFrame(frameOfArgs(waiting.map(({ args }) => args)), buffers);
  const answer = await inTime(
    connection,
    options,
    { type: "predict_batch", model: options.model, frame },
    buffers,
    run,
  );
  const value = unpackValue(answer.header.value, answer.header.tagged === true, answer.buffers);
  const predictions = isFrame(value) ? [...value.rows()] : Array.from(value as ArrayLike<unknown>);
  if (predictions.length === waiting.length) return predictions;
  throw new LaunchpadError(
    "PREDICT_FAILED",
    `[model] predict_batch: expected a prediction for each of ${waiting.length} rows, found ${predictions.length}`,
  );
}

/** A computation that is stuck is ended with its process. */
async function inTime(
  connection: Connection,
  { timeout }: PredictionOptions,
  header: object,
  buffers: readonly Uint8Array[],
  run: HandledRun,
): Promise<Message> {
  if (timeout === undefined) return finished(await connection.call(header, buffers, createCallbacks(run)), run);
  const late = setTimeout(
    () => connection.kill(`because a prediction took longer than ${timeout / 1000} seconds (api.timeout)`),
    timeout,
  );
  try {
    return finished(await connection.call(header, buffers, createCallbacks(run)), run);
  } finally {
    clearTimeout(late);
  }
}

/** Takes down what the lifecycle wants to know of a call. */
export function finished(message: Message, run: { orderColumns(data: Record<string, unknown>): unknown }): Message {
  if (message.header.ordered === true) run.orderColumns({});
  return message;
}
