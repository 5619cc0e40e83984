import { classesOf, numbers, type Outcome, type Reader } from "../estimator.ts";
import type { Fields } from "../file/fields.ts";
import { type Data, invalid, matrixOf } from "../math/matrix.ts";
import { argmax, power } from "../math/special.ts";

/** The nearest training rows so far: a heap with the farthest first, that keeps of equal ones whom scikit-learn's keeps. */
interface Heap {
  readonly distances: Float64Array;
  readonly rows: Int32Array;
}

function push({ distances, rows }: Heap, distance: number, row: number): void {
  if (!(distance < (distances[0] as number))) return;
  const size = distances.length;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const right = left + 1;
    if (left >= size) break;
    const down = right < size && (distances[right] as number) > (distances[left] as number) ? right : left;
    if (!(distance < (distances[down] as number))) break;
    distances[at] = distances[down] as number;
    rows[at] = rows[down] as number;
    at = down;
  }
  distances[at] = distance;
  rows[at] = row;
}

/** Distance before its root is taken, by features. */
interface Metric {
  readonly add: (sum: number, difference: number) => number;
  readonly root: (sum: number) => number;
}

function metricOf(fields: Fields): Metric {
  const name = fields.only("effective_metric_", "euclidean", "manhattan", "chebyshev", "minkowski");
  if (name === "euclidean") return { add: (sum, d) => sum + d * d, root: Math.sqrt };
  if (name === "manhattan") return { add: (sum, d) => sum + Math.abs(d), root: (sum) => sum };
  if (name === "chebyshev") return { add: (sum, d) => Math.max(sum, Math.abs(d)), root: (sum) => sum };
  const options = fields.get("effective_metric_params_");
  const p = options instanceof Map ? options.get("p") : undefined;
  if (typeof p !== "number" || !(p >= 1) || (options instanceof Map && options.get("w")))
    throw fields.refuse(`${fields.name} with these metric_params`);
  return { add: (sum, d) => sum + power(Math.abs(d), p), root: (sum) => power(sum, 1 / p) };
}

type Search = (values: Float64Array, heap: Heap) => void;

/** Searches as scikit-learn does, so that of rows that are as far the same are found. */
function searchOf(fields: Fields, data: Float64Array, width: number, metric: Metric): Search {
  const count = data.length / width;
  const distance = (values: Float64Array, row: number) => {
    let sum = 0;
    for (let at = 0; at < width; at++)
      sum = metric.add(sum, (values[at] as number) - (data[row * width + at] as number));
    return sum;
  };
  const method = fields.only("_fit_method", "kd_tree", "brute", "ball_tree");
  if (method === "ball_tree") throw fields.refuse(`${fields.name} with algorithm=ball_tree`);
  if (method === "brute")
    return (values, heap) => {
      for (let row = 0; row < count; row++) push(heap, distance(values, row), row);
    };
  const tree = fields.object("_tree");
  const order = tree.numbers("1", count);
  const { fields: columns, length: nodes } = tree.records("2");
  const bounds = tree.numbers("3", 2, nodes, width);
  const [start, end, leaf] = ["idx_start", "idx_end", "is_leaf"].map((name) => columns.get(name) ?? new Float64Array());
  const least = (node: number, values: Float64Array) => {
    let sum = 0;
    for (let at = 0; at < width; at++) {
      const below = (bounds[node * width + at] as number) - (values[at] as number);
      const above = (values[at] as number) - (bounds[(nodes + node) * width + at] as number);
      sum = metric.add(sum, 0.5 * (below + Math.abs(below) + (above + Math.abs(above))));
    }
    return sum;
  };
  for (let node = 0; node < nodes; node++) {
    if (
      !((start?.[node] ?? -1) >= 0 && (end?.[node] ?? count + 1) <= count) ||
      (!leaf?.[node] && 2 * node + 2 >= nodes)
    )
      throw tree.wrong("2", "nodes of a tree");
  }
  if (nodes === 0 || order.some((row) => !(row >= 0 && row < count))) throw tree.wrong("1", "rows in an order");
  const descend = (node: number, values: Float64Array, heap: Heap, bound: number): void => {
    if (bound > (heap.distances[0] as number)) return;
    if (leaf?.[node]) {
      for (let at = start?.[node] as number; at < (end?.[node] as number); at++)
        push(heap, distance(values, order[at] as number), order[at] as number);
      return;
    }
    const first = 2 * node + 1;
    const near = least(first, values);
    const far = least(first + 1, values);
    const swap = !(near <= far);
    descend(swap ? first + 1 : first, values, heap, swap ? far : near);
    descend(swap ? first : first + 1, values, heap, swap ? near : far);
  };
  return (values, heap) => descend(0, values, heap, least(0, values));
}

/** The nearest training rows, each as much or by its distance. */
export const neighbours: Reader = (fields) => {
  const features = fields.count("n_features_in_", 1);
  const { data: training, shape } = fields.matrix("_fit_X", null, features);
  const count = shape[0] ?? 0;
  const k = fields.count("n_neighbors", 1, count);
  const metric = metricOf(fields);
  const weighted = fields.only("weights", "uniform", "distance", null) === "distance";
  if (weighted && fields.get("_fit_method") === "brute" && fields.get("effective_metric_") === "euclidean")
    // There the library computes distances from products, whose rounding depends on its linear algebra.
    throw fields.refuse(`${fields.name} with weights=distance and algorithm=brute`);
  const brute = fields.get("_fit_method") === "brute";
  const search = searchOf(fields, training, features, metric);
  const regresses = fields.name === "KNeighborsRegressor";
  const flat = fields.tensor("_y").shape.length === 1;
  if (!regresses && fields.flag("outputs_2d_")) throw fields.refuse(`${fields.name} with several outputs`);
  const { data: targets, shape: sizes } = flat ? fields.matrix("_y", count) : fields.matrix("_y", count, null);
  const width = regresses ? (sizes[1] ?? 1) : classesOf(fields).length;
  if (!regresses && targets.some((label) => !(Number.isInteger(label) && label >= 0 && label < width)))
    throw fields.wrong("_y", `labels below ${width}`);
  const nearest = (data: Data, use: (row: number, rows: Int32Array, weights: Float64Array) => void) => {
    const matrix = matrixOf(data, "finite");
    for (let row = 0; row < data.rows; row++) {
      const heap = { distances: new Float64Array(k).fill(Number.POSITIVE_INFINITY), rows: new Int32Array(k) };
      search(matrix.data.subarray(row * features, (row + 1) * features), heap);
      // A tree finds its first row then; what a search of all rows finds depends on the library's linear algebra.
      if ((brute || weighted) && !Number.isFinite(heap.distances[0]))
        throw invalid(matrix, 0, row, "a row at a finite distance", "one that is infinitely far");
      const order = Array.from(heap.rows, (_, at) => at).sort(
        (a, b) => (heap.distances[a] as number) - (heap.distances[b] as number),
      );
      const distances = Float64Array.from(order, (at) => metric.root(heap.distances[at] as number));
      const same = distances[0] === 0;
      const weights = distances.map((distance) => (!weighted ? 1 : same ? Number(distance === 0) : 1 / distance));
      use(
        row,
        Int32Array.from(order, (at) => heap.rows[at] as number),
        weights,
      );
    }
  };
  const common = { inputs: numbers(features), scores: 0 };
  if (regresses) {
    const predict = (data: Data): Outcome => {
      const values = new Float64Array(data.rows * width);
      nearest(data, (row, rows, weights) => {
        const whole = weights.reduce((sum, weight) => sum + weight, 0);
        for (let target = 0; target < width; target++) {
          const sum = rows.reduce(
            (sum, from, at) => sum + (targets[from * width + target] as number) * (weights[at] as number),
            0,
          );
          values[row * width + target] = sum / whole;
        }
      });
      return { values };
    };
    return { predictor: { ...common, task: "regression", targets: width, hasProbabilities: false, predict } };
  }
  const predict = (data: Data): Outcome => {
    const probabilities = new Float64Array(data.rows * width);
    nearest(data, (row, rows, weights) => {
      rows.forEach((from, at) => {
        const to = row * width + (targets[from] as number);
        probabilities[to] = (probabilities[to] as number) + (weights[at] as number);
      });
    });
    const labels = argmax(probabilities, width);
    for (let row = 0; row < data.rows; row++) {
      const part = probabilities.subarray(row * width, (row + 1) * width);
      const whole = part.reduce((sum, weight) => sum + weight, 0);
      part.forEach((weight, at) => {
        part[at] = weight / whole;
      });
    }
    return { labels, probabilities };
  };
  return {
    predictor: {
      ...common,
      task: "classification",
      targets: 0,
      classes: classesOf(fields),
      hasProbabilities: true,
      predict,
    },
  };
};
