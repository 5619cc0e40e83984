import { numbers, type Reader, versionOf } from "../estimator.ts";
import { sums } from "../math/affine.ts";
import { made, matrixOf } from "../math/matrix.ts";

/** Projection to principal components, or to those of a truncated decomposition. */
export const components: Reader = (fields) => {
  const truncated = fields.name === "TruncatedSVD";
  const inputs = fields.count("n_features_in_", 1);
  const { data: weights, shape } = fields.matrix("components_", null, inputs);
  const outputs = shape[0] ?? 0;
  const zero = new Float64Array(outputs);
  const mean = truncated || fields.optional("mean_") === undefined ? undefined : fields.numbers("mean_", inputs);
  const affine = { inputs, outputs, weights, intercepts: zero };
  // Since 1.5 the mean is projected, too, instead of taken off each row.
  const late = mean && versionOf(fields) >= 105 ? sums(affine, made(1, inputs, mean, "")) : undefined;
  const whiten = !truncated && fields.flag("whiten");
  const variances = whiten ? fields.numbers("explained_variance_", outputs) : zero;
  const scales = variances.map((variance) => Math.max(Math.sqrt(variance), late ? 2.220446049250313e-16 : 0));
  return {
    step: {
      inputs: numbers(inputs),
      width: outputs,
      transform(data) {
        const matrix = matrixOf(data, "finite");
        const centred =
          mean && !late
            ? { ...matrix, data: matrix.data.map((value, at) => value - (mean[at % inputs] as number)) }
            : matrix;
        const out = sums(affine, centred);
        out.forEach((value, at) => {
          const moved = late ? value - (late[at % outputs] as number) : value;
          out[at] = whiten ? moved / (scales[at % outputs] as number) : moved;
        });
        return made(data.rows, outputs, out, fields.name);
      },
    },
  };
};

const maxTerms = 1_000_000;

/** Products of features up to a degree. */
export const polynomials: Reader = (fields) => {
  const inputs = fields.count("n_features_in_", 1);
  const low = fields.count("_min_degree", 0, 100);
  const high = fields.count("_max_degree", 0, 100);
  const alone = fields.flag("interaction_only");
  const bias = fields.flag("include_bias");
  // Each term of a degree is one of the degree below times a feature, in the order in which scikit-learn makes them.
  const terms: (readonly [number, number])[] = [];
  const degrees: number[] = [];
  let starts = Array.from({ length: inputs + 1 }, (_, at) => at);
  for (let at = 0; at < inputs && high > 0; at++) {
    terms.push([-1, at]);
    degrees.push(1);
  }
  for (let degree = 2; degree <= high; degree++) {
    const next: number[] = [];
    const end = starts[starts.length - 1] as number;
    for (let feature = 0; feature < inputs; feature++) {
      const own = starts[feature] ?? end;
      next.push(terms.length);
      for (let from = alone ? (starts[feature + 1] ?? end) : own; from < end; from++) {
        terms.push([from, feature]);
        degrees.push(degree);
      }
      if (terms.length > maxTerms) throw fields.refuse(`${fields.name} of more than ${maxTerms} products`);
    }
    next.push(terms.length);
    starts = next;
  }
  const kept = degrees.flatMap((degree, at) => (degree >= low ? [at] : []));
  const width = kept.length + (bias ? 1 : 0);
  if (width !== fields.count("n_output_features_", 1)) throw fields.wrong("n_output_features_", `${width}`);
  return {
    step: {
      inputs: numbers(inputs),
      width,
      transform(data) {
        const { data: values } = matrixOf(data, "finite");
        const out = new Float64Array(data.rows * width);
        const all = new Float64Array(terms.length);
        for (let row = 0; row < data.rows; row++) {
          terms.forEach(([from, feature], at) => {
            const value = values[row * inputs + feature] as number;
            all[at] = from < 0 ? value : (all[from] as number) * value;
          });
          if (bias) out[row * width] = 1;
          kept.forEach((at, to) => {
            out[row * width + to + (bias ? 1 : 0)] = all[at] as number;
          });
        }
        return made(data.rows, width, out, fields.name);
      },
    },
  };
};
