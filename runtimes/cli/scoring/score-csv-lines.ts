import process from "node:process";
import { Readable } from "node:stream";
import {
  type BadRow,
  type Batch,
  type Counts,
  createFrame,
  type Frame,
  LaunchpadError,
  openCsvStream,
  scoredFrames,
} from "../../../src/internal.ts";
import type { Session } from "../session.ts";
import { writeStandardOutput } from "../streams.ts";
import { openBadRows } from "./bad-rows.ts";
import type { LineOptions } from "./score-lines.ts";

/** Of so many rows without prediction at the start nobody knows which columns predictions have. */
const maxHeld = 1_000_000;

const shown = "standard input";

/**
 * Scores CSV from the standard input to the standard output: a line with names, then exactly one line for each row, in their order. With
 * `--errors skip` there is a column `error` at the end; a row without prediction has nothing but what is carried, and its error.
 *
 * @param session The session.
 * @param batch The model.
 * @param options How.
 *
 * @returns How many rows there were.
 *
 * @throws The error of the first row without prediction, with its number, unless such rows go into a file; USAGE for another column
 *   `error` beside theirs.
 */
export async function scoreCsvLines(session: Session, batch: Batch, options: LineOptions): Promise<Counts> {
  const { pool, columns, errors, stamp } = options;
  const counts: Counts = { rows: 0, predicted: 0, skipped: 0 };
  if (errors !== "fail") assertNoError(columns, "--columns", "Leave it out, or rename it in the source");
  const bad = openBadRows(errors, session.host);
  const csv = openCsvStream(batch, columns, shown);
  const faults: BadRow[] = [];
  const encoder = new TextEncoder();
  let names: readonly string[] | undefined;
  let held: BadRow[] = [];
  const faultLine = ({ code, message, values }: BadRow) => {
    const cells = (names ?? columns).map((name) => [name, [columns.includes(name) ? (values[name] ?? null) : null]]);
    return csv.lines(createFrame({ ...Object.fromEntries(cells), error: [`${code}: ${message}`] }));
  };
  /** Lines of rows that have a prediction between those of others, in the order of what was read. */
  const linesOf = async (frame: Frame, first: number) => {
    let text = "";
    let taken = 0;
    const upTo = async (end: number) => {
      const good = frame.slice(taken, end);
      if (good.length > 0) text += await csv.lines(bad.add ? withError(good) : good);
      taken = end;
    };
    for (const [at, fault] of faults.entries()) {
      await upTo(fault.row - first - at);
      text += await faultLine(fault);
    }
    await upTo(frame.length);
    return text;
  };
  const begin = async () => {
    let text = csv.header([...(names ?? columns), ...(bad.add ? ["error"] : [])]);
    for (const fault of held) text += await faultLine(fault);
    held = [];
    return text;
  };
  const bytes = Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
  try {
    const frames = scoredFrames(
      csv.read(bytes),
      {
        score: pool.score,
        untyped: true,
        inputs: batch.columns,
        carry: columns,
        stamp,
        atOnce: pool.size === 1 ? 1 : 2 * pool.size,
        onBadRow: bad.add && ((row) => void faults.push(row)),
        where: shown,
      },
      counts,
    );
    for await (const frame of frames) {
      const first = counts.rows - frame.length - faults.length + 1;
      for (const fault of faults) await bad.add?.(fault);
      let text = "";
      if (names === undefined && frame.length === 0 && faults.length > 0) {
        held.push(...faults.splice(0));
        if (held.length > maxHeld) throw nothingPredicted();
        continue;
      }
      if (names === undefined) {
        names = frame.names;
        if (bad.add) assertNoError(names, shown, "Rename it in the model, or write JSON Lines");
        text = await begin();
      }
      text += await linesOf(frame, first);
      faults.length = 0;
      await writeStandardOutput(encoder.encode(text));
    }
    if (names === undefined) await writeStandardOutput(encoder.encode(await begin()));
    await bad.end();
    return counts;
  } catch (error) {
    await bad.abandon(error);
    throw error;
  }
}

/** A second column of that name would take the place of the first. */
function assertNoError(names: readonly string[], where: string, advice: string): void {
  if (!names.includes("error")) return;
  const message = `${where}: expected columns with other names than error, which --errors skip adds, found error`;
  throw new LaunchpadError("USAGE", `${message}. ${advice}`);
}

function withError(frame: Frame): Frame {
  const columns = Object.fromEntries(frame.names.map((name) => [name, frame.column(name)]));
  return createFrame({ ...columns, error: new Array(frame.length).fill(null) }, { ...frame.dtypes, error: "str" });
}

function nothingPredicted(): LaunchpadError {
  return new LaunchpadError("PREDICT_FAILED", `${shown}: expected a prediction, found none in ${maxHeld} rows`);
}
