import { readCsvSinkOptions } from "../data/csv/options/sink-options.ts";
import { readCsvOptions } from "../data/csv/options.ts";
import { readCsv } from "../data/csv/read.ts";
import { headerLine, writeCsv } from "../data/csv/write.ts";
import type { Frame } from "../data/types.ts";
import { textInputs } from "./row-values.ts";
import type { Scorer } from "./scorer.ts";

/** Rows of a CSV text as they come, and as they go. */
export interface CsvStream {
  /** Frames of the rows that each piece of the text completes. */
  read(bytes: ReadableStream<Uint8Array>): AsyncIterable<Frame>;
  /** The first line, with its end. */
  header(names: readonly string[]): string;
  /** A line for each row of a frame. */
  lines(frame: Frame): Promise<string>;
}

const maxRows = 16_384;

/**
 * Opens CSV as it is streamed. What the model takes as text, and what is carried through without being an input, is read as text:
 * `007` stays so.
 *
 * @param scorer The model.
 * @param carry Columns that are carried through.
 * @param shown What messages call it.
 *
 * @returns What reads and writes it.
 */
export function openCsvStream({ signature }: Scorer, carry: readonly string[], shown: string): CsvStream {
  const { fields } = signature.inputs;
  const carried = carry.filter((name) => fields.every((field) => field.name !== name));
  const reading = { ...readCsvOptions(shown, "csv", {}), texts: [...textInputs(signature), ...carried] };
  const writing = readCsvSinkOptions(shown, "csv", {});
  const bare = { ...writing, header: false };
  return {
    read: (bytes) => readCsv(bytes, reading, shown, maxRows, () => {}, true),
    header: (names) => `${headerLine(names, writing)}${writing.lineterminator}`,
    async lines(frame) {
      let text = "";
      for await (const piece of writeCsv(framesOf(frame), bare)) text += piece;
      return text;
    },
  };
}

async function* framesOf(frame: Frame): AsyncGenerator<Frame> {
  yield frame;
}
