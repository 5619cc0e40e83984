import { LaunchpadError } from "../../errors.ts";
import type { Frame } from "../types.ts";
import type { CsvOptions } from "./options.ts";
import { createRowReader, type RowReader } from "./rows.ts";
import { createTable, type Table } from "./table.ts";

/**
 * Creates frames from the bytes of a CSV file, as they come.
 *
 * @param bytes The file, in chunks that may be cut anywhere; cancelled when no more are wanted.
 * @param options How the file is read.
 * @param shown The file's name, for messages.
 * @param size How many rows a frame has; the last may have fewer. Dtypes are inferred for each frame.
 *
 * @returns At least one frame, even if it has no rows.
 *
 * @throws DATA_INVALID when the file is empty, is not in its encoding, or has a row or a quote that is not as it should be.
 * @throws COLUMN_UNKNOWN when the options name a column that is not there.
 */
export async function* readCsv(
  bytes: ReadableStream<Uint8Array>,
  options: CsvOptions,
  shown: string,
  size: number,
): AsyncGenerator<Frame> {
  const at = (line?: number) => (line === undefined ? shown : `${shown} line ${line}`);
  const rows = createRowReader(options, at);
  let table: Table | undefined;
  let left = options.nrows;
  let flushed = false;
  for await (const _ of chunksOf(bytes, options.encoding, rows, at)) {
    // With `nrows: 0` the names are still wanted.
    if (table === undefined) {
      const first = rows.first(options.header);
      if (first === undefined) continue;
      table = createTable(first, options, at);
    }
    while (left > 0) {
      const found = rows.next(table.width, Math.min(left, size - table.length()));
      if (found === undefined) break;
      const before = table.length();
      table.add(found);
      left -= table.length() - before;
      if (table.length() === size) {
        const frame = table.flush();
        rows.release();
        flushed = true;
        yield frame;
      }
    }
    if (left === 0) break;
  }
  if (table === undefined) {
    const wanted = options.header ? "a line with the names of the columns" : "at least one row";
    throw new LaunchpadError("DATA_INVALID", `${at()}: the file is empty; ${wanted} expected`);
  }
  if (table.length() > 0 || !flushed) yield table.flush();
}

/** Feeds the reader of rows; there is something to see after each chunk, and at the end. */
async function* chunksOf(
  bytes: ReadableStream<Uint8Array>,
  encoding: string,
  rows: RowReader,
  at: (line: number) => string,
): AsyncGenerator<void> {
  const toUtf8 = encoding === "utf-8" ? undefined : transcoder(encoding, () => at(rows.line()));
  const reader = bytes.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      rows.push(toUtf8 === undefined ? value : toUtf8(value));
      yield;
    }
    ended = true;
  } finally {
    // Whoever stops early lets go of the file; an error of the stream itself has already done so.
    if (!ended) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
  if (toUtf8 !== undefined) rows.push(toUtf8());
  rows.end();
  yield;
}

/** Turns text of another encoding into UTF-8. */
function transcoder(encoding: string, where: () => string): (chunk?: Uint8Array) => Uint8Array {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  return (chunk) => {
    try {
      return encoder.encode(chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true }));
    } catch (cause) {
      const message = `${where()} or below: ${encoding} expected (options.encoding), found bytes that are not`;
      throw new LaunchpadError("DATA_INVALID", message, { cause });
    }
  };
}
