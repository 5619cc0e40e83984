import { LaunchpadError } from "../../../errors.ts";
import type { Sample } from "../../define.ts";
import type { AnyFileModel, FeatureColumn } from "../file-model.ts";
import { answersOf } from "./answer.ts";
import type { FileContents } from "./contents.ts";

/** How many rows become samples. */
export const sampleRows = 20;

/** What was found when predictions were compared with those of the library. */
export interface Proof {
  readonly rows: number;
  /** The largest deviation of a number, relative to the larger one. */
  readonly deviation: number;
  readonly samples: readonly Sample[];
}

/** Values of the library, one a row, and what messages call them. */
export interface WantedColumn {
  readonly name: string;
  readonly values: ArrayLike<unknown>;
}

/** What the library predicted. */
export interface Wanted {
  /** Labels of a classification. */
  readonly labels?: WantedColumn | undefined;
  /** Probabilities in the order of the classes, or the numbers of a prediction; those that are not known are left out. */
  readonly numbers: readonly (WantedColumn | undefined)[];
}

/**
 * Proof that a model predicts rows as the library that made it.
 *
 * @param contents The model.
 * @param columns One column for each feature.
 * @param length Number of rows.
 * @param wanted What the library predicted for them.
 * @param where Where the rows come from, for messages.
 *
 * @returns The largest deviation, and rows as samples.
 *
 * @throws SAMPLES_DIFFER naming the first row that deviates by more than `model.tolerance`, or has another label.
 */
export async function proveRows(
  contents: FileContents<AnyFileModel>,
  columns: readonly FeatureColumn[],
  length: number,
  wanted: Wanted,
  where: string,
): Promise<Proof> {
  const { model, options, labels, names, target } = contents;
  const predictions = await model.predictColumns(columns, length);
  const numbers = (labels ? predictions.probabilities : predictions.values) ?? new Float64Array(0);
  const width = labels?.length ?? (model.outputs.length || 1);
  // The last of two probabilities is one minus the other: in float32, a small one has the error of the large one.
  const leastScale = labels && model.format === "onnx" ? 1 : 0;
  let deviation = 0;
  for (let row = 0; row < length; row++) {
    if (labels && wanted.labels) {
      const found = labels[predictions.labels?.[row] as number];
      const label = wanted.labels.values[row];
      // A cell that is empty is no label, though JavaScript takes it for 0.
      if (label === null || (String(found) !== String(label) && Number(found) !== Number(label))) {
        throw differs(
          `${where} row ${row + 1}: expected ${wanted.labels.name} ${JSON.stringify(label)}, found ${JSON.stringify(found)}`,
        );
      }
    }
    for (const [index, column] of wanted.numbers.entries()) {
      if (column === undefined) continue;
      const value = column.values[row];
      const found = numbers[row * width + index] as number;
      const apart = distance(value === null ? Number.NaN : Number(value), found, leastScale);
      deviation = Math.max(deviation, apart);
      if (apart <= options.tolerance) continue;
      throw differs(
        `${where} row ${row + 1}: expected ${column.name} ${value}, found ${found}, which is ${apart.toExponential(2)} apart`,
      );
    }
  }
  const answers = answersOf(model, predictions, labels, target);
  const step = Math.max(1, Math.floor(length / sampleRows));
  const rows = Array.from({ length: Math.min(sampleRows, length) }, (_, index) => index * step);
  const samples = rows.map((row) => ({
    args: Object.fromEntries(names.map((name, index) => [name, argument(columns[index]?.[row])])),
    prediction: answers[row],
  }));
  return { rows: length, deviation, samples };
}

function differs(message: string): LaunchpadError {
  return new LaunchpadError(
    "SAMPLES_DIFFER",
    `${message}. The model is not the one that predicted these, or was written by a version that is read otherwise: nothing is stored.`,
  );
}

function distance(wanted: number, found: number, leastScale: number): number {
  if (wanted === found || (Number.isNaN(wanted) && Number.isNaN(found))) return 0;
  const scale = Math.max(Math.abs(wanted), Math.abs(found), leastScale);
  const apart = Math.abs(wanted - found) / scale;
  return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
}

function argument(value: unknown): unknown {
  return typeof value === "number" && Number.isNaN(value) ? null : value;
}
