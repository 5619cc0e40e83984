import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Counts, type Frame, LaunchpadError } from "../../../src/internal.ts";
import { isCode } from "../../io/error-code.ts";
import { type Plan, planDigest } from "./plan.ts";
import { linkOnce, publishOnce } from "./publish.ts";

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
const partsFolder = (folder: string) => join(folder, "_parts");

/**
 * Names files for a part that nobody else writes.
 *
 * @param folder The folder of the results.
 * @param index The part.
 * @param ending The end of the name, `parquet`.
 *
 * @returns The paths of predictions, and of rows without.
 */
export function ownFiles(folder: string, index: number, ending: string) {
  const name = join(partsFolder(folder), `${numbered(index)}-${randomUUID()}`);
  return { file: `${name}.${ending}`, bad: `${name}.bad.jsonl` };
}

/**
 * Publishes a part, if nobody has yet.
 *
 * @param folder The folder of the results.
 * @param plan The plan.
 * @param part The part, its files by their paths.
 *
 * @returns Whether it was the first: otherwise its files are gone.
 */
export async function publishPart(
  folder: string,
  plan: Plan,
  part: Counts & { readonly index: number; readonly file: string; readonly bad: string | undefined },
): Promise<boolean> {
  const nameOf = (path: string) => path.slice(partsFolder(folder).length + 1);
  const done: DonePart = {
    index: part.index,
    rows: part.rows,
    predicted: part.predicted,
    skipped: part.skipped,
    file: nameOf(part.file),
    bad: part.bad === undefined ? null : nameOf(part.bad),
    sha256: await digestOf(part.file),
    plan: planDigest(plan),
  };
  const isFirst = await publishOnce(
    join(partsFolder(folder), `${numbered(part.index)}.json`),
    `${JSON.stringify(done)}\n`,
  );
  if (!isFirst) for (const path of [part.file, part.bad]) if (path) await rm(path, { force: true });
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
export async function doneParts(folder: string, plan: Plan): Promise<readonly (DonePart | undefined)[]> {
  const digest = planDigest(plan);
  return Promise.all(
    plan.parts.map(async ({ index, start, end }) => {
      const path = join(partsFolder(folder), `${numbered(index)}.json`);
      const text = await readFile(path, "utf8").catch((error: unknown) => {
        if (isCode(error, "ENOENT", "ENOTDIR")) return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const done = parsed(text, path);
      if (
        done.plan === digest &&
        done.index === index &&
        done.rows === end - start &&
        done.rows === done.predicted + done.skipped
      ) {
        return done;
      }
      throw new LaunchpadError(
        "DATA_INVALID",
        `${path}: expected part ${index} of this plan with ${end - start} rows, found another. Remove it, and run the part again`,
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
export async function finishBatch(folder: string, plan: Plan): Promise<object> {
  const all = await doneParts(folder, plan);
  const missing = all.flatMap((done, index) => (done ? [] : [index]));
  if (missing.length > 0) {
    throw new LaunchpadError(
      "DATA_INVALID",
      `${folder}: expected ${all.length} parts, ${missing.length} are missing: ${missing.slice(0, 20).join(", ")}. Run them: launchpad batch run ${folder} --index ${missing[0]}`,
    );
  }
  const done = all.filter((part) => part !== undefined);
  const files: { file: string; rows: number; sha256: string }[] = [];
  for (const part of done) {
    const from = join(partsFolder(folder), part.file);
    const found = await digestOf(from).catch(() => "nothing");
    if (found !== part.sha256) {
      throw new LaunchpadError(
        "DATA_INVALID",
        `${from}: expected the file as part ${part.index} wrote it, found ${found === "nothing" ? "none" : "another"}. Remove ${numbered(part.index)}.json beside it, and run the part again`,
      );
    }
    const name = `part-${numbered(part.index)}`;
    await linkOnce(from, join(folder, `${name}.${plan.to_format}`));
    if ((await digestOf(join(folder, `${name}.${plan.to_format}`))) !== part.sha256) {
      throw new LaunchpadError(
        "DATA_INVALID",
        `${join(folder, name)}.${plan.to_format}: expected the part, found another file of that name. Remove it`,
      );
    }
    if (part.bad && part.skipped > 0)
      await linkOnce(join(partsFolder(folder), part.bad), join(folder, `_${name}.bad.jsonl`));
    files.push({ file: `${name}.${plan.to_format}`, rows: part.predicted, sha256: part.sha256 });
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
  if (result.rows !== plan.rows) {
    throw new LaunchpadError("DATA_INVALID", `${folder}: expected ${plan.rows} rows as planned, found ${result.rows}`);
  }
  await publishOnce(join(folder, "_SUCCESS"), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

/** What killed tasks left: files of parts that somebody else published. */
export async function removeLeftovers(folder: string, plan: Plan): Promise<void> {
  const kept = new Set((await doneParts(folder, plan)).flatMap((part) => (part ? [part.file, part.bad] : [])));
  for (const name of await readdir(partsFolder(folder))) {
    const isPart = /^\d{5}-[0-9a-f-]{36}\./.test(name);
    if (isPart && !kept.has(name)) await rm(join(partsFolder(folder), name), { force: true });
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

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
