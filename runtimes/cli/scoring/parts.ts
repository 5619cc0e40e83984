import { randomUUID } from "node:crypto";
import { type Counts, type Frame, LaunchpadError } from "../../../src/internal.ts";
import { type Plan, planDigest } from "./plan.ts";
import type { ResultFolder } from "./result-folder.ts";

/** What is known of a part that is done. */
export interface DonePart extends Counts {
  readonly index: number;
  /** The name of its file. */
  readonly file: string;
  /** The file of its rows without prediction, if there is one. */
  readonly bad: string | null;
  readonly sha256: string;
  /** The plan that it belongs to. */
  readonly plan: string;
}

const numbered = (index: number) => String(index).padStart(5, "0");
const parts = "_parts/";

/**
 * Names files for a part that nobody else writes.
 *
 * @param index The part.
 * @param ending The end of the name, `parquet`.
 *
 * @returns The names of predictions, and of rows without, in the folder of the results.
 */
export function ownFiles(index: number, ending: string) {
  const name = `${parts}${numbered(index)}-${randomUUID()}`;
  return { file: `${name}.${ending}`, bad: `${name}.bad.jsonl` };
}

/**
 * Publishes a part, if nobody has yet.
 *
 * @param folder The folder of the results.
 * @param plan The plan.
 * @param part The part, its files by their names.
 *
 * @returns Whether it was the first: otherwise its files are gone.
 */
export async function publishPart(
  folder: ResultFolder,
  plan: Plan,
  part: Counts & { readonly index: number; readonly file: string; readonly bad: string | undefined },
): Promise<boolean> {
  const sha256 = await folder.digest(part.file);
  if (sha256 === undefined) throw new LaunchpadError("INTERNAL", `${folder.at(part.file)} is not there`);
  const done: DonePart = {
    index: part.index,
    rows: part.rows,
    predicted: part.predicted,
    skipped: part.skipped,
    file: part.file.slice(parts.length),
    bad: part.bad === undefined ? null : part.bad.slice(parts.length),
    sha256,
    plan: planDigest(plan),
  };
  const isFirst = await folder.publish(`${parts}${numbered(part.index)}.json`, `${JSON.stringify(done)}\n`);
  if (!isFirst) for (const name of [part.file, part.bad]) if (name) await folder.remove(name);
  return isFirst;
}

/**
 * Reads what is known of the parts that are done.
 *
 * @param folder The folder of the results.
 * @param plan The plan.
 *
 * @returns What is known of each, undefined for one that is not done.
 *
 * @throws DATA_INVALID for a part of another plan, or one that does not have the rows that were planned.
 */
export async function doneParts(folder: ResultFolder, plan: Plan): Promise<readonly (DonePart | undefined)[]> {
  const digest = planDigest(plan);
  return Promise.all(
    plan.parts.map(async ({ index, rows }) => {
      const path = folder.at(`${parts}${numbered(index)}.json`);
      const text = await folder.read(`${parts}${numbered(index)}.json`);
      if (text === undefined) return undefined;
      const done = parsed(text, path);
      if (
        done.plan === digest &&
        done.index === index &&
        (rows === null || done.rows === rows) &&
        done.rows === done.predicted + done.skipped
      ) {
        return done;
      }
      throw new LaunchpadError(
        "DATA_INVALID",
        `${path}: expected part ${index} of this plan${rows === null ? "" : ` with ${rows} rows`}, found another. Remove it, and run the part again`,
      );
    }),
  );
}

function parsed(text: string, path: string): DonePart {
  try {
    return JSON.parse(text) as DonePart;
  } catch (cause) {
    throw new LaunchpadError(
      "DATA_INVALID",
      `${path}: expected JSON, found ${JSON.stringify(text.slice(0, 40))}. Remove it, and run the part again`,
      { cause },
    );
  }
}

/**
 * Finishes a batch: checks that every part is there, whole and once, gives their files their names, and writes `_SUCCESS`.
 *
 * @param folder The folder of the results.
 * @param plan The plan.
 *
 * @returns What `_SUCCESS` says.
 *
 * @throws DATA_INVALID when a part is missing, altered or of another plan.
 */
export async function finishBatch(folder: ResultFolder, plan: Plan): Promise<object> {
  const all = await doneParts(folder, plan);
  const missing = all.flatMap((done, index) => (done ? [] : [index]));
  if (missing.length > 0) {
    throw new LaunchpadError(
      "DATA_INVALID",
      `${folder.shown}: expected ${all.length} parts, ${missing.length} are missing: ${missing.slice(0, 20).join(", ")}. Run them: launchpad batch run ${folder.shown} --index ${missing[0]}`,
    );
  }
  const done = all.filter((part) => part !== undefined);
  const files: { file: string; rows: number; sha256: string }[] = [];
  for (const part of done) {
    const from = `${parts}${part.file}`;
    const found = await folder.digest(from);
    if (found !== part.sha256) {
      throw new LaunchpadError(
        "DATA_INVALID",
        `${folder.at(from)}: expected the file as part ${part.index} wrote it, found ${found === undefined ? "none" : "another"}. Remove ${numbered(part.index)}.json beside it, and run the part again`,
      );
    }
    const name = `part-${numbered(part.index)}`;
    const file = `${name}.${plan.to_format}`;
    await folder.name(from, file);
    if ((await folder.digest(file)) !== part.sha256) {
      throw new LaunchpadError(
        "DATA_INVALID",
        `${folder.at(file)}: expected the part, found another file of that name. Remove it`,
      );
    }
    if (part.bad && part.skipped > 0) await folder.name(`${parts}${part.bad}`, `_${name}.bad.jsonl`);
    files.push({ file, rows: part.predicted, sha256: part.sha256 });
  }
  const sum = (key: keyof Counts) => done.reduce((total, part) => total + part[key], 0);
  const result = {
    rows: sum("rows"),
    predicted: sum("predicted"),
    skipped: sum("skipped"),
    model: plan.model,
    plan: planDigest(plan),
    files,
  };
  if (plan.rows !== null && result.rows !== plan.rows) {
    throw new LaunchpadError(
      "DATA_INVALID",
      `${folder.shown}: expected ${plan.rows} rows as planned, found ${result.rows}`,
    );
  }
  await folder.publish("_SUCCESS", `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

/** What killed tasks left: files of parts that somebody else published. */
export async function removeLeftovers(folder: ResultFolder, plan: Plan): Promise<void> {
  const kept = new Set((await doneParts(folder, plan)).flatMap((part) => (part ? [part.file, part.bad] : [])));
  for (const name of await folder.list(parts)) {
    const isPart = /^\d{5}-[0-9a-f-]{36}\./.test(name);
    if (isPart && !kept.has(name)) await folder.remove(`${parts}${name}`);
  }
}

/**
 * Takes the rows of a part out of frames.
 *
 * @param frames All rows.
 * @param part The first row, and the row after the last.
 * @param where Where they come from, for messages.
 *
 * @returns Frames of these rows; the source is not read further.
 *
 * @throws DATA_INVALID when the source ends before.
 */
export async function* rowsBetween(
  frames: AsyncIterable<Frame>,
  { start, end }: { readonly start: number; readonly end: number },
  where: string,
): AsyncGenerator<Frame> {
  let at = 0;
  for await (const frame of frames) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, frame.length)];
    at += frame.length;
    if (to > from || end === start) yield frame.slice(from, Math.max(from, to));
    if (at >= end) return;
  }
  throw new LaunchpadError(
    "DATA_INVALID",
    `${where}: expected rows up to ${end} as planned, found ${at}: the source has changed. Plan again, into another folder`,
  );
}
