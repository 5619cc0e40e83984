/*
 * Digest of all predictions of a corpus, bit for bit, on any runtime: as a program of Node, Bun and Deno it reads
 * questions from the file that it is given and prints one digest a line; as a Worker or in a browser it is called.
 */
import { catboost } from "../../src/model/types/catboost/index.ts";
import type { FeatureColumn, FeatureValue } from "../../src/model/types/file-model.ts";
import { lightgbm } from "../../src/model/types/lightgbm/index.ts";
import { xgboost } from "../../src/model/types/xgboost/index.ts";

/** A model file, and rows to predict: columns of numbers in base64, or of values. */
export interface Question {
  readonly format: string;
  readonly file: string;
  readonly columns: readonly (string | readonly FeatureValue[])[];
}

const formats = { xgboost, lightgbm, catboost };

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/**
 * Computes the digest of what a model predicts and of what explains its first rows.
 *
 * @param question File and rows.
 *
 * @returns A number that differs if one bit does (FNV-1a).
 */
export async function digestOf(question: Question): Promise<string> {
  const model = await formats[question.format as keyof typeof formats].read(bytesOf(question.file), "model");
  const columns: FeatureColumn[] = question.columns.map((column) =>
    typeof column === "string" ? new Float64Array(bytesOf(column).buffer) : column,
  );
  const length = columns[0]?.length ?? 0;
  const { values, labels, probabilities } = model.predictColumns(columns, length);
  const lists: ArrayLike<number>[] = [values ?? [], labels ?? [], probabilities ?? []];
  for (let row = 0; row < 5; row++) {
    const shares = model.contributions?.(columns.map((column) => column[row] ?? null));
    lists.push(shares?.values ?? [], shares?.baseline ?? []);
  }
  let digest = 0x811c9dc5;
  for (const list of lists) {
    // One NaN is as good as another: which bits it has is left to engines.
    const bits = new Uint8Array(Float64Array.from(list, (value) => (Number.isNaN(value) ? 0.123456789 : value)).buffer);
    for (const byte of bits) digest = Math.imul(digest ^ byte, 0x01000193);
  }
  return (digest >>> 0).toString(16);
}
