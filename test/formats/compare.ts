import type { FileModel } from "../../src/model/types/file-model.ts";
import { type Corpus, type Entry, rowOf, transposed, unpacked } from "./corpus.ts";

const word = new DataView(new ArrayBuffer(4));

/** Place of a float32 in the order of all of them. */
function placeOf(value: number): number {
  word.setFloat32(0, value);
  const bits = word.getInt32(0);
  return bits < 0 ? -0x80000000 - bits : bits;
}

/**
 * Measures how far apart two numbers are.
 *
 * @param a One.
 * @param b The other.
 *
 * @returns Units in the last place of float32; infinite if only one is NaN.
 */
export function unitsApart(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(placeOf(a) - placeOf(b));
}

/**
 * Measures how far apart two numbers are in relation to their size.
 *
 * @param a One.
 * @param b The other.
 *
 * @returns The difference by the larger one; infinite if only one is NaN.
 */
export function relativelyApart(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const apart = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), Number.MIN_VALUE);
  return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
}

/**
 * Finds the greatest distance of two lists of numbers.
 *
 * @param found Numbers.
 * @param expected As many.
 * @param apart Distance of two.
 *
 * @returns The greatest; infinite if the lists are not of the same length.
 */
export function farthest(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  apart: (a: number, b: number) => number,
): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (let i = 0; i < found.length; i++)
    greatest = Math.max(greatest, apart(found[i] as number, expected[i] as number));
  return greatest;
}

/**
 * Finds the greatest distance of two lists of rows, each in relation to the largest number of its row, but at least 1.
 *
 * @param found Numbers, row after row.
 * @param expected As many.
 * @param width Numbers of a row.
 *
 * @returns The greatest; infinite if the lists are not of the same length.
 */
export function farthestInRows(found: ArrayLike<number>, expected: ArrayLike<number>, width: number): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (let start = 0; start < found.length; start += width) {
    let scale = 1;
    for (let i = start; i < start + width; i++) scale = Math.max(scale, Math.abs(expected[i] as number));
    for (let i = start; i < start + width; i++) {
      const apart = Math.abs((found[i] as number) - (expected[i] as number)) / scale;
      greatest = Math.max(greatest, Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart);
    }
  }
  return greatest;
}

/** Rows of an entry of which there are contributions. */
export function explainedRows(corpus: Corpus, entry: Entry): Float64Array {
  if (typeof entry.explained === "string") return corpus.shared(entry.explained);
  return entry.explained === undefined ? new Float64Array(0) : Float64Array.from(unpacked(entry.explained));
}

/** Contributions of rows as libraries give them: for each score those of the features, then the baseline. */
export function contributionsOf(model: FileModel, rows: Float64Array): number[] {
  const count = model.features.length;
  const columns = transposed(rows, count);
  return Array.from({ length: rows.length / count }, (_, row) => {
    const shares = model.contributions?.(rowOf(columns, row));
    return Array.from(shares?.baseline ?? [], (baseline, score) => [
      ...(shares?.values.subarray(score * count, (score + 1) * count) ?? []),
      baseline,
    ]).flat();
  }).flat();
}
