import {
  type Batch,
  type Cell,
  type Config,
  type Counts,
  type Frame,
  LaunchpadError,
  type Sink,
  type Source,
  scoredFrames,
} from "../../../src/internal.ts";
import type { Session } from "../session.ts";
import { openBadRows } from "./bad-rows.ts";
import { type BadRows, dataNamed } from "./options.ts";
import type { Pool } from "./pool.ts";
import { showProgress } from "./show-progress.ts";

/** What is scored, and how. */
export interface TableOptions {
  readonly from: string;
  readonly fromFormat: string | undefined;
  readonly columns: readonly string[];
  readonly params: Readonly<Record<string, Cell>>;
  readonly errors: BadRows;
  /** Whether each row says which run predicted it, and when. */
  readonly stamp: boolean;
}

/** So many rows are predicted at once. */
export const rowsAtOnce = 16_384;

/**
 * Opens the source of a table.
 *
 * @param batch The model with its data.
 * @param config The configuration.
 * @param options The options.
 *
 * @returns The source.
 *
 * @throws USAGE for a word that names nothing.
 */
export async function openTable(batch: Batch, config: Config, options: TableOptions): Promise<Source> {
  const naming = { config, section: "datasources", option: "--from" } as const;
  return batch.source(dataNamed(options.from, naming, options.fromFormat), "--from");
}

/**
 * Tells whether all that a source has is text, whose types are guessed.
 *
 * @param source The source.
 *
 * @returns Whether it is CSV.
 */
export function isUntyped({ type }: Source): boolean {
  return type === "csv" || type === "euro_csv";
}

/** One go at a table. */
export interface Scoring {
  readonly batch: Batch;
  readonly pool: Pool;
  readonly source: Source;
  readonly sink: Sink;
  readonly options: TableOptions;
  readonly signal: AbortSignal;
  /** The number of rows before the first, where only a part is scored. Default: 0. */
  readonly before?: number;
}

/**
 * Scores a table: reads a source, predicts its rows, and writes a sink, at constant memory.
 *
 * @param session The session, which shows how far it is.
 * @param scoring What is scored.
 *
 * @returns How many rows there were.
 *
 * @throws The first error; nothing is written then.
 */
export async function scoreTable(session: Session, scoring: Scoring): Promise<Counts> {
  const { batch, pool, source, sink, options, signal, before } = scoring;
  const counts: Counts = { rows: 0, predicted: 0, skipped: 0 };
  const bad = openBadRows(options.errors, session.host);
  const { read, show } = showProgress(session, counts, options.from);
  try {
    const frames = scoredFrames(
      await framesOf(batch, source, { ...options, onProgress: read }),
      {
        score: pool.score,
        untyped: isUntyped(source),
        inputs: batch.columns,
        carry: options.columns,
        stamp: options.stamp ? stampOf(batch, session) : undefined,
        atOnce: pool.size === 1 ? 1 : 2 * pool.size,
        onBadRow: bad.add,
        where: options.from,
        before,
        signal,
      },
      counts,
    );
    await sink.write(toldOf(frames, show));
    assertCounts(counts);
    await bad.end();
    return counts;
  } catch (error) {
    await bad.abandon(error);
    throw error;
  } finally {
    session.progress.stop();
  }
}

/**
 * Checks that every row that was read is either predicted or skipped.
 *
 * @param counts The rows.
 *
 * @throws INTERNAL when they do not add up.
 */
export function assertCounts({ rows, predicted, skipped }: Counts): void {
  if (rows === predicted + skipped) return;
  throw new LaunchpadError("INTERNAL", `${rows} rows, ${predicted} predicted, ${skipped} skipped`);
}

/**
 * Opens the frames of a table. A file that keeps columns apart is read as far as it is needed; which columns it has, its first row tells.
 *
 * @param batch The model.
 * @param source The source.
 * @param options The options, and what is told how much was read.
 *
 * @returns Frames of `rowsAtOnce` rows.
 */
export async function framesOf(
  batch: Batch,
  source: Source,
  { params, columns, onProgress }: TableOptions & { readonly onProgress?: (share: number) => void },
): Promise<AsyncIterable<Frame>> {
  const request = { size: rowsAtOnce, params, ...(onProgress && { onProgress }) };
  const { columns: inputs } = batch;
  if (source.type !== "parquet" || inputs === undefined) return source.batches(request);
  for await (const { names } of source.batches({ params, size: 1 })) {
    const wanted = [...new Set([...inputs.required, ...inputs.optional, ...columns])];
    const missing = [...inputs.required, ...columns].some((name) => !names.includes(name));
    const found = wanted.filter((name) => names.includes(name));
    return source.batches(missing || found.length === 0 ? request : { ...request, columns: found });
  }
  return source.batches(request);
}

/**
 * Passes frames on, and calls back for each.
 *
 * @param frames The frames.
 * @param tell What is called.
 *
 * @returns The frames.
 */
export async function* toldOf(frames: AsyncIterable<Frame>, tell: () => void): AsyncGenerator<Frame> {
  for await (const frame of frames) {
    tell();
    yield frame;
  }
}

/**
 * Creates the columns that say which run predicted a row, and when.
 *
 * @param batch The model.
 * @param session The session.
 * @param at When; now unless told.
 *
 * @returns The values by column.
 */
export function stampOf(
  { meta }: Batch,
  { host }: Session,
  at = new Date(host.now()).toISOString(),
): Record<string, string> {
  const run = meta ? `${meta.name}@${meta.version}/${meta.run}` : "";
  return { model_run: run, predicted_at: at };
}
