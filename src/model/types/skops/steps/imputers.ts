import type { FeatureValue } from "../../file-model.ts";
import type { Input, Reader } from "../estimator.ts";
import type { Fields } from "../file/fields.ts";
import type { Scalar } from "../file/values.ts";
import { beside, type Data, invalid, made, select, valueAt } from "../math/matrix.ts";

/** What counts as missing: NaN and None, or one value. */
function gapOf(fields: Fields): (value: FeatureValue) => boolean {
  const missing = fields.get("missing_values");
  if (missing === undefined || (typeof missing === "object" && missing !== null))
    throw fields.wrong("missing_values", "a value");
  if (missing === null || Number.isNaN(missing)) return (value) => value === null;
  return (value) => value === missing;
}

/** Refuses numbers that are not finite, which scikit-learn does before it looks for what is missing. */
function check(data: Data, column: number, row: number, value: FeatureValue, missing: boolean): void {
  if ((typeof value === "number" && !Number.isFinite(value)) || (value === null && !missing))
    throw invalid(data, column, row, missing ? "a finite number or none" : "a value", value);
}

/** Columns that tell where values were missing. */
function indicators(fields: Fields, width: number) {
  const gap = gapOf(fields);
  const columns = Array.from(fields.numbers("features_", null));
  if (columns.some((column) => !(column >= 0 && column < width)))
    throw fields.wrong("features_", `columns below ${width}`);
  return {
    columns,
    of: (data: Data) =>
      made(
        data.rows,
        columns.length,
        Float64Array.from({ length: data.rows * columns.length }, (_, at) =>
          Number(gap(valueAt(data, columns[at % columns.length] as number, Math.floor(at / columns.length)))),
        ),
        fields.name,
      ),
  };
}

/** Mean, median, most frequent value or a constant for what is missing. */
export const simpleImputer: Reader = (fields) => {
  const width = fields.count("n_features_in_", 1);
  const statistics = fields.scalars("statistics_", width);
  const gap = gapOf(fields);
  const takesMissing = gap(null);
  const keep = fields.flag("keep_empty_features", false);
  const kept = statistics.flatMap((value, column) =>
    keep || (!Number.isNaN(value) && value !== null) ? [column] : [],
  );
  const indicator = fields.flag("add_indicator", false) ? indicators(fields.object("indicator_"), width) : undefined;
  const textual = statistics.some((value) => typeof value === "string");
  const inputs = statistics.map((value): Input => ({ kind: kindOf(value), missing: takesMissing }));
  return {
    step: {
      inputs,
      width: kept.length + (indicator?.columns.length ?? 0),
      origin: [...kept, ...(indicator?.columns ?? [])],
      transform(data) {
        const columns = statistics.map((statistic, column) =>
          Array.from({ length: data.rows }, (_, row) => {
            const value = valueAt(data, column, row);
            if (gap(value)) return statistic;
            check(data, column, row, value, takesMissing);
            if (!textual && typeof value === "string") throw invalid(data, column, row, "a number", value);
            return value;
          }),
        );
        const filled = select(
          { rows: data.rows, width, columns: textual ? columns : columns.map(asNumbers), names: data.names },
          kept,
        );
        return indicator ? beside([filled, indicator.of(data)], data.rows, fields.name) : filled;
      },
    },
  };
};

const asNumbers = (values: readonly FeatureValue[]) => Float64Array.from(values, Number);

const kindOf = (value: Scalar) => (typeof value === "string" ? "text" : "number");

/** Where values are missing. */
export const missingIndicator: Reader = (fields) => {
  const width = fields.count("n_features_in_", 1);
  fields.only("features", "missing-only", "all");
  // Whether a value may be missing where none was in training.
  const strict = fields.flag("error_on_new", true) && fields.get("features") === "missing-only";
  const { columns, of } = indicators(fields, width);
  const gap = gapOf(fields);
  return {
    step: {
      inputs: Array.from({ length: width }, (_, at) => ({ kind: "number", missing: !strict || columns.includes(at) })),
      width: columns.length,
      origin: columns,
      transform(data) {
        for (let row = 0; row < data.rows; row++) {
          for (let column = 0; column < width; column++) {
            const value = valueAt(data, column, row);
            if (!gap(value)) check(data, column, row, value, gap(null));
            else if (strict && !columns.includes(column)) throw invalid(data, column, row, "a value", value);
          }
        }
        return of(data);
      },
    },
  };
};
