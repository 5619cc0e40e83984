import { LaunchpadError } from "../../errors.ts";
import type { Frame } from "../types.ts";
import type { CsvOptions } from "./options.ts";
import { createRowParser, type Rows } from "./parse.ts";
import { createTable } from "./table.ts";

/**
 * Creates frames from the bytes of a CSV file, as they come.
 *
 * @param bytes The file in UTF-8, in chunks that may be cut anywhere; cancelled when no more are wanted.
 * @param options How the file is read.
 * @param shown The file's name, for messages.
 * @param size How many rows a frame has; the last may have fewer. Dtypes are inferred for each frame.
 *
 * @returns At least one frame, even if it has no rows.
 *
 * @throws DATA_INVALID when the file is empty, is not UTF-8, or has a row or a quote that is not as it should be.
 * @throws COLUMN_UNKNOWN when the options name a column that is not there.
 */
export async function* readCsv(
  bytes: ReadableStream<Uint8Array>,
  options: CsvOptions,
  shown: string,
  size: number,
): AsyncGenerator<Frame> {
  const at = (line?: number) => (line === undefined ? shown : `${shown} line ${line}`);
  const table = createTable(options, at);
  let left = options.nrows;
  let flushed = false;
  // With `nrows: 0` a header is still wanted, so the end is looked for after a row and not before.
  let header = options.header;
  reading: for await (const { cells, lines } of readRows(bytes, options, at)) {
    for (let i = 0; i < cells.length; i++) {
      if (left === 0 && !header) break reading;
      table.add(cells[i] ?? [], lines[i] ?? 0);
      if (header) {
        header = false;
        continue;
      }
      left--;
      if (table.length() === size) {
        yield table.flush();
        flushed = true;
      }
    }
    if (left === 0 && !header) break;
  }
  if (table.length() > 0 || !flushed) yield table.flush();
}

async function* readRows(
  bytes: ReadableStream<Uint8Array>,
  options: CsvOptions,
  at: (line: number) => string,
): AsyncGenerator<Rows> {
  const parser = createRowParser(options, at);
  // Not a TextDecoderStream: here the line is known when the text is not UTF-8. A byte order mark is dropped.
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      const message = `${at(parser.line())} or below: UTF-8 expected, found bytes that are not. Save the file as UTF-8`;
      throw new LaunchpadError("DATA_INVALID", message, { cause });
    }
  };
  const reader = bytes.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield parser.push(decode(value));
    }
    ended = true;
  } finally {
    // Whoever stops early lets go of the file; an error of the stream itself has already done so.
    if (!ended) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
  yield parser.push(decode());
  yield parser.end();
}
