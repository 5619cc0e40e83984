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
  const show = progressOf(session, counts, options.from);
  try {
    const frames = scoredFrames(
      await framesOf(batch, source, options),
      {
        score: pool.score,
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
    await sink.write(shown(frames, show));
    if (counts.rows !== counts.predicted + counts.skipped) {
      throw new LaunchpadError(
        "INTERNAL",
        `${counts.rows} rows, ${counts.predicted} predicted, ${counts.skipped} skipped`,
      );
    }
    await bad.end();
    return counts;
  } catch (error) {
    await bad.abandon(error);
    throw error;
  } finally {
    session.progress.stop();
  }
}

/** A file that keeps columns apart is read as far as it is needed; which columns it has, its first row tells. */
async function framesOf(
  batch: Batch,
  source: Source,
  { params, columns }: TableOptions,
): Promise<AsyncIterable<Frame>> {
  const request = { size: rowsAtOnce, params };
  const { columns: inputs } = batch;
  if (source.type !== "parquet" || inputs === undefined) return source.batches(request);
  for await (const { names } of source.batches({ ...request, size: 1 })) {
    const wanted = [...new Set([...inputs.required, ...inputs.optional, ...columns])];
    const missing = [...inputs.required, ...columns].some((name) => !names.includes(name));
    const found = wanted.filter((name) => names.includes(name));
    return source.batches(missing || found.length === 0 ? request : { ...request, columns: found });
  }
  return source.batches(request);
}

async function* shown(frames: AsyncIterable<Frame>, show: () => void): AsyncGenerator<Frame> {
  for await (const frame of frames) {
    show();
    yield frame;
  }
}

function progressOf({ progress, host }: Session, counts: Counts, from: string): () => void {
  const now = () => host.elapsed?.() ?? host.now();
  const begun = now();
  progress.start(`predicting ${from}`);
  return () => {
    const seconds = (now() - begun) / 1000;
    const rate = seconds > 0 ? Math.round(counts.rows / seconds) : 0;
    progress.update(`predicting ${from}: ${counts.rows} rows, ${rate} a second`);
  };
}

/**
 * Creates the columns that say which run predicted a row, and when.
 *
 * @param batch The model.
 * @param session The session.
 *
 * @returns The values by column.
 */
export function stampOf({ meta }: Batch, { host }: Session): Record<string, string> {
  const run = meta ? `${meta.name}@${meta.version}/${meta.run}` : "";
  return { model_run: run, predicted_at: new Date(host.now()).toISOString() };
}
