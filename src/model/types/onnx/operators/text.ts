import { must, OnnxFault } from "../fault.ts";
import { listOf, numberOf, type Operator, type Operators, oneOf, textsOf } from "../node.ts";
import { type Tensor, texts, zeros } from "../tensor.ts";
import { given } from "./shape.ts";

const normalizer: Operator = (node) => {
  const action = oneOf(node, "case_change_action", ["NONE", "LOWER", "UPPER"], "NONE");
  const sensitive = numberOf(node, "is_case_sensitive", 0) !== 0;
  const change = (text: string): string =>
    action === "LOWER" ? text.toLowerCase() : action === "UPPER" ? text.toUpperCase() : text;
  const compared = (text: string): string => (sensitive ? text : text.toLowerCase());
  const stops = new Set(textsOf(node, "stopwords").map(compared));
  return ([x]) => {
    const { dims, data } = texts(x);
    must(
      dims.length === 1 || (dims.length === 2 && dims[0] === 1),
      () => `expected texts of the shape [C] or [1, C], found [${dims}]`,
    );
    const left = data.filter((text) => !stops.has(compared(text))).map(change);
    const found = left.length > 0 ? left : [""];
    return { type: "string", dims: dims.length === 1 ? [found.length] : [1, found.length], data: found };
  };
};

/** Tree of the n-grams of a pool: what may follow, and the column of the n-gram that ends here. */
interface Gram {
  readonly next: Map<number | string, Gram>;
  column: number;
}

const gram = (): Gram => ({ next: new Map(), column: -1 });

const tfIdf: Operator = (node) => {
  const mode = oneOf(node, "mode", ["TF", "IDF", "TFIDF"], "TF");
  const [least, most, skips] = ["min_gram_length", "max_gram_length", "max_skip_count"].map((name) =>
    numberOf(node, name),
  ) as [number, number, number];
  const counts = [...listOf(node, "ngram_counts")];
  const columns = listOf(node, "ngram_indexes");
  const weights = listOf(node, "weights");
  const strings = textsOf(node, "pool_strings");
  const pool: readonly (number | string)[] = strings.length > 0 ? strings : [...listOf(node, "pool_int64s")];
  const width = columns.reduce((top, column) => Math.max(top, column), -1) + 1;
  must(width > 0 && columns.every((column) => column >= 0), () => "expected columns of n-grams, found none");
  must(skips >= 0 && skips < 1000, () => `expected at most 999 skips, found ${skips}`);
  must(
    weights.length === 0 || weights.length === columns.length,
    () => `expected ${columns.length} weights, found ${weights.length}`,
  );
  const root = gram();
  const weightOf = new Float64Array(width).fill(1);
  let id = 0;
  counts.forEach((start, index) => {
    const size = index + 1;
    const end = counts[index + 1] ?? pool.length;
    must(
      start >= 0 && end <= pool.length && start <= end,
      () => `expected n-grams within the pool of ${pool.length}, found ${start} to ${end}`,
    );
    for (let at = start; at + size <= end; at += size) {
      const column = columns[id];
      if (column === undefined) throw new OnnxFault(`expected a column for n-gram ${id}, found none`);
      if (weights.length > 0) weightOf[column] = weights[id] ?? 1;
      id += 1;
      if (size < least || size > most) continue;
      let place = root;
      for (const item of pool.slice(at, at + size)) {
        const next = place.next.get(item) ?? gram();
        place.next.set(item, next);
        place = next;
      }
      place.column = column;
    }
  });

  function count(row: readonly (number | string)[], found: Float32Array): void {
    let from = least;
    for (let step = 1; step <= skips + 1; step += 1) {
      for (let start = 0; start + step * (from - 1) < row.length; start += 1) {
        let place: Gram | undefined = root;
        for (let size = 1, at = start; size <= most && at < row.length; size += 1, at += step) {
          place = place.next.get(row[at] ?? "");
          if (place === undefined) break;
          if (size >= from && place.column >= 0) found[place.column] = (found[place.column] ?? 0) + 1;
        }
      }
      // Single words are counted once: skipping does not change them.
      if (from === 1 && ++from > most) break;
    }
  }

  return ([x]): Tensor => {
    const { dims, data } = given(x);
    must(dims.length < 3, () => `expected a row or a matrix, found the shape [${dims}]`);
    const rows = dims.length === 2 ? (dims[0] ?? 0) : 1;
    const length = dims.length === 2 ? (dims[1] ?? 0) : data.length;
    const made = zeros("float", dims.length === 2 ? [rows, width] : [width]);
    for (let row = 0; row < rows; row += 1) {
      const found = new Float32Array(width);
      count([...data.slice(row * length, (row + 1) * length)], found);
      found.forEach((times, column) => {
        const weight = weightOf[column] ?? 1;
        made.data[row * width + column] =
          mode === "TF" ? times : mode === "TFIDF" ? weight * times : times > 0 ? weight : 0;
      });
    }
    return made;
  };
};

export const textual: Operators = { StringNormalizer: normalizer, TfIdfVectorizer: tfIdf };
