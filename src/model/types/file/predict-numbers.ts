import type { Frame } from "../../../data/types.ts";
import type { FramePredictions } from "../../define.ts";
import type { FeatureColumn } from "../file-model.ts";
import type { FileContents } from "./contents.ts";
import { explainName } from "./schemas.ts";

/**
 * Predicts a frame of numbers by its columns, without an object for each row.
 *
 * @param contents The model.
 * @param frame The rows; columns that are no features are left alone.
 *
 * @returns What the model answers to each row, in columns; undefined where a row has to be looked at by itself: for a feature that is
 *   no number, or a value that the model does not take.
 */
export function predictNumbers(contents: FileContents, frame: Frame): FramePredictions | undefined {
  const { model, names, labels, target, explains } = contents;
  if (explains && frame.names.includes(explainName)) return undefined;
  const columns: FeatureColumn[] = [];
  for (const [index, feature] of model.features.entries()) {
    const name = names[index] as string;
    const mayMiss = feature.missing || feature.ignored === true;
    if (feature.kind !== "number") return undefined;
    const column = frame.names.includes(name) ? frame.column(name) : mayMiss ? missing(frame.length) : undefined;
    if (!(column instanceof Float64Array) || !fits(column, mayMiss)) return undefined;
    columns.push(column);
  }
  const predicted = model.predictColumns(columns, frame.length);
  const { values, probabilities } = predicted;
  // What is no number is said of a row, not of all.
  if ((values && !fits(values, false)) || (probabilities && !fits(probabilities, false))) return undefined;
  const found = new Map<string, Float64Array | readonly (string | number | boolean)[]>();
  if (labels && predicted.labels) {
    found.set(
      target,
      Array.from(predicted.labels, (index) => labels[index] as string | number | boolean),
    );
  } else if (values && (model.outputs.length || 1) === 1) found.set(target, values);
  else return undefined;
  for (const [index, label] of (probabilities && labels ? labels : []).entries()) {
    found.set(`probabilities.${String(label)}`, everyNth(probabilities as Float64Array, index, labels?.length ?? 1));
  }
  return found;
}

function missing(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN);
}

/** Whether all are numbers that a row may hold. */
function fits(values: Float64Array, mayMiss: boolean): boolean {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (!Number.isFinite(value) && !(mayMiss && Number.isNaN(value))) return false;
  }
  return true;
}

function everyNth(values: Float64Array, first: number, step: number): Float64Array {
  const picked = new Float64Array(values.length / step);
  for (let row = 0; row < picked.length; row++) picked[row] = values[row * step + first] as number;
  return picked;
}
