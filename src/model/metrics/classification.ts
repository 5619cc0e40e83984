/** Labels of rows, as indices into a list of classes, and what a model said of them. */
export interface Labelled {
  /** Number of classes. */
  readonly classes: number;
  /** True class of each row. */
  readonly truth: Int32Array;
  /** Predicted class of each row. */
  readonly predicted: Int32Array;
  /** Probabilities, `classes` numbers for each row. */
  readonly probabilities?: Float64Array | undefined;
}

/**
 * Rows of true classes, columns of predicted ones: how many rows fell where.
 *
 * @param labelled The labels.
 *
 * @returns Counts, as scikit-learn's `confusion_matrix` gives them.
 */
export function confusionMatrix({ classes, truth, predicted }: Labelled): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < truth.length; row++) {
    const line = counts[truth[row] as number] as number[];
    line[predicted[row] as number] = (line[predicted[row] as number] ?? 0) + 1;
  }
  return counts;
}

/**
 * Metrics of a classification: accuracy, balanced accuracy, F1, and of probabilities log loss and ROC AUC. With more than two
 * classes, F1 is the mean over classes and ROC AUC that of one against the rest. The last of two classes is the positive one.
 *
 * @param labelled The labels.
 *
 * @returns Metrics by name, each as scikit-learn computes it; one that is not defined for these rows is left out.
 */
export function classificationMetrics(labelled: Labelled): Record<string, unknown> {
  const { classes, truth, probabilities } = labelled;
  const matrix = confusionMatrix(labelled);
  const diagonal = matrix.map((line, index) => line[index] ?? 0);
  const actual = matrix.map((line) => line.reduce((total, count) => total + count, 0));
  const said = matrix.map((_, index) => matrix.reduce((total, line) => total + (line[index] ?? 0), 0));
  const seen = actual.flatMap((count, index) => (count > 0 ? [(diagonal[index] ?? 0) / count] : []));
  const f1 = diagonal.map((hits, index) => {
    const both = (actual[index] ?? 0) + (said[index] ?? 0);
    return both === 0 ? 0 : (2 * hits) / both;
  });
  const counted = f1.filter((_, index) => (actual[index] ?? 0) + (said[index] ?? 0) > 0);
  const metrics: Record<string, unknown> = {
    rows: truth.length,
    accuracy: mean(
      diagonal.reduce((total, hits) => total + hits, 0),
      truth.length,
    ),
    balanced_accuracy: mean(
      seen.reduce((total, recall) => total + recall, 0),
      seen.length,
    ),
    f1:
      classes === 2
        ? f1[1]
        : mean(
            counted.reduce((total, one) => total + one, 0),
            counted.length,
          ),
    confusion_matrix: matrix,
  };
  if (probabilities === undefined) return metrics;
  metrics.log_loss = logLoss(truth, probabilities, classes);
  const auc = classes === 2 ? rocAuc(truth, probabilities, classes, 1) : macroAuc(truth, probabilities, classes);
  if (auc !== undefined) metrics.roc_auc = auc;
  return metrics;
}

function mean(total: number, count: number): number {
  return count === 0 ? Number.NaN : total / count;
}

/** Rows are scaled to a sum of one, and probabilities kept off 0 and 1 by the smallest double above zero. */
function logLoss(truth: Int32Array, probabilities: Float64Array, classes: number): number {
  let total = 0;
  for (let row = 0; row < truth.length; row++) {
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += probabilities[row * classes + k] as number;
    const own = (probabilities[row * classes + (truth[row] as number)] as number) / sum;
    total -= Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, own)));
  }
  return total / truth.length;
}

/** The chance that a row of the class is ranked above one of another, equal ranks counting half (Mann-Whitney). */
function rocAuc(truth: Int32Array, probabilities: Float64Array, classes: number, positive: number): number | undefined {
  const order = Array.from(truth.keys()).sort((a, b) => score(a) - score(b));
  function score(row: number): number {
    return probabilities[row * classes + positive] as number;
  }
  let positives = 0;
  let ranks = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && score(order[end] as number) === score(order[start] as number)) end += 1;
    for (let at = start; at < end; at++) {
      if (truth[order[at] as number] !== positive) continue;
      positives += 1;
      ranks += (start + end + 1) / 2;
    }
    start = end;
  }
  const negatives = truth.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

function macroAuc(truth: Int32Array, probabilities: Float64Array, classes: number): number | undefined {
  let total = 0;
  for (let positive = 0; positive < classes; positive++) {
    const own = rocAuc(truth, probabilities, classes, positive);
    if (own === undefined) return undefined;
    total += own;
  }
  return total / classes;
}
