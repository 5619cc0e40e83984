import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { FeatureColumn, FeatureValue } from "../../src/model/types/file-model.ts";

/** Numbers of a corpus: little-endian bytes in base64. */
export interface Packed {
  readonly type: "<f4" | "<f8" | "<i4";
  readonly base64: string;
}

/** Column of a corpus: numbers, or values of any kind. */
export type PackedColumn = Packed | { readonly values: readonly FeatureValue[] };

/** One model of a corpus, and what its library makes of rows. */
export interface Entry {
  readonly name: string;
  /** Name and version of the library. */
  readonly library: string;
  /** The file, in base64. */
  readonly file: string;
  readonly extension: string;
  /** Name of rows that several entries have in common; they come before `rows`. */
  readonly shared?: string;
  readonly rows?: Packed;
  readonly columns?: readonly PackedColumn[];
  readonly expected: Packed;
  readonly margins?: Packed;
  readonly labels?: Packed;
  /** Rows of which there are contributions, or the name of such. */
  readonly explained?: Packed | string;
  readonly contributions?: Packed;
  readonly gains?: Packed;
}

/** Corpus of a format. */
export interface Corpus {
  readonly names: readonly string[];
  /** Names of entries with a file that the reader does not take. */
  readonly refused: readonly string[];
  entry(name: string): Entry;
  /** Rows that entries have in common. */
  shared(name: string): Float64Array;
}

/**
 * Opens the corpus of a format.
 *
 * @param format Name of the format.
 *
 * @returns Its entries, each read when it is asked for.
 */
export function corpusOf(format: string): Corpus {
  const folder = fileURLToPath(new URL(`./${format}/corpus/`, import.meta.url));
  const read = (name: string) => JSON.parse(gunzipSync(readFileSync(`${folder}${name}.json.gz`)).toString());
  const all = readdirSync(folder).map((file) => file.replace(".json.gz", ""));
  return {
    names: all.filter((name) => !/^(rows|refused)/.test(name)),
    refused: all.filter((name) => name.startsWith("refused")),
    entry: (name) => read(name),
    shared: (name) => Float64Array.from(unpacked(read(name).rows)),
  };
}

/** Numbers of a corpus. */
export function unpacked(packed: Packed): Float64Array | Float32Array | Int32Array {
  const bytes = Uint8Array.from(Buffer.from(packed.base64, "base64"));
  if (packed.type === "<f4") return new Float32Array(bytes.buffer);
  return packed.type === "<i4" ? new Int32Array(bytes.buffer) : new Float64Array(bytes.buffer);
}

/** Bytes of an entry's file. */
export function fileOf(entry: Entry): Uint8Array {
  return Uint8Array.from(Buffer.from(entry.file, "base64"));
}

/** Columns of an entry's rows: first those it has in common with others. */
export function columnsOf(corpus: Corpus, entry: Entry, features: number): readonly FeatureColumn[] {
  if (entry.columns !== undefined) {
    return entry.columns.map((column) => ("values" in column ? column.values : Float64Array.from(unpacked(column))));
  }
  const first = entry.shared === undefined ? [] : Array.from(corpus.shared(entry.shared));
  const own = entry.rows === undefined ? [] : Array.from(unpacked(entry.rows));
  return transposed([...first, ...own], features);
}

/** Columns of numbers that stand row after row. */
export function transposed(numbers: ArrayLike<number>, features: number): Float64Array[] {
  const rows = numbers.length / features;
  return Array.from({ length: features }, (_, feature) =>
    Float64Array.from({ length: rows }, (_, row) => numbers[row * features + feature] as number),
  );
}

/** One row of columns. */
export function rowOf(columns: readonly FeatureColumn[], row: number): FeatureValue[] {
  return columns.map((column) => column[row] ?? null);
}

/** The same bytes amid others, as Node keeps small buffers: a reader that looks past its view is found out. */
export function inPool(bytes: Uint8Array): Uint8Array {
  const pool = Buffer.alloc(bytes.length + 33, 0x7b);
  pool.set(bytes, 17);
  return pool.subarray(17, 17 + bytes.length);
}
