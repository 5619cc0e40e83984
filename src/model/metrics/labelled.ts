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
