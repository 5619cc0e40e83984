import type { Metrics } from "../../define.ts";
import { evaluation } from "../../metrics/evaluation.ts";
import { ndcgOf, quantileLoss } from "../../metrics/ranked.ts";

/** Metrics of numbers: pinball losses where they are quantiles, and of the only number those of a regression. */
export function numberMetrics(
  truth: readonly number[],
  values: readonly number[],
  width: number,
  quantiles: readonly number[] | undefined,
): Metrics {
  const metrics = width === 1 ? evaluation({ labels: truth, predictions: values, task: "regression" }) : undefined;
  if (quantiles?.length !== width) return metrics ?? { rows: truth.length };
  const losses = quantiles.map((quantile, output) => {
    const own = width === 1 ? values : values.filter((_, at) => at % width === output);
    return [String(quantile), quantileLoss(truth, own, quantile)] as const;
  });
  const quantile_loss = losses.reduce((sum, [, loss]) => sum + loss, 0) / width;
  return {
    rows: truth.length,
    ...metrics,
    quantile_loss,
    ...(width > 1 && { quantile_losses: Object.fromEntries(losses) }),
  };
}

/** Metrics of a ranking; only the number of rows where queries are not known. */
export function rankingMetrics(
  truth: readonly number[],
  values: readonly number[],
  groups: readonly unknown[],
): Metrics {
  const rows = truth.length;
  if (groups.length < rows) return { rows };
  const ndcg = ndcgOf(truth, values, groups);
  const ndcg_at_10 = ndcgOf(truth, values, groups, 10);
  return { rows, ...(ndcg !== undefined && ndcg_at_10 !== undefined && { ndcg, ndcg_at_10 }) };
}
