import type { Config } from "../../../config/types.ts";
import { isFrame } from "../../../data/frame/frame.ts";
import type { Frame } from "../../../data/types.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { FileModel, ModelFormat } from "../file-model.ts";
import { answersOf, explanationOf } from "./answer.ts";
import { featureColumns } from "./columns.ts";
import { fileContents } from "./contents.ts";
import { featureValue } from "./schemas.ts";

/** One row, by the names of features; what is missing is null, NaN or absent. */
export type NamedRow = Readonly<Record<string, unknown>>;

/** Settings of a model that is loaded in code, as the `model` section of a configuration has them. */
export interface LoadOptions {
  /** Name of the file, with which messages begin. Default: the name of the format. */
  readonly name?: string;
  /** Name of the prediction in answers. Default: `prediction`. */
  readonly target?: string;
  /** Labels of classes, in the order of probabilities, instead of those of the file. */
  readonly classes?: readonly (string | number | boolean)[];
  /** Names of features in the order of the file, or new names by those of the file. */
  readonly features?: readonly string[] | Readonly<Record<string, string>>;
  /** What happens to a category that training never saw. Default: `refuse`. */
  readonly unknown_categories?: "refuse" | "missing";
}

/** Model that is loaded in code. */
export interface LoadedModel {
  /** The model with its features, task and classes. */
  readonly model: FileModel;
  /** Predicts one row: `{ prediction, probabilities }`. ARGUMENTS_INVALID for a value that a feature does not take. */
  predict(row: NamedRow): Record<string, unknown>;
  /** Predicts a frame or rows, in their order. ARGUMENTS_INVALID, COLUMN_UNKNOWN. */
  predictBatch(rows: Frame | readonly NamedRow[]): readonly Record<string, unknown>[];
  /**
   * Explains one row: a number for each feature (where there are several scores, by label first), and the baseline. Their sum
   * is the raw score. MODEL_FILE_UNSUPPORTED for models without explanations.
   */
  contributions(row: NamedRow): { readonly contributions: object; readonly baseline: unknown };
}

/** Reader of model files that also loads models for code. */
export interface LoadableFormat extends ModelFormat {
  /**
   * Loads a model.
   *
   * @param bytes The whole file.
   * @param options Names of features and classes.
   *
   * @throws MODEL_FILE_INVALID, MODEL_FILE_UNSUPPORTED, CONFIG_INVALID.
   */
  load(bytes: Uint8Array, options?: LoadOptions): Promise<LoadedModel>;
}

/**
 * Format whose models can be loaded in code.
 *
 * @param format The reader.
 *
 * @returns The reader with `load`.
 */
export function loadable(format: ModelFormat): LoadableFormat {
  return {
    ...format,
    async load(bytes, { name = format.name, ...settings } = {}) {
      const read = await format.read(bytes, name);
      const { model, names, options, labels, target } = fileContents(read, { model: settings } as unknown as Config);
      const rowOf = (row: NamedRow) =>
        model.features.map((feature, index) => featureValue(feature, row[names[index] as string], options));
      const columnsOf = (rows: readonly NamedRow[]) =>
        model.features.map((feature, index) =>
          rows.map((row) => featureValue(feature, row[names[index] as string], options)),
        );
      return {
        model,
        predict: (row) => answersOf(model, model.predictRow(rowOf(row)), labels, target)[0] ?? {},
        predictBatch(rows) {
          const columns = isFrame(rows) ? featureColumns(rows, model, names, options, name) : columnsOf(rows);
          return answersOf(model, model.predictColumns(columns, rows.length), labels, target);
        },
        contributions(row) {
          const explained = model.contributions?.(rowOf(row));
          if (explained) return explanationOf(model, explained, names, labels);
          throw new LaunchpadError(
            "MODEL_FILE_UNSUPPORTED",
            `${name}: expected a model that can be explained, found ${model.objective}.`,
          );
        },
      };
    },
  };
}
