import type { TypedColumn } from "../../../data/frame/column.ts";
import { createFrame, typedColumn } from "../../../data/frame/frame.ts";
import type { ColumnInput, DType, Frame } from "../../../data/types.ts";
import type { FileContents } from "../file/contents.ts";
import type { Feature } from "../file-model.ts";
import type { ReadRows } from "./recorded-rows.ts";

/**
 * Rows that an exported model is proved with: of what was read, those with the columns that it takes, in its order and
 * under the names that its library knows. Rows in which something is missing that the file cannot do without are left out.
 *
 * @param read What was read.
 * @param contents The model that was exported.
 * @param names Names of the features in the library.
 *
 * @returns The rows by source; none where no source has the columns.
 */
export function rowsForProof(read: readonly ReadRows[], contents: FileContents, names: readonly string[]): ReadRows[] {
  return read.flatMap(({ source, frame }) => {
    const columns = contents.model.features.map((feature, index) =>
      columnFor(frame, feature, [names[index] as string, contents.names[index] as string, feature.name]),
    );
    if (!columns.every((column) => column !== undefined)) return [];
    const complete = completeRows(columns, contents.model.features, frame.length);
    const inputs: Record<string, ColumnInput> = {};
    const dtypes: Record<string, DType> = {};
    for (const [index, column] of columns.entries()) {
      const name = names[index] as string;
      inputs[name] = (complete ? column.values.filter((_, row) => complete[row]) : column.values) as ColumnInput;
      dtypes[name] = column.dtype;
    }
    const rows = createFrame(inputs, dtypes);
    return rows.length === 0 ? [] : [{ source, frame: rows }];
  });
}

interface FeatureValues {
  readonly dtype: DType;
  readonly values: readonly unknown[];
}

/** A number that was made of text before the training is none of these. */
function columnFor(frame: Frame, feature: Feature, names: readonly string[]): FeatureValues | undefined {
  const name = names.find((one) => frame.names.includes(one));
  if (name === undefined) return undefined;
  const { dtype }: Pick<TypedColumn, "dtype"> = typedColumn(frame, name);
  if (feature.kind === "number" && dtype !== "float64" && dtype !== "int64" && dtype !== "bool") return undefined;
  if (feature.kind === "text" && dtype !== "str") return undefined;
  return { dtype, values: Array.from(frame.column(name) as ArrayLike<unknown>) };
}

/** Which rows can be predicted; undefined where all can. */
function completeRows(
  columns: readonly FeatureValues[],
  features: readonly Feature[],
  length: number,
): readonly boolean[] | undefined {
  const complete = Array.from({ length }, (_, row) =>
    columns.every(({ values }, index) => features[index]?.missing || !isMissing(values[row])),
  );
  return complete.includes(false) ? complete : undefined;
}

function isMissing(value: unknown): boolean {
  return value === null || Number.isNaN(value);
}

/**
 * Rows that tell of what types the inputs of an estimator are.
 *
 * @param read What was read.
 * @param features Names of the features in the library.
 *
 * @returns Some rows; undefined where no source has the columns.
 */
export function rowsForSample(read: readonly ReadRows[], features: readonly string[]): Frame | undefined {
  if (features.length === 0) return undefined;
  const found = read.find(({ frame }) => features.every((name) => frame.names.includes(name)));
  return found?.frame.select(features).slice(0, 100);
}
