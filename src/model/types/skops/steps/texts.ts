import { type Estimator, numbers, type Reader } from "../estimator.ts";
import type { Fields } from "../file/fields.ts";
import { isMapping, isTensor } from "../file/values.ts";
import { type Data, invalid, made, matrixOf, valueAt } from "../math/matrix.ts";
import { log } from "../math/special.ts";

/** Patterns of words that mean the same here as in Python. */
const patterns: Readonly<Record<string, RegExp>> = {
  "(?u)\\b\\w\\w+\\b": /[\p{L}\p{N}_]{2,}/gu,
  "(?u)\\b\\w+\\b": /[\p{L}\p{N}_]+/gu,
  "\\b\\w+\\b": /[\p{L}\p{N}_]+/gu,
  "\\w+": /[\p{L}\p{N}_]+/gu,
};

/** What Python takes for white space. */
const spaces = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

/** Splits a text into the terms that are counted. */
function analyzerOf(fields: Fields): (text: string) => readonly string[] {
  for (const name of ["tokenizer", "preprocessor", "strip_accents"]) fields.only(name, null);
  const analyzer = fields.only("analyzer", "word", "char", "char_wb");
  const lower = fields.flag("lowercase");
  const [low, high] = fields.scalars("ngram_range", 2) as readonly [number, number];
  if (!(Number.isInteger(low) && Number.isInteger(high) && low >= 1 && high <= 32))
    throw fields.wrong("ngram_range", "sizes from 1 to 32");
  const cased = (text: string) => (lower ? text.toLowerCase() : text);
  const runs = new RegExp(`${spaces}{2,}`, "g");
  if (analyzer === "word") {
    const pattern = patterns[String(fields.only("token_pattern", ...Object.keys(patterns)))] as RegExp;
    const stop = stopWordsOf(fields, high > 1);
    return (text) => {
      const words = (cased(text).match(pattern) ?? []).filter((word) => !stop.has(word));
      return grams(words, low, high, " ");
    };
  }
  if (analyzer === "char") return (text) => grams(Array.from(cased(text).replace(runs, " ")), low, high, "");
  const split = new RegExp(`${spaces}+`);
  return (text) =>
    cased(text)
      .split(split)
      .filter((word) => word !== "")
      .flatMap((word) => {
        const letters = [" ", ...word, " "];
        const found: string[] = [];
        for (let size = low; size <= high; size++) {
          found.push(...(letters.length <= size ? [letters.join("")] : grams(letters, size, size, "")));
          // A word shorter than the size is counted once.
          if (letters.length <= size) break;
        }
        return found;
      });
}

function grams(parts: readonly string[], low: number, high: number, between: string): string[] {
  const out: string[] = [];
  for (let size = low; size <= Math.min(high, parts.length); size++) {
    for (let at = 0; at + size <= parts.length; at++)
      out.push(size === 1 ? (parts[at] as string) : parts.slice(at, at + size).join(between));
  }
  return out;
}

function stopWordsOf(fields: Fields, several: boolean): ReadonlySet<string> {
  const stop = fields.get("stop_words");
  if (stop === undefined || stop === null) return new Set();
  if (stop === "english") {
    // Words that were left out in training are not among the terms; their neighbours in longer terms would be others.
    if (several || fields.get("fixed_vocabulary_") !== false)
      throw fields.refuse(`${fields.name} with stop_words=english and longer terms`);
    return new Set();
  }
  return new Set(fields.scalars("stop_words") as readonly string[]);
}

const textInput = [{ kind: "text", missing: false }] as const;

/** Step that counts terms of a text, by their column. */
function counting(
  fields: Fields,
  width: number,
  columnOf: (term: string) => number,
  signOf: (term: string) => number,
  after: (row: Float64Array) => void,
): Estimator {
  const analyze = analyzerOf(fields);
  const binary = fields.flag("binary");
  return {
    step: {
      inputs: textInput,
      width,
      transform(data: Data) {
        const out = new Float64Array(data.rows * width);
        for (let row = 0; row < data.rows; row++) {
          const text = valueAt(data, 0, row);
          if (typeof text !== "string") throw invalid(data, 0, row, "a text", text);
          const counts = out.subarray(row * width, (row + 1) * width);
          for (const term of analyze(text)) {
            const column = columnOf(term);
            if (column >= 0) counts[column] = (counts[column] as number) + signOf(term);
          }
          if (binary)
            counts.forEach((count, at) => {
              if (count !== 0) counts[at] = 1;
            });
          after(counts);
        }
        return made(data.rows, width, out, fields.name);
      },
    },
  };
}

/** Numbers of terms in a text, or their weights by how rare they are. */
export const termCounts: Reader = (fields) => {
  const vocabulary = fields.get("vocabulary_");
  if (!isMapping(vocabulary)) throw fields.wrong("vocabulary_", "columns of terms");
  const width = vocabulary.size;
  const columns = new Map<string, number>();
  for (const [term, column] of vocabulary) {
    if (!(Number.isInteger(column) && Number(column) >= 0 && Number(column) < width))
      throw fields.wrong("vocabulary_", `columns below ${width}`);
    columns.set(String(term), Number(column));
  }
  const weigh = fields.name === "TfidfVectorizer" ? weighing(fields.object("_tfidf"), width) : () => {};
  return counting(
    fields,
    width,
    (term) => columns.get(term) ?? -1,
    () => 1,
    weigh,
  );
};

/** Weights of counts by how rare their terms are. */
export const termWeights: Reader = (fields) => {
  const width = fields.count("n_features_in_", 1);
  const weigh = weighing(fields, width);
  return {
    step: {
      inputs: numbers(width),
      width,
      origin: Int32Array.from({ length: width }, (_, at) => at),
      transform(data) {
        const out = matrixOf(data, "finite").data.slice();
        for (let row = 0; row < data.rows; row++) weigh(out.subarray(row * width, (row + 1) * width));
        return made(data.rows, width, out, fields.name);
      },
    },
  };
};

function weighing(fields: Fields, width: number): (row: Float64Array) => void {
  const sublinear = fields.flag("sublinear_tf");
  const idf = fields.flag("use_idf") ? idfOf(fields, width) : undefined;
  const norm = normOf(fields);
  return (row) => {
    row.forEach((value, at) => {
      if (value !== 0) row[at] = (sublinear ? log(value) + 1 : value) * (idf?.[at] ?? 1);
    });
    norm(row);
  };
}

function idfOf(fields: Fields, width: number): Float64Array {
  if (isTensor(fields.get("idf_"))) return fields.numbers("idf_", width);
  // Before 1.5 it was a sparse matrix with nothing beside its diagonal.
  const diagonal = fields.object("_idf_diag");
  if (!diagonal.type.endsWith("csr_matrix") || diagonal.numbers("indices", width).some((column, at) => column !== at))
    throw fields.wrong("_idf_diag", "weights of terms");
  return diagonal.numbers("data", width);
}

function normOf(fields: Fields): (row: Float64Array) => void {
  const norm = fields.only("norm", "l2", "l1", null);
  return (row) => {
    if (norm === null) return;
    const sum = row.reduce((sum, value) => sum + (norm === "l2" ? value * value : Math.abs(value)), 0);
    const size = norm === "l2" ? Math.sqrt(sum) : sum;
    if (size !== 0)
      row.forEach((value, at) => {
        row[at] = value / size;
      });
  };
}

/** Numbers of terms in columns that their hash tells. */
export const termHashes: Reader = (fields) => {
  const width = fields.count("n_features", 1, 2 ** 20);
  const signed = fields.flag("alternate_sign");
  const encoder = new TextEncoder();
  const hash = (term: string) => murmur(encoder.encode(term));
  const columnOf = (term: string) => Math.abs(hash(term)) % width;
  return counting(fields, width, columnOf, (term) => (signed && hash(term) < 0 ? -1 : 1), normOf(fields));
};

/** MurmurHash3 of 32 bits with seed 0. */
function murmur(bytes: Uint8Array): number {
  const mix = (word: number) => {
    const mixed = Math.imul(word, 0xcc9e2d51);
    return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
  };
  let hash = 0;
  const whole = bytes.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
    hash ^= mix(a | (b << 8) | (c << 16) | (d << 24));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  const [a = 0, b = 0, c = 0] = bytes.subarray(whole);
  if (bytes.length > whole) hash ^= mix(a | (b << 8) | (c << 16));
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
