import { type Estimator, numbers, type Reader } from "../estimator.ts";
import type { Fields } from "../file/fields.ts";
import { invalid, type Matrix, made, matrixOf, type Range } from "../math/matrix.ts";
import { exp, expm1, log, log1p, power } from "../math/special.ts";

/** Computes a number from one of a column; the matrix and its row are for messages. */
type Cell = (value: number, column: number, matrix: Matrix, row: number) => number;

/** Step that computes each number from one. */
export function cells(fields: Fields, cell: Cell, range: Range = "missing"): Estimator {
  const width = fields.count("n_features_in_", 1);
  const origin = Int32Array.from({ length: width }, (_, at) => at);
  return {
    step: {
      inputs: numbers(width, range !== "finite"),
      width,
      origin,
      transform(data) {
        const matrix = matrixOf(data, range);
        const out = matrix.data.map((value, at) => cell(value, at % width, matrix, Math.floor(at / width)));
        return made(data.rows, width, out, fields.name);
      },
    },
  };
}

const column = (fields: Fields, name: string) => fields.numbers(name, fields.count("n_features_in_", 1));

/** Numbers of a column, or null where scaling by them is off. */
const columnIf = (fields: Fields, name: string, flag: string) => (fields.flag(flag) ? column(fields, name) : null);

/** Mean 0 and variance 1. */
export const standardScaler: Reader = (fields) => {
  const mean = columnIf(fields, "mean_", "with_mean");
  const scale = columnIf(fields, "scale_", "with_std");
  return cells(fields, (value, at) => {
    const centred = mean ? value - (mean[at] as number) : value;
    return scale ? centred / (scale[at] as number) : centred;
  });
};

/** Median 0 and a range of quantiles of 1. */
export const robustScaler: Reader = (fields) => {
  const centre = columnIf(fields, "center_", "with_centering");
  const scale = columnIf(fields, "scale_", "with_scaling");
  return cells(fields, (value, at) => {
    const centred = centre ? value - (centre[at] as number) : value;
    return scale ? centred / (scale[at] as number) : centred;
  });
};

const between = (value: number, low: number, high: number) =>
  Number.isNaN(value) ? value : Math.min(Math.max(value, low), high);

/** A given range. */
export const minMaxScaler: Reader = (fields) => {
  const scale = column(fields, "scale_");
  const min = column(fields, "min_");
  const clip = fields.flag("clip", false);
  const [low = 0, high = 1] = fields.scalars("feature_range", 2) as readonly number[];
  return cells(fields, (value, at) => {
    const scaled = value * (scale[at] as number) + (min[at] as number);
    return clip ? between(scaled, low, high) : scaled;
  });
};

/** Absolute values up to 1. */
export const maxAbsScaler: Reader = (fields) => {
  const scale = column(fields, "scale_");
  const clip = fields.flag("clip", false);
  return cells(fields, (value, at) => {
    const scaled = value / (scale[at] as number);
    return clip ? between(scaled, -1, 1) : scaled;
  });
};

/** 1 above a threshold, else 0. */
export const binarizer: Reader = (fields) => {
  const threshold = fields.number("threshold");
  return cells(fields, (value) => Number(value > threshold), "finite");
};

/** Rows of length 1. */
export const normalizer: Reader = (fields) => {
  const norm = fields.only("norm", "l2", "l1", "max");
  const width = fields.count("n_features_in_", 1);
  return {
    step: {
      inputs: numbers(width),
      width,
      transform(data) {
        const out = matrixOf(data, "finite").data.slice();
        for (let start = 0; start < out.length; start += width) {
          const row = out.subarray(start, start + width);
          const size = row.reduce(
            (sum, value) =>
              norm === "l2"
                ? sum + value * value
                : norm === "l1"
                  ? sum + Math.abs(value)
                  : Math.max(sum, Math.abs(value)),
            0,
          );
          const length = norm === "l2" ? Math.sqrt(size) : size;
          // Rows of nothing but zeros stay as they are.
          if (length !== 0) for (let at = 0; at < width; at++) row[at] = (row[at] as number) / length;
        }
        return made(data.rows, width, out, fields.name);
      },
    },
  };
};

const spacing = 2.220446049250313e-16;

/** Power transformations towards a normal distribution. */
export const powerTransformer: Reader = (fields) => {
  const method = fields.only("method", "yeo-johnson", "box-cox");
  const lambdas = column(fields, "lambdas_");
  const transform: Cell = (value, at, matrix, row) => {
    const lambda = lambdas[at] as number;
    if (Number.isNaN(value)) return value;
    // A lambda that is NaN leaves a column as it is.
    if (method === "yeo-johnson") return yeoJohnson(value, lambda);
    if (value <= 0) throw invalid(matrix, at, row, "a positive number", value);
    return Math.abs(lambda) < 1e-19 ? log(value) : expm1(lambda * log(value)) / lambda;
  };
  if (!fields.flag("standardize")) return cells(fields, transform);
  const { step } = standardScaler(fields.object("_scaler"), () => ({}));
  const first = cells(fields, transform);
  if (!step || !first.step) return first;
  return { step: { ...first.step, transform: (data) => step.transform(first.step?.transform(data) ?? data) } };
};

function yeoJohnson(x: number, lambda: number): number {
  if (Number.isNaN(lambda)) return x;
  if (x >= 0) return Math.abs(lambda) < spacing ? log1p(x) : expm1(lambda * log1p(x)) / lambda;
  return Math.abs(lambda - 2) > spacing ? -expm1((2 - lambda) * log1p(-x)) / (2 - lambda) : -log1p(-x);
}

/** Ranks among quantiles of the training rows. */
export const quantileTransformer: Reader = (fields) => {
  fields.only("output_distribution", "uniform");
  const width = fields.count("n_features_in_", 1);
  const references = fields.numbers("references_", null);
  const { data } = fields.matrix("quantiles_", references.length, width);
  const columns = Array.from({ length: width }, (_, at) =>
    references.map((_, row) => data[row * width + at] as number),
  );
  const negative = columns.map((list) => list.map((value) => -value).reverse());
  const backwards = references.map((value) => -value).reverse();
  return cells(fields, (value, at) => {
    const quantiles = columns[at] as Float64Array;
    if (Number.isNaN(value)) return value;
    if (value === quantiles[0]) return 0;
    if (value === quantiles[quantiles.length - 1]) return 1;
    return (
      0.5 * (interpolate(value, quantiles, references) - interpolate(-value, negative[at] as Float64Array, backwards))
    );
  });
};

/** Linear interpolation between points in their order, as `numpy.interp`. */
export function interpolate(x: number, xs: Float64Array, ys: Float64Array): number {
  const last = xs.length - 1;
  if (x > (xs[last] as number)) return ys[last] as number;
  if (x < (xs[0] as number)) return ys[0] as number;
  const at = above(xs, x) - 1;
  if (at === last || xs[at] === x) return ys[at] as number;
  const slope = ((ys[at + 1] as number) - (ys[at] as number)) / ((xs[at + 1] as number) - (xs[at] as number));
  const value = slope * (x - (xs[at] as number)) + (ys[at] as number);
  if (!Number.isNaN(value)) return value;
  const other = slope * (x - (xs[at + 1] as number)) + (ys[at + 1] as number);
  return Number.isNaN(other) && ys[at] === ys[at + 1] ? (ys[at] as number) : other;
}

/** Number of sorted values that are not above `x`. */
export function above(sorted: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Functions of numpy that a transformer may name, which are the same number by number. */
const functions: Readonly<Record<string, (value: number) => number>> = {
  log1p,
  log,
  exp,
  expm1,
  sqrt: Math.sqrt,
  square: (value) => value * value,
  absolute: Math.abs,
  negative: (value) => -value,
  reciprocal: (value) => 1 / value,
  log2: (value) => log(value) / Math.LN2,
  log10: (value) => log(value) / Math.LN10,
  cbrt: (value) => Math.sign(value) * power(Math.abs(value), 1 / 3),
};

/** Function of numpy that a field names; the identity where it is None. */
export function functionOf(fields: Fields, name: string): (value: number) => number {
  const value = fields.optional(name);
  if (value === undefined) return (x) => x;
  const type = fields.object(name).type;
  const short = type.slice(type.lastIndexOf(".") + 1);
  const known = /^numpy\b/.test(type) && Object.hasOwn(functions, short) ? functions[short] : undefined;
  if (!known) throw fields.refuse(`${fields.name} with ${name}=${type}`);
  return known;
}

/** A function of numpy, or what comes as it is. */
export const functionTransformer: Reader = (fields) => {
  const inputs = Array.from({ length: fields.count("n_features_in_", 1) }, () => ({ missing: true }));
  const width = inputs.length;
  if (fields.optional("func") === undefined) {
    const origin = inputs.map((_, at) => at);
    return { step: { inputs, width, origin, transform: (data) => data } };
  }
  const options = fields.optional("kw_args");
  if (options instanceof Map && options.size > 0) throw fields.refuse(`${fields.name} with kw_args`);
  const apply = functionOf(fields, "func");
  return cells(fields, apply, fields.flag("validate") ? "finite" : "any");
};
