import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import type { FeatureColumn, FeatureValue } from "../../../src/model/types/file-model.ts";

type Numeral = number | "NaN" | "Infinity" | "-Infinity";

/** What scikit-learn says of one model of the corpus. */
export interface Expected {
  readonly name: string;
  readonly version: string;
  readonly class: string;
  readonly rows: number;
  readonly columns: readonly { readonly numbers?: readonly Numeral[]; readonly values?: readonly FeatureValue[] }[];
  /** Rows that scikit-learn refuses. */
  readonly raised: readonly number[];
  readonly labels?: readonly FeatureValue[];
  readonly values?: readonly Numeral[];
  readonly probabilities?: readonly Numeral[];
  readonly scores?: readonly Numeral[];
  readonly tolerance?: number;
  readonly explained?: {
    readonly rows: readonly number[];
    readonly values: readonly Numeral[];
    readonly baseline: readonly Numeral[];
  };
}

const folder = new URL("./corpus/", import.meta.url);

/** Models of the corpus, in the order in which they were made. */
export const expectations = (): readonly Expected[] =>
  ["1.3", "1.5", "1.9"].flatMap(
    (version) =>
      JSON.parse(
        brotliDecompressSync(readFileSync(new URL(`expected-${version}.json.br`, folder))).toString(),
      ) as readonly Expected[],
  );

/** Bytes of a model's file. */
export const fileOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`${name}.skops`, folder))));

/** Columns of the rows to predict. */
export const columnsOf = ({ columns }: Expected): readonly FeatureColumn[] =>
  columns.map(({ numbers, values }) => (numbers ? Float64Array.from(numbers, Number) : (values ?? [])));
