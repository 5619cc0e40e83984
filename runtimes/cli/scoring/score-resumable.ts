import {
  type BadRow,
  type Counts,
  type Frame,
  frameDigest,
  LaunchpadError,
  scoredFrames,
} from "../../../src/internal.ts";
import type { Session } from "../session.ts";
import { openBadRows } from "./bad-rows.ts";
import type { Journal } from "./journal.ts";
import { assertCounts, framesOf, isUntyped, type Scoring, stampOf, type TableOptions, toldOf } from "./score-table.ts";
import { showProgress } from "./show-progress.ts";

/** Sinks that appear whole or not at all, however often they are written. */
const filesOnly = ["csv", "euro_csv", "json", "jsonl", "parquet"];

/**
 * Scores a table as `scoreTable` does, and keeps what is done in a journal: interrupted at any moment, the same command goes on after
 * the last whole frame. The sink is written at the end, from the journal, which is then removed.
 *
 * @param session The session, which shows how far it is.
 * @param scoring What is scored.
 * @param journal What was done before.
 *
 * @returns How many rows there were, those before included.
 *
 * @throws The first error; DATA_INVALID when the source has changed.
 */
export async function scoreResumable(session: Session, scoring: Scoring, journal: Journal): Promise<Counts> {
  const { sink, options } = scoring;
  if (!filesOnly.includes(sink.type)) {
    throw new LaunchpadError(
      "USAGE",
      `--resume: expected a file or an object as --to, found ${sink.type}: rows could arrive there twice`,
    );
  }
  if (!journal.isComplete) await fill(session, scoring, journal);
  const bad = openBadRows(options.errors, session.host);
  try {
    await sink.write(journal.frames(bad.add));
    await bad.end();
  } catch (error) {
    await bad.abandon(error);
    throw error;
  }
  assertCounts(journal.counts);
  await journal.remove();
  return journal.counts;
}

async function fill(session: Session, scoring: Scoring, journal: Journal): Promise<void> {
  const { batch, pool, source, options, signal } = scoring;
  const counts = { ...journal.counts };
  const { read, show } = showProgress(session, counts, options.from);
  const digests: string[] = [];
  const bad: BadRow[] = [];
  try {
    const all = await framesOf(batch, source, { ...options, onProgress: read });
    const rest = after(all, [...journal.read], (digest) => digests.push(digest), options);
    const frames = scoredFrames(
      rest,
      {
        score: pool.score,
        untyped: isUntyped(source),
        inputs: batch.columns,
        carry: options.columns,
        stamp: options.stamp ? stampOf(batch, session, journal.head.begun) : undefined,
        atOnce: pool.size === 1 ? 1 : 2 * pool.size,
        onBadRow: options.errors === "fail" ? undefined : (row) => void bad.push(row),
        where: options.from,
        before: journal.counts.rows,
        like: journal.first,
        signal,
      },
      counts,
    );
    for await (const frame of toldOf(frames, show)) await journal.add(digests.shift() ?? "", frame, bad.splice(0));
    await journal.complete();
  } finally {
    session.progress.stop();
  }
}

/** The frames that are not done yet; those that are must be as they were. */
async function* after(
  frames: AsyncIterable<Frame>,
  done: readonly string[],
  onFrame: (digest: string) => void,
  { from }: TableOptions,
): AsyncGenerator<Frame> {
  let at = 0;
  let rows = 0;
  const changed = (found: string) =>
    new LaunchpadError(
      "DATA_INVALID",
      `${from}: expected the rows that were predicted before, found ${found}: the source has changed. Remove the file of --resume to begin anew`,
    );
  for await (const frame of frames) {
    const digest = frameDigest();
    digest.add(frame);
    const own = `${frame.length}:${digest.end()}`;
    if (at < done.length) {
      if (own !== done[at]) throw changed(`others from row ${rows + 1} on`);
      at += 1;
      rows += frame.length;
      continue;
    }
    onFrame(own);
    yield frame;
  }
  if (at < done.length) throw changed(`only ${rows}`);
}
