import { cellsOf } from "../../../../src/data/csv/cells.ts";
import type { CsvOptions } from "../../../../src/data/csv/options.ts";
import { readCsv } from "../../../../src/data/csv/read.ts";
import { type NumberRun, readNumbers } from "../../../../src/data/csv/read-numbers.ts";
import { concatFrames } from "../../../../src/data/frame/frame.ts";
import type { Frame } from "../../../../src/data/types.ts";

/** Bytes in chunks of these sizes. */
export function inChunks(bytes: Uint8Array, sizes: readonly number[]): ReadableStream<Uint8Array> {
  let [at, next] = [0, 0];
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const size = sizes[next++ % sizes.length] ?? 1;
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

/** Reads a CSV file that comes in chunks of these sizes, in frames of so many rows. */
export async function read(bytes: Uint8Array, sizes: readonly number[], options: CsvOptions, size = Infinity) {
  const frames: Frame[] = [];
  for await (const frame of readCsv(inChunks(bytes, sizes), options, "[csv] x", size)) frames.push(frame);
  return concatFrames(frames);
}

/** What there is to compare of a frame. */
export const plain = ({ names, dtypes, column }: Frame) => ({
  names,
  dtypes: { ...dtypes },
  columns: names.map((name) => Array.from<unknown>(column(name))),
});

/** Reads texts as the cells of a column; where it stops is NaN. */
export function readTexts(
  texts: readonly string[],
  decimal = ".",
): { readonly values: Float64Array; readonly stops: number[] } {
  const cells = cellsOf(
    texts.map((text) => [text]),
    1,
  );
  const values = new Float64Array(texts.length).fill(Number.NaN);
  const stops: number[] = [];
  const run: NumberRun = {
    decimal: decimal.charCodeAt(0),
    missing: undefined,
    leadingZeros: true,
    wholeOnly: false,
    emptyMissing: true,
    fractions: false,
    gaps: false,
    filled: false,
  };
  for (let row = 0; row < texts.length; row++) {
    row = readNumbers(cells, 0, row, values, row, run);
    if (row < texts.length) stops.push(row);
  }
  return { values, stops };
}
