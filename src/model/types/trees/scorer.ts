import type { Feature, FeatureColumn, FeatureValue } from "../file-model.ts";
import { expectWidth, type ReadValue, valueIn } from "./columns.ts";
import { type Grid, maxRank, missing, rankOf, slotValue } from "./grid.ts";

/** Rows that are scored together: their numbers stay in the fastest memory. */
const blockRows = 64;

/** Adds to scores what a model makes of a block of rows. */
export type ScoreBlock = (
  bins: Int32Array,
  rows: number,
  scores: Float64Array | Float32Array,
  values: Float64Array,
) => void;

/** What a scorer needs to know of a model. */
export interface Scoring {
  readonly grid: Grid;
  readonly features: readonly Feature[];
  readonly readers: readonly ReadValue[];
  /** Scores to start from, one an output. */
  readonly base: Float64Array | Float32Array;
  /** Whether scores are float32. */
  readonly single: boolean;
  /** Whether blocks need the values of rows, `features.length` a row, besides their bins. */
  readonly needsValues: boolean;
  readonly score: ScoreBlock;
}

/** Maker of raw scores of rows. */
export interface Scorer {
  /** Scores of rows, `base.length` a row. */
  columns(columns: readonly FeatureColumn[], length: number): Float64Array | Float32Array;
  /** Scores of one row. */
  row(row: readonly FeatureValue[]): Float64Array | Float32Array;
  /** Numbers of all slots of one row, and its values. */
  bins(row: readonly FeatureValue[]): { readonly bins: Int32Array; readonly values: Float64Array };
}

/**
 * Creates the scorer of a model.
 *
 * @param scoring Slots, features and what scores a block.
 *
 * @returns The scorer.
 */
export function scorerOf(scoring: Scoring): Scorer {
  const { grid, features, readers, base, needsValues, score } = scoring;
  const slots = grid.slotFeature.length;
  const outputs = base.length;
  /** Slots by feature: values of a feature are ranked once for all of them. */
  const slotsOf: number[][] = features.map(() => []);
  for (let slot = 0; slot < slots; slot++) slotsOf[grid.slotFeature[slot] as number]?.push(slot);
  const plain = slotsOf.map((own) => own.every((slot) => (grid.slotMissing[slot] as number) <= missing.right));

  const scoresFor = (rows: number): Float64Array | Float32Array => {
    const scores = scoring.single ? new Float32Array(rows * outputs) : new Float64Array(rows * outputs);
    if (base.some((value) => value !== 0)) {
      for (let at = 0; at < scores.length; at += outputs) scores.set(base, at);
    }
    return scores;
  };

  /** Number of one value for each slot of its feature. */
  const put = (bins: Int32Array, at: number, feature: number, value: number) => {
    const own = slotsOf[feature] as number[];
    if (plain[feature] && !Number.isNaN(value)) {
      const rank = rankOf(grid.cuts, grid.cutStart[feature] as number, grid.cutStart[feature + 1] as number, value);
      for (let i = 0; i < own.length; i++) bins[at + (own[i] as number)] = rank;
    } else if (plain[feature]) {
      for (let i = 0; i < own.length; i++) {
        const slot = own[i] as number;
        bins[at + slot] = grid.slotMissing[slot] === missing.left ? -1 : maxRank;
      }
    } else {
      for (let i = 0; i < own.length; i++) {
        const slot = own[i] as number;
        bins[at + slot] = slotValue(grid, slot, value);
      }
    }
  };

  const rowBins = new Int32Array(Math.max(slots, 1));
  const rowValues = new Float64Array(features.length);

  const fillRow = (row: readonly FeatureValue[]) => {
    expectWidth(row.length, features);
    for (let feature = 0; feature < features.length; feature++) {
      const value = (readers[feature] as ReadValue)(row[feature] ?? null, 0);
      rowValues[feature] = value;
      put(rowBins, 0, feature, value);
    }
  };

  return {
    row(row) {
      fillRow(row);
      const scores = scoresFor(1);
      score(rowBins, 1, scores, rowValues);
      return scores;
    },
    bins(row) {
      fillRow(row);
      return { bins: rowBins.slice(), values: rowValues.slice() };
    },
    columns(columns, length) {
      expectWidth(columns.length, features);
      const scores = scoresFor(length);
      const bins = new Int32Array(Math.max(slots, 1) * blockRows);
      const values = new Float64Array(needsValues ? features.length * blockRows : 0);
      for (let start = 0; start < length; start += blockRows) {
        const rows = Math.min(blockRows, length - start);
        for (let feature = 0; feature < features.length; feature++) {
          const column = columns[feature] as FeatureColumn;
          const read = readers[feature] as ReadValue;
          for (let row = 0; row < rows; row++) {
            const value = read(valueIn(column, start + row), start + row);
            put(bins, row * slots, feature, value);
            if (needsValues) values[row * features.length + feature] = value;
          }
        }
        score(bins, rows, scores.subarray(start * outputs, (start + rows) * outputs), values);
      }
      return scores;
    },
  };
}
