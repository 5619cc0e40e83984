import type { Condition, Filters } from "./conditions.ts";

/** The least and the greatest of some numbers. */
export interface Range {
  readonly min: number | bigint;
  readonly max: number | bigint;
}

/**
 * Tells whether some rows can hold one that filters want, from what is known of their columns.
 *
 * @param filters Which rows are wanted.
 * @param rangeOf Finds what is known of a column of numbers; undefined for nothing.
 *
 * @returns False if there is none for certain.
 */
export function mayMatch(filters: Filters, rangeOf: (column: string) => Range | undefined): boolean {
  return filters.some((list) =>
    list.every((condition) => {
      const range = rangeOf(condition.column);
      return range === undefined || meets(condition, range);
    }),
  );
}

function meets({ operator, values }: Condition, { min, max }: Range): boolean {
  // What cannot be compared is said when the rows are looked at.
  if (!values.every((value) => typeof value === "number" || typeof value === "bigint")) return true;
  const [value = 0] = values;
  switch (operator) {
    case "==":
    case "in":
      return values.some((one) => min <= one && one <= max);
    case "<":
      return min < value;
    case "<=":
      return min <= value;
    case ">":
      return max > value;
    case ">=":
      return max >= value;
    default:
      return true;
  }
}
