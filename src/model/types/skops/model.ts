import type { Feature, FeatureColumn, FeatureValue, FileModel, Predictions } from "../file-model.ts";
import type { Input, Outcome, Predictor, Step } from "./estimator.ts";
import { plain } from "./file/contents.ts";
import { Fields } from "./file/fields.ts";
import { type Data, invalid, matrixOf } from "./math/matrix.ts";
import { readEstimator } from "./registry.ts";

/**
 * Model of the estimator that a file holds.
 *
 * @param fields Its attributes.
 *
 * @returns The model; its contents are what was read of the attributes.
 */
export function modelOf(fields: Fields): FileModel {
  const { step, predictor } = readEstimator(fields);
  const inputs = (predictor ?? step)?.inputs ?? [];
  const names = namesOf(fields, inputs.length);
  const features = inputs.map((input, at) => featureOf(input, names[at] ?? `x${at}`));
  const run = predictor ? (data: Data) => predictor.predict(data) : transformed(step);
  const dataOf = (columns: readonly FeatureColumn[], rows: number): Data => ({
    rows,
    width: features.length,
    columns: columns.map((column, at) => checked(column, features[at] as Feature, rows)),
    names,
  });
  const rowOf = (row: readonly FeatureValue[]) =>
    dataOf(
      row.map((value) => [value]),
      1,
    );
  const predict = (data: Data): Predictions => ({ length: data.rows, ...run(data) });
  const explain = predictor?.explain;
  const importances = predictor?.importances;
  return {
    format: "skops",
    task: predictor?.task ?? "transform",
    objective: lastOf(fields).name,
    features,
    outputs: outputsOf(predictor, step),
    ...(predictor?.classes ? { classes: predictor.classes as readonly (string | number | boolean)[] } : {}),
    hasProbabilities: predictor?.hasProbabilities ?? false,
    predictColumns: (columns, length) =>
      length <= maxTexts || !features.some(({ kind }) => kind === "text")
        ? predict(dataOf(columns, length))
        : parts(columns, length, (part, rows) => predict(dataOf(part, rows))),
    predictRow: (row) => predict(rowOf(row)),
    ...(explain ? { contributions: (row) => explain(rowOf(row)) } : {}),
    ...(importances ? { importances } : {}),
    contents: plain(fields),
  };
}

/** Texts become a column for each term: so many at once, that they fit in memory. */
const maxTexts = 64;

/** Predicts some rows after others. */
function parts(
  columns: readonly FeatureColumn[],
  length: number,
  predict: (columns: readonly FeatureColumn[], rows: number) => Predictions,
): Predictions {
  const found: Predictions[] = [];
  for (let start = 0; start < length; start += maxTexts) {
    const end = Math.min(length, start + maxTexts);
    found.push(
      predict(
        columns.map((column) => column.slice(start, end)),
        end - start,
      ),
    );
  }
  const numbers = (name: "values" | "probabilities" | "scores") =>
    found[0]?.[name] ? { [name]: Float64Array.from(found.flatMap((part) => Array.from(part[name] ?? []))) } : {};
  const labels = found[0]?.labels
    ? { labels: Int32Array.from(found.flatMap((part) => Array.from(part.labels ?? []))) }
    : {};
  return { length, ...labels, ...numbers("values"), ...numbers("probabilities"), ...numbers("scores") };
}

const transformed =
  (step: Step | undefined) =>
  (data: Data): Outcome => {
    if (!step) return {};
    return { values: matrixOf(step.transform(data), "any").data };
  };

function outputsOf(predictor: Predictor | undefined, step: Step | undefined): readonly string[] {
  if (!predictor) return Array.from({ length: step?.width ?? 0 }, (_, at) => `y${at}`);
  if (predictor.targets === 1) return ["y"];
  return Array.from({ length: predictor.targets }, (_, at) => `y${at}`);
}

function featureOf({ kind, categories, missing, ignored }: Input, name: string): Feature {
  return {
    name,
    kind: kind ?? "number",
    missing,
    ...(ignored ? { ignored } : {}),
    ...(categories ? { categories } : {}),
  };
}

/** Values of a feature, refused here where no step would look at them by the name of their feature. */
function checked(column: FeatureColumn, feature: Feature, rows: number): FeatureColumn {
  if (column.length !== rows)
    throw new RangeError(`expected ${rows} values of ${feature.name}, found ${column.length}`);
  if (column instanceof Float64Array || feature.kind !== "number" || feature.ignored) return column;
  const own = (row: number, expected: string, value: unknown) =>
    invalid({ rows, width: 1, columns: [], names: [feature.name] }, 0, row, expected, value);
  column.forEach((value, row) => {
    if (typeof value === "string") throw own(row, "a number", value);
  });
  return column;
}

/** Names that the estimator or its first step saw in training. */
function namesOf(fields: Fields, count: number): readonly string[] {
  const own = fields.optional("feature_names_in_");
  if (own !== undefined) {
    const names = fields.scalars("feature_names_in_", count);
    if (names.every((name) => typeof name === "string")) return names as readonly string[];
    throw fields.wrong("feature_names_in_", "names");
  }
  const best = fields.get("best_estimator_");
  if (best instanceof Fields) return namesOf(best, count);
  const steps = fields.get("steps");
  if (Array.isArray(steps)) {
    for (const step of steps) {
      const part = Array.isArray(step) ? step[1] : undefined;
      if (part instanceof Fields) return namesOf(part, count);
    }
  }
  return Array.from({ length: count }, (_, at) => `x${at}`);
}

/** Estimator at the end of pipelines and searches, whose class is the model's objective. */
function lastOf(fields: Fields): Fields {
  const best = fields.get("best_estimator_");
  if (best instanceof Fields) return lastOf(best);
  const steps = fields.get("steps");
  const last = Array.isArray(steps) ? steps[steps.length - 1]?.[1] : undefined;
  return last instanceof Fields ? lastOf(last) : fields;
}
