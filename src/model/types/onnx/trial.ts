import type { FeatureColumn, FeatureValue } from "../file-model.ts";
import { tensorsOf } from "./columns.ts";
import { OnnxFault } from "./fault.ts";
import type { Inputs } from "./inputs.ts";
import { numberIf } from "./node.ts";
import type { Trial } from "./outputs.ts";
import type { RawGraph } from "./proto/model.ts";
import type { ValueType } from "./proto/value.ts";
import type { Run } from "./run.ts";
import { blanks, type NumberTensor, type Tensor, zeros } from "./tensor.ts";

/** Numbers of the rows of a trial. */
const tried = [0, 1, -0.75, 3.25, 0.5, -2, 12, 100];

/** Columns of the rows of a trial: numbers that differ, first categories, an empty text. */
export function trialColumns({ features, groups }: Inputs): FeatureColumn[] {
  return groups.flatMap(({ type, first, columns }) =>
    features.slice(first, first + columns).map((feature, at) =>
      tried.map((number, row): FeatureValue => {
        const category = feature.categories?.[row % feature.categories.length];
        if (category !== undefined) return category;
        if (type === "string") return "";
        if (type === "bool") return row % 2 === 1;
        const value = tried[(row + at) % tried.length] ?? number;
        return type === "float" || type === "double" ? value : Math.abs(Math.trunc(value));
      }),
    ),
  );
}

/** Outputs as the file declares them, where a trial came to nothing: one row of zeros. */
export function declared(values: readonly ValueType[]): (Tensor | undefined)[] {
  return values.map(({ kind, type, dims }) => {
    if (kind !== "tensor" || type === undefined || dims === undefined) return undefined;
    const shape = dims.map((dim, axis) => (axis === 0 ? 1 : (dim ?? 1)));
    return type === "string" ? blanks(shape) : zeros(type, shape);
  });
}

/** Runs the rows of a trial; one of them, where a graph takes one at a time. */
export function runTrial(run: Run, inputs: Inputs): Trial {
  const rows = inputs.rowByRow ? 1 : tried.length;
  return { rows, outputs: run(tensorsOf(inputs, trialColumns(inputs), 0, rows)) };
}

/** Tells whether a graph knows missing values: an operator of it asks for them. */
function knowsMissing({ nodes }: RawGraph): boolean {
  return nodes.some((raw) => {
    if (raw.operator === "IsNaN") return true;
    if (raw.operator === "Imputer") return Number.isNaN(numberIf({ ...raw, version: 1 }, "replaced_value_float") ?? 0);
    const tracks = raw.attributes.nodes_missing_value_tracks_true;
    return tracks instanceof Float64Array && tracks.includes(1);
  });
}

/** Most features that are tried one by one for missing values. */
const maxTried = 4096;

/**
 * Finds the features that may be missing: where the graph knows missing values, and what comes out of a row without them
 * is no NaN.
 */
export function missingFeatures(graph: RawGraph, run: Run, inputs: Inputs): ReadonlySet<number> {
  const found = new Set<number>();
  const { features, groups } = inputs;
  if (inputs.rowByRow || features.length > maxTried || !knowsMissing(graph)) return found;
  const base = trialColumns(inputs);
  const lenient: Inputs = { ...inputs, features: features.map((feature) => ({ ...feature, missing: true })) };
  for (const { type, first, columns } of groups) {
    if (type !== "float" && type !== "double") continue;
    for (let feature = first; feature < first + columns; feature += 1) {
      const row = base.map((column, at): FeatureColumn => [at === feature ? null : (column[0] ?? null)]);
      try {
        const outputs = run(tensorsOf(lenient, row, 0, 1));
        const whole = outputs.every(
          (output) => output.type === "string" || (output as NumberTensor).data.every((value) => !Number.isNaN(value)),
        );
        if (whole) found.add(feature);
      } catch (cause) {
        if (!(cause instanceof OnnxFault)) throw cause;
      }
    }
  }
  return found;
}
