import { isFrame } from "../../data/frame/frame.ts";
import { LaunchpadError } from "../../errors.ts";
import type { Args } from "../define.ts";
import { createCallbacks } from "./callbacks.ts";
import { packFrame } from "./columns.ts";
import { type Connection, HostedError } from "./connection.ts";
import type { Message } from "./message.ts";
import { frameOfArgs, type Waiting } from "./queue.ts";
import { packValue, readFiles, unpackValue } from "./value.ts";

/** How predictions are made. */
export interface PredictionOptions {
  /** So long may a child compute, in milliseconds; undefined for as long as it likes. */
  readonly timeout: number | undefined;
  /** Number of the contents in the child. */
  readonly model: number;
}

/**
 * Makes predictions by one child: several in one call where its module can, and each by itself where that fails, so that only
 * the row fails that is wrong.
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
  try {
    const predictions = await predictBatch(connection, waiting, options);
    for (const [at, { resolve }] of waiting.entries()) resolve(predictions[at]);
  } catch (error) {
    if (!(error instanceof HostedError)) throw error;
    for (const one of waiting) await settle(one, () => predictOne(connection, one, options));
  }
}

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
    if (waiting.group !== undefined) return (await predictBatch(connection, [waiting], options))[0];
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
  const { header: answer, buffers: bytes } = await inTime(connection, options, header, buffers, waiting);
  return unpackValue(answer.value, answer.tagged === true, bytes);
}

async function predictBatch(
  connection: Connection,
  waiting: readonly Waiting[],
  options: PredictionOptions,
): Promise<unknown[]> {
  const [first] = waiting;
  if (first === undefined) return [];
  const buffers: Uint8Array[] = [];
  const frame = packFrame(frameOfArgs(waiting.map(({ args }) => args)), buffers);
  const answer = await inTime(
    connection,
    options,
    { type: "predict_batch", model: options.model, frame },
    buffers,
    first,
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
  { run }: Waiting,
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
