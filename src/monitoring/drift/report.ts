import { type EstimatedPerformance, estimatePerformance } from "../performance.ts";
import { countsOf } from "../profile/cells.ts";
import type { FieldProfile, Profile } from "../profile/types.ts";
import { normalLimit } from "../statistics/distributions.ts";
import { compareField, comparisonsOf, type FieldDrift } from "./compare.ts";
import type { Counted } from "./counted.ts";

/** How often a window may raise an alarm by chance, all fields together, unless told. */
export const defaultAlpha = 0.001;

/** Estimated performance of a classifier now, and on what it was tested with. */
export interface PerformanceDrift {
  readonly estimated: EstimatedPerformance;
  /** The same estimate for the predictions that the profile is of. */
  readonly reference: EstimatedPerformance;
  /** Below it, the estimated accuracy is less than chance explains. */
  readonly accuracy_limit: number;
  readonly drifted: boolean;
}

/** How far a number of predictions is from the training. */
export interface DriftReport {
  /** How many rows were counted. */
  readonly rows: number;
  /** The probability with which any of the comparisons fails while nothing has changed. */
  readonly alpha: number;
  readonly inputs: Readonly<Record<string, FieldDrift>>;
  readonly outputs: Readonly<Record<string, FieldDrift>>;
  readonly performance?: PerformanceDrift;
  /** Names of what has drifted: inputs, outputs after `output `, and `estimated accuracy`. */
  readonly drifted: readonly string[];
}

/**
 * Compares what was counted with the profile of a training. The probability of a false alarm is shared between all
 * comparisons (Bonferroni): with more inputs, each must be further away.
 *
 * @param profile The profile.
 * @param counted What was counted in its cells.
 * @param alpha The probability of a false alarm.
 *
 * @returns Distances, limits, and what has drifted.
 */
export function reportDrift(profile: Profile, counted: Counted, alpha = defaultAlpha): DriftReport {
  const fields = [...Object.values(profile.inputs), ...Object.values(profile.outputs)];
  const comparisons = fields.reduce((sum, field) => sum + comparisonsOf(field), profile.probabilities ? 1 : 0);
  const each = alpha / Math.max(1, comparisons);
  const compare = (of: Readonly<Record<string, FieldProfile>>, counts: Counted["inputs"]) =>
    Object.fromEntries(
      Object.entries(of).map(([name, field]): [string, FieldDrift] => [
        name,
        compareField(field, counts[name] ?? countsOf(field).map(() => 0), each),
      ]),
    );
  const inputs = compare(profile.inputs, counted.inputs);
  const outputs = compare(profile.outputs, counted.outputs);
  const performance = performanceOf(profile, counted.probabilities, each);
  const names = (of: typeof inputs, prefix = "") =>
    Object.entries(of).flatMap(([name, { drifted }]) => (drifted.length > 0 ? [prefix + name] : []));
  return {
    rows: counted.rows,
    alpha,
    inputs,
    outputs,
    ...(performance && { performance }),
    drifted: [...names(inputs), ...names(outputs, "output "), ...(performance?.drifted ? ["estimated accuracy"] : [])],
  };
}

function performanceOf(
  { probabilities }: Profile,
  counts: readonly number[] | undefined,
  alpha: number,
): PerformanceDrift | undefined {
  if (probabilities === undefined || counts === undefined) return undefined;
  const classes = probabilities.outputs.length;
  const estimated = estimatePerformance(counts, classes);
  const reference = estimatePerformance(probabilities.counts, classes);
  if (estimated === undefined || reference === undefined) return undefined;
  // The share of right predictions among so many that are each right with the reference's probability.
  const { accuracy } = reference;
  const error = Math.sqrt(accuracy * (1 - accuracy) * (1 / estimated.n + 1 / reference.n));
  const limit = Math.max(0, accuracy - normalLimit(alpha) * error);
  return { estimated, reference, accuracy_limit: limit, drifted: estimated.accuracy < limit };
}
