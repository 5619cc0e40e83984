import type { Config } from "../../../config/types.ts";
import type { Args, Model, ModelContext } from "../../define.ts";
import type { AnyFileModel, FeatureColumn, FeatureValue, ModelFormat } from "../file-model.ts";
import { answersOf, explanationOf } from "./answer.ts";
import { type FileContents, fileCodec } from "./contents.ts";
import { predictNumbers } from "./predict-numbers.ts";
import { explainName, featureValue } from "./schemas.ts";

/** The part of a model from a file that predicts: all that a package needs. */
export type PredictingPart = Pick<Required<Model>, "predict" | "predictBatch" | "codec" | "hooks">;

/** Values of one row in the order of the features. */
export function rowOf({ model, names, options }: FileContents<AnyFileModel>, args: Args): FeatureValue[] {
  return model.features.map((feature, index) => featureValue(feature, args[names[index] as string], options));
}

/** Values of rows by feature. */
export function columnsOf(
  { model, names, options }: FileContents<AnyFileModel>,
  rows: readonly Args[],
): FeatureColumn[] {
  return model.features.map((feature, index) => {
    const values = rows.map((args) => featureValue(feature, args[names[index] as string], options));
    return feature.kind === "number" && values.every((value) => typeof value === "number" || value === null)
      ? Float64Array.from(values as (number | null)[], (value) => value ?? Number.NaN)
      : values;
  });
}

/**
 * Functions that predict with a model from a file.
 *
 * @param format The format of the file.
 * @param config The configuration.
 *
 * @returns `predict`, `predictBatch`, the codec, and the samples that are in the contents.
 */
export function predictingPart(
  format: Pick<ModelFormat, "name" | "title" | "restore">,
  config: Config,
): PredictingPart {
  return {
    codec: fileCodec(format, config),
    hooks: {
      ordersColumns: true,
      samples: ({ samples }: FileContents) => samples,
      predictFrame: predictNumbers,
    },
    predict(contents: FileContents, args: Args) {
      const row = rowOf(contents, args);
      const [answer = {}] = answersOf(contents.model, contents.model.predictRow(row), contents.labels, contents.target);
      if (!contents.explains || args[explainName] !== true) return answer;
      const explained = contents.model.contributions?.(row);
      return explained
        ? { ...answer, ...explanationOf(contents.model, explained, contents.names, contents.labels) }
        : answer;
    },
    predictBatch(contents: FileContents, rows: readonly Args[], _run: ModelContext) {
      const { model, labels, target } = contents;
      return answersOf(model, model.predictColumns(columnsOf(contents, rows), rows.length), labels, target);
    },
  };
}
