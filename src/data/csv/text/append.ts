import { LaunchpadError } from "../../../errors.ts";
import { quote } from "../../access/messages.ts";
import { bytesAt, isWithinLine } from "../../location/append-lines.ts";
import type { Location } from "../../location/open-location.ts";
import type { Frame } from "../../types.ts";
import type { TextEncoding } from "../encoding/encode.ts";
import type { CsvSinkOptions } from "../options/sink-options.ts";
import { headerLine, writeCsv } from "../write.ts";

/** What rows are added to. */
interface Target {
  readonly location: Location;
  readonly encoding: TextEncoding;
  readonly signal: AbortSignal | undefined;
}

/**
 * Creates the bytes of text, its byte order mark first.
 *
 * @param texts The text in pieces.
 * @param encoding How it is encoded.
 *
 * @returns The bytes of each piece.
 */
export async function* marked(
  texts: AsyncIterable<string>,
  { mark, encode }: TextEncoding,
): AsyncGenerator<Uint8Array> {
  if (mark.length > 0) yield mark;
  for await (const text of texts) yield encode(text);
}

/**
 * Text that is added to a CSV file: rows, and before them the names of the columns if there is nothing yet. A file that has other
 * names is left as it is.
 *
 * @param frames Frames with the same columns.
 * @param options How cells and lines are written.
 * @param target The file.
 *
 * @returns Bytes in pieces; every piece is whole lines.
 *
 * @throws DATA_INVALID when the file's first line does not name the same columns.
 */
export async function* addedCsv(
  frames: AsyncIterable<Frame>,
  options: CsvSinkOptions,
  { location, encoding, signal }: Target,
): AsyncGenerator<Uint8Array> {
  const size = (await location.size(signal)) ?? 0;
  if (size === 0) return yield* marked(writeCsv(frames, options), encoding);
  const newline = encoding.encode(options.lineterminator);
  let before = (await isWithinLine(location, size, newline, signal)) ? options.lineterminator : "";
  const rows = writeCsv(checked(), { ...options, header: false });
  for await (const text of rows) {
    yield encoding.encode(before + text);
    before = "";
  }

  async function* checked(): AsyncGenerator<Frame> {
    let isFirst = options.header !== false;
    for await (const frame of frames) {
      if (isFirst) {
        const names = options.columns === undefined ? frame.names : frame.select(...options.columns).names;
        await assertHeader(headerLine(names, options), { location, encoding, signal }, options.lineterminator);
      }
      isFirst = false;
      yield frame;
    }
  }
}

async function assertHeader(header: string, { location, encoding, signal }: Target, newline: string): Promise<void> {
  const { encode, mark } = encoding;
  const [line, ended] = [encode(header), encode(header + newline)];
  const start = await bytesAt(location, 0, mark.length + ended.length, signal);
  const isMarked = mark.length > 0 && mark.every((byte, at) => byte === start[at]);
  const first = start.subarray(isMarked ? mark.length : 0);
  const begins = (bytes: Uint8Array) => bytes.every((byte, at) => byte === first[at]);
  // A file of one line need not end it.
  if (begins(ended) || (begins(line) && first.length === line.length)) return;
  const message = `${location.shown} line 1: the names of the columns expected as they are added (${quote(header)}), found others`;
  throw new LaunchpadError(
    "DATA_INVALID",
    `${message}. Write the same columns in the same order, or to another file; with \`header: false\` the names are not looked at`,
  );
}
