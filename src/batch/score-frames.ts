import { quote } from "../data/access/messages.ts";
import { type TypedColumn, textColumn } from "../data/frame/column.ts";
import { frameOf, typedColumn } from "../data/frame/frame.ts";
import { takeRows } from "../data/frame/take-rows.ts";
import type { Frame, Row } from "../data/types.ts";
import { LaunchpadError } from "../errors.ts";
import { createAligner } from "./align.ts";
import { assertInputs } from "./row-values.ts";
import type { RowFault, Scorer } from "./scorer.ts";

/** Row that has no prediction, as it is written down: its number in the source from 1, the reason, and what was read. */
export interface BadRow extends RowFault {
  readonly values: Row;
}

/** How rows are scored. */
export interface ScoreOptions {
  /** Predicts a frame. */
  readonly score: Scorer["score"];
  /** Whether the rows are from where all is text, as CSV is. */
  readonly untyped?: boolean | undefined;
  /** Columns that the model reads. */
  readonly inputs: Scorer["columns"];
  /** Columns of the source that stand before the predictions. */
  readonly carry: readonly string[];
  /** Columns that are the same in all rows: which run predicts, and when. */
  readonly stamp?: Readonly<Record<string, string>> | undefined;
  /** How many frames are predicted at the same time. */
  readonly atOnce: number;
  /** Takes a row without prediction; without it, the first ends all. */
  readonly onBadRow?: ((row: BadRow) => void | Promise<void>) | undefined;
  /** Where the rows come from, for messages. */
  readonly where: string;
  /** The number of rows before the first. Default: 0. */
  readonly before?: number | undefined;
  /** What was made of the first of those rows, if some were scored before: all have its columns. */
  readonly like?: Frame | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Counts of rows. At the end, those that were read are those that were predicted and those that were skipped. */
export interface Counts {
  rows: number;
  predicted: number;
  skipped: number;
}

/**
 * Scores frames, several at a time, in their order.
 *
 * @param frames The rows, as they come; no more are asked for than are worked on.
 * @param options How.
 * @param counts Counted up as rows are done.
 *
 * @returns Frames of what was carried and predicted.
 *
 * @throws The error of the first row without prediction, with its number, unless somebody takes such rows; COLUMN_UNKNOWN;
 *   whatever the frames throw.
 */
export async function* scoredFrames(
  frames: AsyncIterable<Frame>,
  options: ScoreOptions,
  counts: Counts,
): AsyncGenerator<Frame> {
  const { score, untyped, carry, atOnce, where, signal, before = 0, like, stamp = {} } = options;
  const aligned = createAligner(like?.drop(carry, Object.keys(stamp)));
  const queue: { readonly frame: Frame; readonly first: number; readonly scored: ReturnType<Scorer["score"]> }[] = [];
  let read = before;

  async function* done(upTo: number): AsyncGenerator<Frame> {
    for (let next = queue[0]; next !== undefined && queue.length > upTo; next = queue[0]) {
      const { frame, first, scored } = next;
      const { predictions, faults } = await scored;
      queue.shift();
      if (predictions.length + faults.length !== frame.length) {
        const message = `${where}: ${frame.length} rows from row ${first} on, ${predictions.length} predictions and ${faults.length} faults`;
        throw new LaunchpadError("INTERNAL", message);
      }
      await tell(faults, frame, first, options);
      counts.rows += frame.length;
      counts.predicted += predictions.length;
      counts.skipped += faults.length;
      yield together(frame, aligned(predictions, first), faults, options);
    }
  }

  try {
    for await (const frame of frames) {
      signal?.throwIfAborted();
      assertInputs(frame.names, options.inputs, where);
      assertCarried(frame, carry, where);
      const scored = score(frame, where, { signal, untyped });
      // Whoever waits for the one before would hear of it too late.
      scored.catch(() => {});
      queue.push({ frame, first: read + 1, scored });
      read += frame.length;
      yield* done(atOnce - 1);
    }
    yield* done(0);
  } finally {
    await Promise.allSettled(queue.map(({ scored }) => scored));
  }
}

async function tell(
  faults: readonly RowFault[],
  frame: Frame,
  first: number,
  { onBadRow, where }: ScoreOptions,
): Promise<void> {
  for (const { row, code, message } of faults) {
    if (onBadRow === undefined) {
      const advice = "--errors skip FILE goes on without such rows, and writes them down";
      throw new LaunchpadError(
        code === "ERROR" ? "PREDICT_FAILED" : code,
        `${where} row ${first + row}: ${message}. ${advice}`,
      );
    }
    await onBadRow({ row: first + row, code, message, values: frame.row(row) ?? {} });
  }
}

function assertCarried(frame: Frame, carry: readonly string[], where: string): void {
  const missing = carry.filter((name) => !frame.names.includes(name));
  if (missing.length === 0) return;
  const message = `${where}: expected the columns ${missing.join(", ")} of --columns, found ${frame.names.slice(0, 20).join(", ")}`;
  throw new LaunchpadError("COLUMN_UNKNOWN", message);
}

/** What is carried, what is predicted, and the stamp. */
function together(
  frame: Frame,
  predictions: Frame,
  faults: readonly RowFault[],
  { carry, stamp = {}, where }: ScoreOptions,
): Frame {
  const bad = new Set(faults.map(({ row }) => row));
  const good =
    bad.size === 0 ? undefined : Array.from({ length: frame.length }, (_, row) => row).filter((row) => !bad.has(row));
  const carried = frame.select(carry);
  const kept = good ? takeRows(carried, good) : carried;
  const typed = new Map<string, TypedColumn>(kept.names.map((name) => [name, typedColumn(kept, name)]));
  const add = (name: string, column: TypedColumn) => {
    if (typed.has(name)) {
      const message = `${where}: expected columns of --columns with other names than predictions have, found ${quote(name)}`;
      throw new LaunchpadError("USAGE", `${message}. Leave it out, or rename it in the source`);
    }
    typed.set(name, column);
  };
  for (const name of predictions.names) add(name, typedColumn(predictions, name));
  for (const [name, value] of Object.entries(stamp)) add(name, textColumn(new Array(predictions.length).fill(value)));
  return frameOf(typed, predictions.length);
}
