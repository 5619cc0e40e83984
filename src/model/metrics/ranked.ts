import { wrong } from "./read-rows.ts";

/**
 * Mean pinball loss, which the quantile of the truth makes least: as `mean_pinball_loss` of scikit-learn.
 *
 * @param truth What is true of each row.
 * @param predicted What was said of each row.
 * @param quantile The quantile, between 0 and 1.
 *
 * @returns The mean over the rows.
 */
export function quantileLoss(truth: ArrayLike<number>, predicted: ArrayLike<number>, quantile: number): number {
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    const apart = (truth[row] as number) - (predicted[row] as number);
    sum += apart >= 0 ? quantile * apart : (quantile - 1) * apart;
  }
  return sum / truth.length;
}

/** Rows of one query: what is true of them, and how they were ranked. */
interface Ranked {
  readonly truth: number[];
  readonly scores: number[];
}

/**
 * Normalized discounted cumulative gain: the mean over the queries of two rows or more, as `ndcg_score` of scikit-learn. Gains are
 * the relevances themselves; rows of one score share their discounts; a query without a relevant row counts 0.
 *
 * @param truth Relevance of each row, 0 or more.
 * @param scores What ranks the rows, greatest first.
 * @param groups The query of each row.
 * @param most How many rows of each query count; all of them, unless told.
 *
 * @returns The mean; undefined where no query has two rows.
 *
 * @throws DATA_INVALID for a relevance below 0, or a score that is NaN.
 */
export function ndcgOf(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  groups: ArrayLike<unknown>,
  most = Number.POSITIVE_INFINITY,
): number | undefined {
  const queries = new Map<unknown, Ranked>();
  for (let row = 0; row < truth.length; row++) {
    const relevance = truth[row] as number;
    if (!(relevance >= 0)) throw wrong(`labels: row ${row + 1}: expected a relevance from 0, found ${relevance}.`);
    // It equals not even itself, and has no place in an order.
    if (Number.isNaN(scores[row])) throw wrong(`scores: row ${row + 1}: expected a number, found NaN.`);
    const own = queries.get(groups[row]) ?? { truth: [], scores: [] };
    own.truth.push(relevance);
    own.scores.push(scores[row] as number);
    queries.set(groups[row], own);
  }
  const gains = [...queries.values()].filter((query) => query.truth.length > 1).map((query) => normalGain(query, most));
  return gains.length > 0 ? gains.reduce((sum, gain) => sum + gain, 0) / gains.length : undefined;
}

function normalGain({ truth, scores }: Ranked, most: number): number {
  const ideal = gainOf(truth, truth, most);
  return ideal === 0 ? 0 : gainOf(truth, scores, most) / ideal;
}

/** Gain of rows in the order of their scores. */
function gainOf(truth: readonly number[], scores: readonly number[], most: number): number {
  const order = truth.map((_, row) => row).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  let sum = 0;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] as number];
    let gain = 0;
    let discount = 0;
    let end = start;
    do {
      gain += truth[order[end] as number] as number;
      if (end < most) discount += 1 / Math.log2(end + 2);
      end++;
    } while (end < order.length && scores[order[end] as number] === score);
    sum += (gain / (end - start)) * discount;
    start = end;
  }
  return sum;
}
