import { countsOf } from "../profile/cells.ts";
import type { FieldProfile } from "../profile/types.ts";
import { type Counts, jensenShannon, kolmogorovSmirnov, populationStability, sizeOf } from "./distances.ts";
import {
  countLimit,
  isTooRare,
  jensenShannonLimit,
  kolmogorovSmirnovLimit,
  type LimitOptions,
  stabilityLimit,
} from "./limits.ts";

/** What of a field has changed more than chance explains. */
export type DriftKind = "distribution" | "missing" | "new_values" | "below" | "above";

/** A measure, and the limit that chance exceeds too seldom. */
export interface Measure {
  readonly value: number;
  readonly limit: number;
}

/** How far the values of one field are from those of the training. */
export interface FieldDrift {
  readonly kind: FieldProfile["kind"];
  /** How many values there were, missing ones included. */
  readonly n: number;
  /** Distances of the distributions of what is not missing; absent for what has none, and without values. */
  readonly psi?: Measure;
  readonly js?: Measure;
  /** Of numbers. */
  readonly ks?: Measure;
  /** Shares of all values: of those that are missing, */
  readonly missing: Measure;
  /** of categories that the training did not list, */
  readonly new_values?: Measure;
  /** and of numbers below its least or above its greatest. */
  readonly below?: Measure;
  readonly above?: Measure;
  /** A word for the size of a change that is more than chance: by the population stability index, from 0.1 and 0.25. */
  readonly severity: "none" | "small" | "moderate" | "large";
  readonly drifted: readonly DriftKind[];
}

/**
 * Counts the comparisons that are made of a field: each may fail by chance.
 *
 * @param profile The profile of the field.
 *
 * @returns How many there are.
 */
export function comparisonsOf(profile: FieldProfile): number {
  return { number: 6, category: 4, presence: 2 }[profile.kind];
}

/**
 * Compares counted values with the profile of a training.
 *
 * @param profile The profile.
 * @param counts Counts in its cells.
 * @param alpha The probability with which each comparison may fail by chance.
 *
 * @returns Distances and limits, and what has drifted.
 */
export function compareField(profile: FieldProfile, counts: Counts, alpha: number): FieldDrift {
  const reference = countsOf(profile);
  const n = sizeOf(counts);
  const all: LimitOptions = { n, m: sizeOf(reference), alpha };
  const last = reference.length - 1;
  const drifted: DriftKind[] = [];
  const rate = (cell: number, kind: DriftKind): Measure => {
    const count = counts[cell] ?? 0;
    const limit = countLimit(all, reference[cell] ?? 0);
    if (n > 0 && count >= limit) drifted.push(kind);
    return { value: n === 0 ? 0 : count / n, limit: n === 0 ? 1 : Math.min(1, limit / n) };
  };

  const { current, before } = distributions(profile, counts, reference);
  const sizes: LimitOptions = { n: sizeOf(current), m: sizeOf(before), alpha };
  const comparable = sizes.n > 0 && sizes.m > 0 && current.length > 1;
  const cells = Array.from(current).filter((count, cell) => count > 0 || (before[cell] ?? 0) > 0).length;
  const psi = measure(comparable, () => [populationStability(current, before), stabilityLimit(sizes, cells)]);
  const js = measure(comparable, () => [jensenShannon(current, before), jensenShannonLimit(sizes, cells)]);
  const ks = measure(comparable && profile.kind === "number", () => [
    kolmogorovSmirnov(current, before),
    kolmogorovSmirnovLimit(sizes),
  ]);
  // The two are of one kind, and each says too much of another sort of small samples.
  if ((isOver(psi) && isOver(js)) || isOver(ks)) drifted.push("distribution");

  const missing = rate(last, "missing");
  if (n > 0 && !drifted.includes("missing")) {
    const fewer = isTooRare(all, { count: counts[last] ?? 0, referenceCount: reference[last] ?? 0 });
    if (fewer) drifted.push("missing");
  }
  const rates =
    profile.kind === "number"
      ? { below: rate(0, "below"), above: rate(last - 1, "above") }
      : profile.kind === "category"
        ? { new_values: rate(last - 1, "new_values") }
        : {};
  return {
    kind: profile.kind,
    n,
    ...(psi && { psi }),
    ...(js && { js }),
    ...(ks && { ks }),
    missing,
    ...rates,
    severity: severityOf(drifted, psi?.value ?? 0),
    drifted,
  };
}

const isOver = (measured: Measure | undefined) => measured !== undefined && measured.value > measured.limit;

function measure(wanted: boolean, make: () => readonly [number, number]): Measure | undefined {
  if (!wanted) return undefined;
  const [value, limit] = make();
  return { value, limit };
}

/** Cells of what is there. Numbers outside of the range belong to the bins at its ends: they have comparisons of their own. */
function distributions(
  profile: FieldProfile,
  counts: Counts,
  reference: readonly number[],
): { readonly current: Counts; readonly before: Counts } {
  if (profile.kind === "presence") return { current: [], before: [] };
  if (profile.kind === "category") {
    const last = reference.length - 1;
    return { current: Array.from(counts).slice(0, last), before: reference.slice(0, last) };
  }
  return { current: folded(counts), before: folded(reference) };
}

function folded(counts: Counts): readonly number[] {
  const bins = Array.from(counts).slice(1, -2);
  const last = bins.length - 1;
  bins[0] = (bins[0] ?? 0) + (counts[0] ?? 0);
  bins[last] = (bins[last] ?? 0) + (counts[counts.length - 2] ?? 0);
  return bins;
}

function severityOf(drifted: readonly DriftKind[], psi: number): FieldDrift["severity"] {
  if (drifted.length === 0) return "none";
  if (psi >= 0.25) return "large";
  return psi >= 0.1 ? "moderate" : "small";
}
