import { createPerformanceCounts } from "../performance.ts";
import { profileField } from "./field.ts";
import { outputsOf } from "./outputs.ts";
import type { FieldProfile, ProbabilityProfile, Profile } from "./types.ts";

/** More inputs than these are not profiled: metadata stays small. */
const maxInputs = 200;

/** Rows of one origin. */
export interface ProfileRows {
  /** The name of the data source. */
  readonly source: string;
  /** A sample of its rows: inputs by name. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** How many rows there were. */
  readonly seen: number;
}

/** What a profile is made of. */
export interface ProfileData {
  /** Where inputs can be found, the best first. */
  readonly groups: readonly ProfileRows[];
  /** Names of the inputs. */
  readonly inputs: readonly string[];
  /** Predictions, for rows that may be others. */
  readonly predictions: readonly unknown[];
}

/**
 * Creates the profile of what a model was made from.
 *
 * @param data Samples of its data, and predictions.
 *
 * @returns The profile, of a few kilobytes.
 */
export function buildProfile({ groups, inputs, predictions }: ProfileData): Profile {
  const found = new Map<string, ProfileRows>();
  for (const name of inputs.slice(0, maxInputs)) {
    const group = groups.find(({ rows }) => rows.some((row) => Object.hasOwn(row, name)));
    if (group) found.set(name, group);
  }
  const used = groups.filter((group) => [...found.values()].includes(group));
  const values = predictions.map(outputsOf);
  const names = [...new Set(values.flatMap((row) => Object.keys(row)))];
  const probabilities = probabilitiesOf(values, names);
  return {
    format: 1,
    rows: used[0]?.rows.length ?? 0,
    rows_seen: used[0]?.seen ?? 0,
    sources: used.map(({ source }) => source),
    inputs: Object.fromEntries(
      [...found].map(([name, { rows }]): [string, FieldProfile] => [name, profileField(rows.map((row) => row[name]))]),
    ),
    predictions: predictions.length,
    outputs: Object.fromEntries(
      names.map((name): [string, FieldProfile] => [name, profileField(values.map((row) => row[name]))]),
    ),
    ...(probabilities && { probabilities }),
  };
}

/** Numbers below one key that sum to 1 in every prediction are the probabilities of classes. */
function probabilitiesOf(
  rows: readonly Readonly<Record<string, unknown>>[],
  names: readonly string[],
): ProbabilityProfile | undefined {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const above = name.slice(0, Math.max(0, name.lastIndexOf(".")));
    groups.set(above, [...(groups.get(above) ?? []), name]);
  }
  for (const outputs of groups.values()) {
    if (outputs.length < 2 || rows.length === 0) continue;
    const probabilities = rows.map((row) => outputs.map((name) => row[name]));
    if (!probabilities.every(areProbabilities)) continue;
    const counts = createPerformanceCounts(outputs.length);
    for (const row of probabilities) counts.add(row as number[]);
    return { outputs, counts: counts.contents() };
  }
  return undefined;
}

function areProbabilities(values: readonly unknown[]): boolean {
  let sum = 0;
  for (const value of values) {
    if (typeof value !== "number" || !(value >= 0) || value > 1) return false;
    sum += value;
  }
  return Math.abs(sum - 1) < 1e-3;
}
