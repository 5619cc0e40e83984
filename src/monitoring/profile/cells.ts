import type { FieldProfile } from "./types.ts";

/**
 * Cells of a profile: values are counted into as many numbers as it has, which are added to merge what several
 * processes counted.
 *
 * - number: below the least, one a bin, above the greatest, missing
 * - category: one a value, any other, missing
 * - presence: present, missing
 */
export interface Cells {
  /** How many there are; the last is for what is missing. */
  readonly length: number;
  /** The cell of a value. */
  of(value: unknown): number;
}

/**
 * Finder of the cell of a value.
 *
 * @param profile The profile.
 *
 * @returns Its cells. What is no number, in a profile of numbers, is missing.
 */
export function cellsOf(profile: FieldProfile): Cells {
  if (profile.kind === "number") return numberCells(profile.min, Float64Array.from(profile.edges));
  if (profile.kind === "category") return categoryCells(profile.values);
  return { length: 2, of: (value) => (isMissing(value) ? 1 : 0) };
}

function numberCells(min: number, edges: Float64Array): Cells {
  const count = edges.length;
  return {
    length: count + 3,
    of(given) {
      const value = numberOf(given);
      // NaN compares with nothing.
      if (!(value >= min)) return value < min ? 0 : count + 2;
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((edges[middle] as number) < value) low = middle + 1;
        else high = middle;
      }
      return low + 1;
    },
  };
}

function categoryCells(values: readonly string[]): Cells {
  const places = new Map(values.map((value, place) => [value, place]));
  const other = values.length;
  return {
    length: values.length + 2,
    of(value) {
      if (isMissing(value)) return other + 1;
      return places.get(typeof value === "string" ? value : String(value)) ?? other;
    },
  };
}

/**
 * Creates the counts of a profile, cell by cell.
 *
 * @param profile The profile.
 *
 * @returns As many numbers as `cellsOf` has cells.
 */
export function countsOf(profile: FieldProfile): readonly number[] {
  if (profile.kind === "number") return [0, ...profile.counts, 0, profile.missing];
  if (profile.kind === "category") return [...profile.counts, profile.other, profile.missing];
  return [profile.present, profile.missing];
}

/**
 * Tells whether a value counts as missing.
 *
 * @param value Any value.
 *
 * @returns Whether it is undefined, null or NaN.
 */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || Number.isNaN(value);
}

/**
 * Reads a number the way that people send them.
 *
 * @param value Any value.
 *
 * @returns The number; NaN for what is none.
 */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" && value.trim() !== "") return Number(value);
  return Number.NaN;
}
