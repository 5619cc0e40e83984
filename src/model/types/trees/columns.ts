import { LaunchpadError } from "../../../errors.ts";
import type { Feature, FeatureColumn, FeatureValue } from "../file-model.ts";

/** Reader of the values of one feature: the number that trees compare; NaN is missing. */
export type ReadValue = (value: FeatureValue, row: number) => number;

/** Makes of a number what the library makes of it, or undefined where it takes none such. */
export type Admit = (value: number) => number | undefined;

/**
 * Creates the reader of a feature's values.
 *
 * @param feature The feature.
 * @param admit Makes of a number what the library makes of it: a float32, a refusal of infinity.
 * @param unknown What a category is that the file does not list; undefined if it is an error.
 *
 * @returns The reader. It throws ARGUMENTS_INVALID with the name of the feature, the row and the value.
 */
export function readerOf(feature: Feature, admit: Admit, unknown?: number): ReadValue {
  const codes = feature.categories && new Map(feature.categories.map((category, code) => [category, code]));
  const refuse = (value: FeatureValue, row: number, expected: string): never => {
    const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
    const message = `row ${row}, ${feature.name}: expected ${expected}, found ${shown}.`;
    throw new LaunchpadError("ARGUMENTS_INVALID", message, {
      faults: [{ in: "argument", name: feature.name, message: `expected ${expected}`, received: value }],
    });
  };
  const nothing = (value: FeatureValue, row: number) => (feature.missing ? Number.NaN : refuse(value, row, "a value"));
  if (codes !== undefined) {
    const names = feature.categories ?? [];
    const shown = names.slice(0, 8).map((name) => JSON.stringify(name));
    const expected = `one of ${shown.join(", ")}${names.length > 8 ? ` and ${names.length - 8} more` : ""}`;
    return (value, row) => {
      if (value === null || Number.isNaN(value)) return nothing(value, row);
      return codes.get(value) ?? unknown ?? refuse(value, row, expected);
    };
  }
  if (feature.kind === "boolean") {
    return (value, row) => {
      if (value === null || Number.isNaN(value)) return nothing(value, row);
      if (value === true || value === 1) return 1;
      return value === false || value === 0 ? 0 : refuse(value, row, "true or false");
    };
  }
  const expected = feature.kind === "category" ? "the code of a category" : "a number";
  return (value, row) => {
    if (value === null || Number.isNaN(value)) return nothing(value, row);
    if (typeof value !== "number") return refuse(value, row, expected);
    return admit(value) ?? refuse(value, row, "a finite number of 32 bits");
  };
}

/**
 * Checks that there are as many values as features.
 *
 * @param found Number of values or columns.
 * @param features Features of the model.
 */
export function expectWidth(found: number, features: readonly Feature[]): void {
  if (found !== features.length) {
    const message = `expected ${features.length} values, one for each feature, found ${found}.`;
    throw new LaunchpadError("ARGUMENTS_INVALID", message);
  }
}

/** Reads one value of a column. */
export function valueIn(column: FeatureColumn, row: number): FeatureValue {
  return column[row] ?? null;
}
