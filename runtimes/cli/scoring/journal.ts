import { type FileHandle, rm } from "node:fs/promises";
import {
  type BadRow,
  type Cell,
  type Counts,
  type Frame,
  LaunchpadError,
  type RunName,
} from "../../../src/internal.ts";
import { assertJournal, foreign, openRecords, recordsOf, writeMagic, writeRecord } from "./journal-records.ts";
import { type PackedFrame, packFrame, unpackFrame } from "./messages.ts";

/** What a journal is of: the same command goes on, another is refused. */
export interface JournalHead {
  readonly format: "mllaunchpad-journal/1";
  /** Frames are kept as the runtime keeps values. */
  readonly runtime: string;
  readonly from: string;
  readonly from_format: string | undefined;
  readonly columns: readonly string[];
  readonly params: Readonly<Record<string, Cell>>;
  readonly skip_errors: boolean;
  readonly stamp: boolean;
  /** When it began: what `--stamp` says of all rows. */
  readonly begun: string;
  /** The run that predicts, whatever serves by now. */
  readonly model: RunName & { readonly sha256: string };
}

/** Rows that are done. */
interface Entry {
  readonly at: number;
  /** The digest of the rows as they were read. */
  readonly read: string;
  readonly frame: PackedFrame;
  readonly bad: readonly BadRow[];
}

/** What was done before: frames as they are written, and the digests of the rows that they were made of. */
export interface Journal {
  readonly head: JournalHead;
  readonly counts: Counts;
  /** Digests of the frames that were read, in their order. */
  readonly read: readonly string[];
  /** The first frame that has rows, whose columns all have. */
  readonly first: Frame | undefined;
  /** Whether the source was read to its end. */
  readonly isComplete: boolean;
  /** Adds a frame, and what it was made of. */
  add(read: string, frame: Frame, bad: readonly BadRow[]): Promise<void>;
  /** Notes that the source has no more. */
  complete(): Promise<void>;
  /** Frames from the first on; rows without prediction are handed over before the frame that has their neighbours. */
  frames(onBadRow: ((row: BadRow) => Promise<void>) | undefined): AsyncGenerator<Frame>;
  close(): Promise<void>;
  /** Closes and removes it. */
  remove(): Promise<void>;
}

const done = "done";

/**
 * Opens the journal of a table that is scored with `--resume`, or begins one; the file is as it was until its head is known. What a kill or a loss of power left behind the last
 * whole record is cut off.
 *
 * @param path The file.
 * @param begin Makes the head of a new one.
 * @param assertSame Throws when an older one is of another command; one without rows is then begun anew.
 *
 * @returns The journal.
 *
 * @throws DATA_INVALID for a file that is no journal; DATA_UNAVAILABLE when it cannot be written; whatever `assertSame` throws.
 */
export async function openJournal(
  path: string,
  begin: () => Promise<JournalHead>,
  assertSame: (head: JournalHead) => void,
): Promise<Journal> {
  const file = await openRecords(path);
  try {
    return await opened(file, path, begin, assertSame);
  } catch (error) {
    const isEmpty = await file.stat().then(
      (stat) => stat.isFile() && stat.size === 0,
      () => false,
    );
    await file.close();
    // Nothing is in it that anybody could go on from.
    if (isEmpty) await rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

async function opened(
  file: FileHandle,
  path: string,
  begin: () => Promise<JournalHead>,
  assertSame: (head: JournalHead) => void,
): Promise<Journal> {
  const counts: Counts = { rows: 0, predicted: 0, skipped: 0 };
  const read: string[] = [];
  let head: JournalHead | undefined;
  let other: { readonly error: unknown } | undefined;
  let first: Frame | undefined;
  let isComplete = false;
  let end = await assertJournal(file, path);
  const note = ({ read: digest, frame, bad }: Entry) => {
    read.push(digest);
    counts.predicted += frame.length;
    counts.skipped += bad.length;
    counts.rows = counts.predicted + counts.skipped;
    if (frame.length > 0) first ??= unpackFrame(frame);
  };
  const start = end;
  for await (const record of recordsOf(file, path)) {
    if (other !== undefined) throw other.error;
    end = record.end;
    if (head === undefined) {
      head = headOf(record.value, path);
      try {
        assertSame(head);
      } catch (error) {
        other = { error };
      }
    } else if (record.value === done) isComplete = true;
    else note(entryOf(record.value, read.length, path));
  }
  const put = async (value: unknown) => {
    end = await writeRecord(file, value, end, path);
  };
  // Of another command of which nothing is done, nothing is lost.
  if (head === undefined || other !== undefined) {
    head = await begin();
    await file.truncate(0);
    await writeMagic(file, path);
    end = start;
    await put(head);
  } else await file.truncate(end);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= file.close();
    return closing;
  };
  return {
    head,
    counts,
    read,
    get first() {
      return first;
    },
    get isComplete() {
      return isComplete;
    },
    async add(digest, frame, bad) {
      const entry: Entry = { at: read.length, read: digest, frame: packFrame(frame).packed, bad };
      await put(entry);
      note(entry);
    },
    async complete() {
      await put(done);
      isComplete = true;
    },
    async *frames(onBadRow) {
      let at = -1;
      for await (const { value } of recordsOf(file, path)) {
        at += 1;
        if (at === 0 || value === done) continue;
        const entry = entryOf(value, at - 1, path);
        for (const row of entry.bad) await onBadRow?.(row);
        yield unpackFrame(entry.frame);
      }
    },
    close,
    async remove() {
      await close();
      await rm(path, { force: true });
    },
  };
}

function headOf(value: unknown, path: string): JournalHead {
  if (typeof value === "object" && value !== null && "format" in value && value.format === "mllaunchpad-journal/1")
    return value as JournalHead;
  throw foreign(path);
}

function entryOf(value: unknown, at: number, path: string): Entry {
  if (typeof value === "object" && value !== null && "at" in value && value.at === at) return value as Entry;
  throw new LaunchpadError(
    "DATA_INVALID",
    `${path}: expected part ${at} of a journal, found another: two commands wrote into it at once. Remove it, and begin anew`,
  );
}
