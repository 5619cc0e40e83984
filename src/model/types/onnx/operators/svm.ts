import { must } from "../fault.ts";
import { exp, pow, tanh } from "../math.ts";
import { labelsOf, listOf, type Node, numberOf, type Operator, type Operators, oneOf } from "../node.ts";
import { zeros } from "../tensor.ts";
import { labelTensor } from "./linear.ts";
import { type Rows, singleRows } from "./matrix-input.ts";
import { logistic, transformAll, transformOf, transformOne } from "./scores.ts";

const { fround } = Math;
const kinds = ["LINEAR", "POLY", "RBF", "SIGMOID"] as const;

/** Kernel of a support vector machine: one number for a row and a vector, in float32. */
type Product = (data: Float32Array, start: number, vectors: Float32Array, from: number, size: number) => number;

function dot(data: Float32Array, start: number, vectors: Float32Array, from: number, size: number): number {
  let sum = 0;
  for (let at = 0; at < size; at += 1)
    sum = fround(sum + (data[start + at] as number) * (vectors[from + at] as number));
  return sum;
}

/** Sum of products that are float32, in float64. */
function weighted(weights: Float32Array, start: number, values: Float32Array, from: number, size: number): number {
  let sum = 0;
  for (let at = 0; at < size; at += 1) sum += fround((weights[start + at] as number) * (values[from + at] as number));
  return sum;
}

function kernelOf(node: Node, kind: (typeof kinds)[number]): Product {
  const [gamma = 0, coef = 0, degree = 0] = listOf(node, "kernel_params");
  if (kind === "LINEAR") return (...at) => fround(dot(...at));
  if (kind === "POLY") return (...at) => fround(pow(fround(gamma * dot(...at) + coef), degree));
  if (kind === "SIGMOID") return (...at) => fround(tanh(fround(gamma * dot(...at) + coef)));
  return (data, start, vectors, from, size) => {
    let sum = 0;
    for (let at = 0; at < size; at += 1) {
      const step = fround((data[start + at] as number) - (vectors[from + at] as number));
      sum = fround(sum + fround(step * step));
    }
    return fround(exp(fround(-gamma * sum)));
  };
}

/** Kernel of each row with each vector. */
function kernels(
  compute: Product,
  { data, rows, columns }: Rows & { data: Float32Array },
  vectors: Float32Array,
): Float32Array {
  const count = vectors.length / columns;
  const made = new Float32Array(rows * count);
  for (let row = 0; row < rows; row += 1) {
    for (let each = 0; each < count; each += 1) {
      made[row * count + each] = compute(data, row * columns, vectors, each * columns, columns);
    }
  }
  return made;
}

const regressor: Operator = (node) => {
  const vectors = numberOf(node, "n_supports", 0);
  const [rho = 0] = listOf(node, "rho");
  const coefficients = Float32Array.from(listOf(node, "coefficients"));
  const oneClass = numberOf(node, "one_class", 0) !== 0;
  const support = vectors > 0 ? Float32Array.from(listOf(node, "support_vectors")) : coefficients;
  const features = support.length / Math.max(vectors, 1);
  const compute = kernelOf(node, vectors > 0 ? oneOf(node, "kernel_type", kinds, "LINEAR") : "LINEAR");
  must(
    Number.isInteger(features) && features > 0,
    () => `expected support vectors of one length, found ${support.length} numbers`,
  );
  must(
    vectors === 0 || coefficients.length >= vectors,
    () => `expected ${vectors} coefficients, found ${coefficients.length}`,
  );
  return ([x]) => {
    const rows = singleRows(x);
    must(rows.columns === features, () => `expected ${features} features, found ${rows.columns}`);
    const found = kernels(compute, rows, support);
    const made = zeros("float", [rows.rows, 1]);
    for (let row = 0; row < rows.rows; row += 1) {
      const score = fround(
        (vectors > 0 ? dot(found, row * vectors, coefficients, 0, vectors) : (found[row] ?? 0)) + rho,
      );
      made.data[row] = oneClass ? (score > 0 ? 1 : -1) : score;
    }
    return made;
  };
};

/** Probabilities of classes from those of pairs (Wu, Lin and Weng 2004, the second method), in float32 as libsvm's heirs do. */
function coupled(count: number, r: Float32Array): Float64Array {
  const q = new Float32Array(count * count);
  const p = new Float32Array(count).fill(1 / count);
  const qp = new Float32Array(count);
  const at = (list: Float32Array, place: number) => list[place] as number;
  for (let i = 0; i < count; i += 1) {
    for (let j = 0; j < count; j += 1) {
      if (j === i) continue;
      q[i * count + i] = at(q, i * count + i) + fround(at(r, j * count + i) * at(r, j * count + i));
      q[i * count + j] = j < i ? at(q, j * count + i) : fround(-at(r, j * count + i) * at(r, i * count + j));
    }
  }
  const bound = fround(fround(0.005) / count);
  for (let loop = 0; loop < 100; loop += 1) {
    let pqp = 0;
    for (let i = 0; i < count; i += 1) {
      qp[i] = 0;
      for (let j = 0; j < count; j += 1) qp[i] = at(qp, i) + fround(at(q, i * count + j) * at(p, j));
      pqp = fround(pqp + fround(at(p, i) * at(qp, i)));
    }
    let worst = 0;
    for (const each of qp) worst = Math.max(worst, Math.abs(fround(each - pqp)));
    if (!(worst >= bound)) break;
    for (let i = 0; i < count; i += 1) {
      const own = at(q, i * count + i);
      const step = fround(fround(-at(qp, i) + pqp) / own);
      p[i] = at(p, i) + step;
      const grown = fround(1 + step);
      pqp = fround(
        fround(fround(pqp + fround(step * fround(fround(step * own) + fround(2 * at(qp, i))))) / grown) / grown,
      );
      for (let j = 0; j < count; j += 1) {
        qp[j] = fround(at(qp, j) + fround(step * at(q, i * count + j))) / grown;
        p[j] = at(p, j) / grown;
      }
    }
  }
  return Float64Array.from(p);
}

const classifier: Operator = (node) => {
  const labels = labelsOf(node, "classlabels_ints", "classlabels_strings") ?? [];
  const perClass = listOf(node, "vectors_per_class");
  const [probA, probB] = [listOf(node, "prob_a"), listOf(node, "prob_b")];
  const coefficients = Float32Array.from(listOf(node, "coefficients"));
  const rho = listOf(node, "rho");
  const how = transformOf(node);
  const count = labels.length;
  const pairs = (count * (count - 1)) / 2;
  const vectors = perClass.reduce((sum, each) => sum + each, 0);
  const machine = vectors > 0;
  const support = machine ? Float32Array.from(listOf(node, "support_vectors")) : coefficients;
  const compute = kernelOf(node, machine ? oneOf(node, "kernel_type", kinds, "LINEAR") : "LINEAR");
  const features = support.length / (machine ? vectors : count);
  const proba = probA.length > 0;
  must(count > 1 && count < 4096, () => `expected from 2 to 4095 classes, found ${count}`);
  must(
    Number.isInteger(features) && features > 0,
    () => `expected support vectors of one length, found ${support.length} numbers`,
  );
  must(
    perClass.every((each) => Number.isInteger(each) && each >= 0),
    () => "expected numbers of vectors, found others",
  );
  must(
    !machine || (perClass.length === count && coefficients.length >= (count - 1) * vectors),
    () => `expected coefficients of ${vectors} vectors for ${count} classes, found ${coefficients.length}`,
  );
  must(rho.length >= (machine ? pairs : 1), () => `expected ${pairs} numbers in rho, found ${rho.length}`);
  must(
    !proba || (probA.length >= pairs && probB.length >= pairs),
    () => `expected prob_a and prob_b of ${pairs} pairs`,
  );
  const positive = coefficients.every((each) => each >= 0);
  const starts = Array.from(perClass, (_, at) => perClass.subarray(0, at).reduce((sum, each) => sum + each, 0));

  /** Score of each pair of classes, and the votes of each class. */
  function paired(found: Float32Array, from: number, votes: Float64Array): Float64Array {
    const scores = new Float64Array(pairs);
    let pair = 0;
    for (let i = 0; i < count; i += 1) {
      for (let j = i + 1; j < count; j += 1) {
        const [startI = 0, startJ = 0] = [starts[i], starts[j]];
        const sum =
          weighted(coefficients, vectors * (j - 1) + startI, found, from + startI, perClass[i] ?? 0) +
          weighted(coefficients, vectors * i + startJ, found, from + startJ, perClass[j] ?? 0) +
          (rho[pair] ?? 0);
        scores[pair] = fround(sum);
        votes[sum > 0 ? i : j] = (votes[sum > 0 ? i : j] ?? 0) + 1;
        pair += 1;
      }
    }
    return scores;
  }

  function probabilities(scores: Float64Array): Float64Array {
    const r = new Float32Array(count * count);
    let pair = 0;
    for (let i = 0; i < count; i += 1) {
      for (let j = i + 1; j < count; j += 1) {
        const value = fround(
          1 - logistic(fround(fround((scores[pair] ?? 0) * (probA[pair] ?? 0)) + (probB[pair] ?? 0))),
        );
        const bounded = Math.min(Math.max(value, fround(1e-7)), fround(1 - fround(1e-7)));
        r[i * count + j] = bounded;
        r[j * count + i] = 1 - bounded;
        pair += 1;
      }
    }
    return coupled(count, r);
  }

  const width = machine && !proba ? Math.max(pairs, 2) : count;
  return ([x]) => {
    const rows = singleRows(x);
    must(rows.columns === features, () => `expected ${features} features, found ${rows.columns}`);
    const found = kernels(compute, rows, support);
    const made = zeros("float", [rows.rows, width]);
    const chosen = new Int32Array(rows.rows);
    const perRow = machine ? vectors : count;
    for (let row = 0; row < rows.rows; row += 1) {
      const votes = new Float64Array(count);
      let scores: Float64Array = machine
        ? paired(found, row * perRow, votes)
        : Float64Array.from(found.subarray(row * count, row * count + count), (each) => fround(each + (rho[0] ?? 0)));
      if (machine && proba) scores = probabilities(scores);
      const judged = machine ? votes : scores;
      let best = 0;
      for (let at = 1; at < judged.length; at += 1) if ((judged[at] ?? 0) > (judged[best] ?? 0)) best = at;
      const most = machine ? 0 : (scores[best] ?? 0);
      const second = count === 2 && !proba && (positive ? most >= 0.5 : most > 0);
      chosen[row] = second ? 1 : best;
      if (scores.length > 1) transformAll(scores, how);
      else scores = Float64Array.from(transformOne(scores[0] ?? 0, how, how === "NONE" ? "opposite" : "complement"));
      made.data.set(scores.subarray(0, width), row * width);
    }
    return [labelTensor(labels, chosen), made];
  };
};

export const machines: Operators = { SVMRegressor: regressor, SVMClassifier: classifier };
