import type { Frame } from "../../../data/types.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { AnyFileModel, FeatureColumn } from "../file-model.ts";
import type { FileOptions } from "./options.ts";
import { featureValue } from "./schemas.ts";

/**
 * Columns of a frame in the order of a model's features.
 *
 * @param frame The frame; columns that are no features are left alone.
 * @param model The model.
 * @param names Names of the features in the API; a frame may also have those of the file.
 * @param options The options.
 * @param where Where the frame comes from, for messages.
 *
 * @returns One column for each feature.
 *
 * @throws COLUMN_UNKNOWN naming the first feature that the frame has no column of.
 */
export function featureColumns(
  frame: Frame,
  model: AnyFileModel,
  names: readonly string[],
  options: FileOptions,
  where: string,
): FeatureColumn[] {
  return model.features.map((feature, index) => {
    const name = [names[index] as string, feature.name].find((one) => frame.names.includes(one));
    if (name === undefined) {
      if (feature.ignored) return new Float64Array(frame.length).fill(Number.NaN);
      throw new LaunchpadError(
        "COLUMN_UNKNOWN",
        `${where}: expected a column "${names[index]}", a feature of the model; found ${frame.names.slice(0, 20).join(", ")}.`,
      );
    }
    const column = frame.column(name);
    if (feature.kind === "number" && column instanceof Float64Array) return column;
    const values = Array.from(column as ArrayLike<unknown>, (value) =>
      featureValue(feature, typeof value === "bigint" ? Number(value) : value, options),
    );
    if (feature.kind !== "number") return values;
    return values.every((value) => typeof value === "number" || value === null)
      ? Float64Array.from(values, (value) => value ?? Number.NaN)
      : values;
  });
}
