import * as v from "valibot";
import type { AnyFileModel, Feature, FeatureValue } from "../file-model.ts";
import type { FileOptions } from "./options.ts";

/** Name of the argument that asks for contributions. */
export const explainName = "explain";

/**
 * Schema of the arguments of a prediction, made of the features of a model.
 *
 * @param model The model.
 * @param names Names of its features in the API.
 * @param options The options.
 *
 * @returns A schema of valibot: an object with one entry a feature, and `explain` where the model explains itself.
 */
export function inputSchema(model: AnyFileModel, names: readonly string[], options: FileOptions): v.GenericSchema {
  const entries: Record<string, v.GenericSchema> = {};
  for (const [index, feature] of model.features.entries()) {
    const value = valueSchema(feature, options);
    entries[names[index] as string] = feature.missing || feature.ignored ? v.nullish(value) : value;
  }
  if (explains(model, names, options)) entries[explainName] = v.optional(v.boolean(), false);
  return v.object(entries);
}

/** Whether a model answers the argument `explain`. */
export function explains(model: AnyFileModel, names: readonly string[], { explain }: FileOptions): boolean {
  return explain && model.contributions !== undefined && !names.includes(explainName);
}

function valueSchema({ kind, categories }: Feature, { unknown_categories }: FileOptions): v.GenericSchema {
  if (kind === "text") return v.string();
  if (kind === "boolean") return v.boolean();
  if (kind === "number") return v.pipe(v.number(), v.finite());
  if (categories === undefined || categories.length === 0) return v.pipe(v.number(), v.integer(), v.minValue(0));
  if (unknown_categories === "missing") {
    return categories.every((one) => typeof one === "number")
      ? v.number()
      : v.union([v.string(), v.number(), v.boolean()]);
  }
  if (categories.every((one) => typeof one === "string")) return v.picklist(categories as readonly string[]);
  return v.union(categories.map((one) => v.literal(one)));
}

/**
 * Schema of a prediction.
 *
 * @param model The model.
 * @param labels Labels of its classes, if it has any.
 * @param names Names of its features in the API.
 * @param options The options.
 *
 * @returns A schema of valibot.
 */
export function outputSchema(
  model: AnyFileModel,
  labels: readonly (string | number | boolean)[] | undefined,
  names: readonly string[],
  options: FileOptions,
): v.GenericSchema {
  const number = v.number();
  const value: v.GenericSchema = labels
    ? v.union(labels.map((one) => v.literal(one)))
    : model.outputs.length > 1
      ? v.array(number)
      : number;
  const entries: Record<string, v.GenericSchema> = { [options.target ?? "prediction"]: value };
  if (labels && model.hasProbabilities) {
    entries.probabilities = v.object(Object.fromEntries(labels.map((one) => [String(one), number])));
  }
  if (explains(model, names, options)) {
    entries.contributions = v.optional(v.record(v.string(), v.any()));
    entries.baseline = v.optional(v.any());
  }
  return v.object(entries);
}

/**
 * Value of a feature among the arguments of a prediction.
 *
 * @param feature The feature.
 * @param given The argument.
 * @param options The options.
 *
 * @returns What the model takes: null for what is missing.
 */
export function featureValue(feature: Feature, given: unknown, { unknown_categories }: FileOptions): FeatureValue {
  if (given === undefined || given === null) return null;
  const { categories } = feature;
  if (feature.kind !== "category" || categories === undefined) return given as FeatureValue;
  if (categories.includes(given as string)) return given as FeatureValue;
  // A column of numbers in a file may hold what training saw as text, and the reverse.
  const twin = categories.find((one) => String(one) === String(given));
  return twin ?? (unknown_categories === "missing" ? null : (given as FeatureValue));
}
