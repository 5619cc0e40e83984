import type { RolloutConfig } from "../../config/watch/watch-types.ts";
import {
  durationAt,
  errorInterval,
  mergeVariants,
  type VariantCounts,
} from "../../monitoring/rollout/variant-counts.ts";
import { familyText, type Sample } from "../metrics/text.ts";

/** What a process has counted since it first saw a canary. */
export interface RolloutPart {
  readonly canary: string | null;
  /** In milliseconds since 1970. */
  readonly since: number;
  readonly counts: Readonly<Record<"current" | "canary" | "shadow", VariantCounts>>;
  readonly equal: number;
  readonly different: number;
  readonly skipped: number;
}

/** What is known of one variant. */
export interface VariantState {
  readonly predictions: number;
  readonly error_rate: number;
  /** What the share of errors may really be, with 95 % confidence. */
  readonly error_interval: readonly [low: number, high: number];
  readonly p50_ms: number;
  readonly p99_ms: number;
}

/** What is known of a rollout: plain JSON. */
export interface RolloutState {
  /** The run that serves. */
  readonly current: string | null;
  /** The run that is tried; null if none is. */
  readonly canary: string | null;
  readonly percent: number;
  /** ISO 8601, UTC: when this was first counted. */
  readonly since: string;
  readonly variants: Readonly<Record<"current" | "canary" | "shadow", VariantState>>;
  /** How the predictions of the shadow compare with the answers. */
  readonly shadow: { readonly equal: number; readonly different: number; readonly skipped: number };
}

/**
 * State of a rollout.
 *
 * @param of The settings, the runs, and what each process has counted.
 *
 * @returns Plain JSON.
 */
export function rolloutState(of: {
  readonly settings: RolloutConfig;
  readonly run: string | null;
  readonly serving: string | null;
  readonly parts: readonly RolloutPart[];
}): RolloutState {
  const { settings, run, serving, parts } = of;
  const variant = (name: "current" | "canary" | "shadow") =>
    variantState(mergeVariants(parts.map((part) => part.counts[name])));
  const sum = (key: "equal" | "different" | "skipped") => parts.reduce((total, part) => total + part[key], 0);
  return {
    current: serving,
    canary: run,
    percent: run === null ? 0 : (settings.canary?.percent ?? 0),
    since: new Date(Math.min(...parts.map((part) => part.since))).toISOString(),
    variants: { current: variant("current"), canary: variant("canary"), shadow: variant("shadow") },
    shadow: { equal: sum("equal"), different: sum("different"), skipped: sum("skipped") },
  };
}

function variantState(counts: VariantCounts): VariantState {
  return {
    predictions: counts.n,
    error_rate: counts.n === 0 ? 0 : counts.errors / counts.n,
    error_interval: errorInterval(counts),
    p50_ms: durationAt(counts, 0.5),
    p99_ms: durationAt(counts, 0.99),
  };
}

/**
 * Creates metrics of a rollout, of this process.
 *
 * @param part What it has counted.
 * @param serving The run that serves.
 * @param shared Labels that all numbers have.
 *
 * @returns The text format of Prometheus.
 */
export function rolloutMetrics(
  part: RolloutPart,
  serving: string,
  shared: Readonly<Record<string, string>> = {},
): string {
  const variants = Object.entries(part.counts).filter(([, { n }]) => n > 0);
  const labels = (variant: string) => ({
    variant,
    run: variant === "canary" ? (part.canary ?? "") : variant === "current" ? serving : "",
  });
  const family = (name: string, help: string, of: (counts: VariantCounts) => number): string =>
    familyText(
      name,
      "gauge",
      help,
      variants.map(([variant, counts]): Sample => [name, labels(variant), of(counts)]),
      shared,
    );
  const shadow = { equal: part.equal, different: part.different, skipped: part.skipped };
  return [
    family(
      "launchpad_variant_predictions",
      "Predictions of each variant since the canary began, of this process.",
      ({ n }) => n,
    ),
    family("launchpad_variant_errors", "Those of them that failed.", ({ errors }) => errors),
    family(
      "launchpad_variant_p99_seconds",
      "Time that one of a hundred predictions exceeds.",
      (counts) => durationAt(counts, 0.99) / 1000,
    ),
    familyText(
      "launchpad_shadow_predictions",
      "gauge",
      "Predictions of the shadow, by how they compare with the answers.",
      part.counts.shadow.n + part.skipped === 0
        ? []
        : Object.entries(shadow).map(([result, value]): Sample => ["launchpad_shadow_predictions", { result }, value]),
      shared,
    ),
  ].join("");
}
