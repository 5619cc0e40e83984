import { each } from "../broadcast.ts";
import { must, OnnxFault } from "../fault.ts";
import { listOf, numberOf, type Operator, type Operators, oneOf } from "../node.ts";
import { isReal, numbers, type Tensor, zeros } from "../tensor.ts";
import { lastAxis } from "./pick.ts";

const { fround } = Math;

/** Number of a list for a feature: its own, or the only one. */
const perFeature = (list: Float64Array, feature: number): number => list[list.length === 1 ? 0 : feature] ?? 0;

const scaler: Operator = (node) => {
  const offset = listOf(node, "offset");
  const scale = listOf(node, "scale");
  must(
    offset.length === scale.length && scale.length > 0,
    () => `expected as many offsets as scales, found ${offset.length} and ${scale.length}`,
  );
  return ([x]) => {
    const input = numbers(x);
    const width = input.dims.at(-1) ?? 1;
    must(scale.length === 1 || scale.length === width, () => `expected ${scale.length} features, found ${width}`);
    const made = zeros("float", input.dims);
    for (let at = 0; at < made.data.length; at += 1) {
      const feature = at % width;
      made.data[at] = fround(fround(input.data[at] ?? 0) - perFeature(offset, feature)) * perFeature(scale, feature);
    }
    return made;
  };
};

const imputer: Operator = (node) => {
  const floats = listOf(node, "imputed_value_floats");
  const integers = listOf(node, "imputed_value_int64s");
  const replaced = {
    real: numberOf(node, "replaced_value_float", 0),
    whole: numberOf(node, "replaced_value_int64", 0),
  };
  return ([x]) => {
    const input = numbers(x);
    const real = isReal(input.type);
    const values = real ? floats : integers;
    const old = real ? replaced.real : replaced.whole;
    const width = input.dims.at(-1) ?? 1;
    must(
      values.length === 1 || values.length === width,
      () => `expected values for ${width} features, found ${values.length}`,
    );
    const made = zeros(input.type, input.dims);
    for (let at = 0; at < made.data.length; at += 1) {
      const value = input.data[at] ?? 0;
      made.data[at] =
        value === old || (Number.isNaN(old) && Number.isNaN(value)) ? perFeature(values, at % width) : value;
    }
    return made;
  };
};

/** Norms of rows: the divisor of a row from the sum of what its values add. */
const norms = {
  MAX: { add: (most: number, x: number) => Math.max(most, x), start: Number.NEGATIVE_INFINITY, end: (x: number) => x },
  L1: { add: (sum: number, x: number) => fround(sum + Math.abs(x)), start: 0, end: (x: number) => x },
  L2: { add: (sum: number, x: number) => fround(sum + fround(x * x)), start: 0, end: Math.sqrt },
};

const normalizer: Operator = (node) => {
  const norm = oneOf(node, "norm", ["MAX", "L1", "L2"], "MAX");
  const { add, start, end } = norms[norm];
  return ([x]) => {
    const input = numbers(x);
    const width = input.dims.at(-1) ?? 1;
    const made = zeros("float", input.dims);
    for (let row = 0; row < made.data.length; row += width) {
      let sum = start;
      for (let at = row; at < row + width; at += 1) sum = add(sum, fround(input.data[at] ?? 0));
      const divisor = end(sum);
      for (let at = row; at < row + width; at += 1) {
        const value = fround(input.data[at] ?? 0);
        // The length of a row is divided before the root, which keeps the sign of what is squared.
        if (divisor === 0) made.data[at] = value;
        else
          made.data[at] =
            norm === "L2" ? Math.sign(value) * Math.sqrt(fround(fround(value * value) / sum)) : value / divisor;
      }
    }
    return made;
  };
};

const binarizer: Operator = (node) => {
  const threshold = numberOf(node, "threshold", 0);
  return ([x]) => {
    const input = numbers(x);
    return each(input, input.type, (value) => (value > threshold ? 1 : 0));
  };
};

/** Features of several tensors side by side, each cut or filled with zeros to its size. */
const vectorizer: Operator = (node) => {
  const sizes = listOf(node, "inputdimensions");
  return (inputs) => {
    const parts = inputs.map((input) => {
      const { dims, data } = numbers(input);
      must(dims.length > 0 && dims.length < 3, () => `expected matrices, found the shape [${dims}]`);
      return { data, rows: dims.length === 1 ? 1 : (dims[0] ?? 0), columns: dims.at(-1) ?? 0 };
    });
    must(parts.length === sizes.length, () => `expected ${sizes.length} inputs, found ${parts.length}`);
    const rows = parts[0]?.rows ?? 0;
    const width = sizes.reduce((sum, size) => sum + size, 0);
    const made = zeros("float", [rows, width]);
    let start = 0;
    parts.forEach((part, index) => {
      const size = sizes[index] ?? 0;
      must(part.rows === rows && size >= 0, () => `expected ${rows} rows, found ${part.rows}`);
      for (let row = 0; row < rows; row += 1) {
        for (let at = 0; at < Math.min(size, part.columns); at += 1) {
          made.data[row * width + start + at] = part.data[row * part.columns + at] ?? 0;
        }
      }
      start += size;
    });
    return made;
  };
};

/** Matrix that stands for maps: one column a key, in the order of the vocabulary. */
const dictVectorizer: Operator =
  () =>
  ([x]): Tensor => {
    if (x === undefined) throw new OnnxFault("expected one input, found none");
    return x;
  };

export const scaling: Operators = {
  Scaler: scaler,
  Imputer: imputer,
  Normalizer: normalizer,
  Binarizer: binarizer,
  FeatureVectorizer: vectorizer,
  DictVectorizer: dictVectorizer,
  ArrayFeatureExtractor: lastAxis,
};
