import { LaunchpadError } from "../../errors.ts";
import { bytesOf, streamOf } from "../../util/streams.ts";
import type { Frame } from "../types.ts";
import { createTranscoder } from "./encoding/encodings.ts";
import { dialectOf } from "./options/derived.ts";
import { sniffSeparator } from "./options/separators.ts";
import type { CsvOptions } from "./options.ts";
import { createRowReader, type FirstRow, type RowReader } from "./rows.ts";
import { createTable, type Table } from "./table.ts";
import { tokenize } from "./text/tokenize.ts";

/**
 * Creates frames from the bytes of a CSV file, as they come.
 *
 * @param bytes The file, in chunks that may be cut anywhere; cancelled when no more are wanted.
 * @param options How the file is read.
 * @param shown The file's name, for messages.
 * @param size How many rows a frame has; the last may have fewer. Dtypes are inferred for each frame.
 * @param onWarning Is told of rows that are passed over.
 * @param eager Whether a frame has only the rows that each chunk completes, instead of waiting for more.
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
  onWarning: (message: string) => void = () => {},
  eager = false,
): AsyncGenerator<Frame> {
  const at = (line?: number) => (line === undefined ? shown : `${shown} line ${line}`);
  const wholly = options.sniff === true || options.skipfooter > 0;
  const { bytes: fed, options: told } = wholly ? await prepared(bytes, options, at) : { bytes, options };
  const rows = createRowReader(told, at, (line, found) => {
    if (options.on_bad_lines === "warn") onWarning(`${at(line)}: a row with ${found} cells was passed over`);
  });
  const header: FirstRow[] = [];
  const lastHeader = options.header === false ? -1 : (options.header.at(-1) ?? -1);
  let headerRow = 0;
  let table: Table | undefined;
  let left = options.nrows;
  let flushed = false;
  for await (const final of chunksOf(fed, told, rows, at)) {
    if (table === undefined) {
      let row: FirstRow | undefined;
      while (headerRow <= lastHeader) {
        row = rows.first(true);
        if (row === undefined) break;
        if (options.header !== false && options.header.includes(headerRow)) header.push(row);
        headerRow++;
      }
      if (headerRow <= lastHeader) continue;
      // The first row of data tells how many cells there are; with `nrows: 0` the names are still wanted.
      const data = rows.first(false);
      if (data === undefined && !(final && header.length > 0)) continue;
      table = createTable({ header, data }, told, at);
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
    if (eager && table.length() > 0) {
      const frame = table.flush();
      rows.release();
      flushed = true;
      yield frame;
    }
  }
  if (table === undefined) {
    const wanted = options.header !== false ? "a line with the names of the columns" : "at least one row";
    throw new LaunchpadError("DATA_INVALID", `${at()}: the file is empty; ${wanted} expected`);
  }
  if (table.length() > 0 || !flushed) yield table.flush();
}

/** Feeds the reader of rows; there is something to see after each chunk, and at the end, which is told. */
async function* chunksOf(
  bytes: ReadableStream<Uint8Array>,
  { encoding, encoding_errors: errors }: CsvOptions,
  rows: RowReader,
  at: (line: number) => string,
): AsyncGenerator<boolean> {
  const toUtf8 = createTranscoder(encoding, errors, () => at(rows.line()));
  const reader = bytes.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const chunk = toUtf8(value);
      if (chunk.length === 0) continue;
      rows.push(chunk);
      yield false;
    }
    ended = true;
  } finally {
    // Whoever stops early lets go of the file; an error of the stream itself has already done so.
    if (!ended) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
  rows.push(toUtf8());
  rows.end();
  yield true;
}

/** The text of a file that has to be seen whole: without its last lines, and with the separator that its first line tells. */
async function prepared(bytes: ReadableStream<Uint8Array>, options: CsvOptions, at: (line?: number) => string) {
  const toUtf8 = createTranscoder(options.encoding, options.encoding_errors, at);
  const parts = [toUtf8(await bytesOf(bytes)), toUtf8()];
  let text = parts.map((part) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(part)).join("");
  const newline = /^[^\n\r]*\r(?!\n)/.test(text) ? "\r" : "\n";
  let told: CsvOptions = { ...options, encoding: "utf-8" };
  if (options.sniff) {
    const skip = typeof options.skiprows === "number" ? options.skiprows : 0;
    const line =
      text
        .split(newline)
        .slice(skip)
        .find((one) => one.trim() !== "") ?? "";
    const sep = sniffSeparator(line);
    if (sep === undefined) {
      const message = "a separator expected in the first line (options.sep: null), found none. Name it by `sep`";
      throw new LaunchpadError("DATA_INVALID", `${at(skip + 1)}: ${message}`);
    }
    told = { ...told, sep };
  }
  if (options.skipfooter > 0) text = withoutFooter(text, told, newline);
  return { bytes: streamOf(new TextEncoder().encode(text)), options: told };
}

function withoutFooter(text: string, options: CsvOptions, newline: string): string {
  const dialect = {
    ...dialectOf(options, newline),
    skipBlank: false,
    comment: undefined,
    skipLines: new Set<number>(),
  };
  const ended = text.endsWith(newline) ? text : text + newline;
  const { lines } = tokenize(ended, dialect, Number.POSITIVE_INFINITY, 0);
  const first = lines[Math.max(0, lines.length - options.skipfooter)] ?? 0;
  let end = 0;
  for (let line = 0; line < first; line++) end = ended.indexOf(newline, end) + 1;
  return ended.slice(0, end);
}
