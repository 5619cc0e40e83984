/** Areas below curves of scores. */
export interface Areas {
  /** Below the ROC curve. */
  readonly roc: number;
  /** Average precision: below the steps of the precision-recall curve. */
  readonly precision: number;
}

/**
 * Areas below the curves of a class against the rest, as scikit-learn's `roc_auc_score` and `average_precision_score` give
 * them.
 *
 * @param scores Score of each row.
 * @param isPositive Whether a row is of the class.
 *
 * @returns The areas; undefined where all rows are of the class, or none.
 */
export function areasOf(scores: Float64Array, isPositive: (row: number) => boolean): Areas | undefined {
  const order = Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  let positives = 0;
  let negatives = 0;
  let won = 0;
  let precision = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    let hits = 0;
    const score = scores[order[start] as number];
    for (; end < order.length && scores[order[end] as number] === score; end++) {
      hits += Number(isPositive(order[end] as number));
    }
    const misses = end - start - hits;
    won += misses * (positives + hits / 2);
    positives += hits;
    negatives += misses;
    precision += (hits * positives) / end;
    start = end;
  }
  if (positives === 0 || negatives === 0) return undefined;
  return { roc: won / (positives * negatives), precision: precision / positives };
}
