import * as v from "valibot";
import { whereIs } from "../../../config/source-map.ts";
import type { Config } from "../../../config/types.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { AnyFileModel } from "../file-model.ts";

const label = v.union([v.string(), v.number(), v.boolean()]);

/** Keys of the `model` section that hold for models in files of other libraries. */
const schema = v.object({
  target: v.optional(v.pipe(v.string(), v.nonEmpty())),
  classes: v.optional(v.pipe(v.array(label), v.minLength(2))),
  features: v.optional(
    v.union([v.array(v.pipe(v.string(), v.nonEmpty())), v.record(v.string(), v.pipe(v.string(), v.nonEmpty()))]),
  ),
  expected: v.optional(v.pipe(v.string(), v.nonEmpty())),
  tolerance: v.optional(v.pipe(v.number(), v.minValue(0), v.finite()), 1e-6),
  explain: v.optional(v.boolean(), true),
  unknown_categories: v.optional(v.picklist(["refuse", "missing"]), "refuse"),
  quantiles: v.optional(v.pipe(v.array(v.pipe(v.number(), v.gtValue(0), v.ltValue(1))), v.minLength(1))),
  group: v.optional(v.pipe(v.string(), v.nonEmpty())),
  engine: v.optional(v.picklist(["portable", "onnxruntime"]), "portable"),
});

/** What each key takes, for messages. */
const expectations: Readonly<Record<string, string>> = {
  target: "the name of the column that is predicted",
  classes: "a list of at least two labels, in the order of the model's probabilities",
  features: "a list of names in the file's order, or a mapping from names in the file to names in the API",
  expected: "the path of a file with rows and what the library predicted for them",
  tolerance: "a number from 0, relative to the larger of two predictions",
  explain: "true or false",
  unknown_categories: "refuse or missing",
  quantiles: "a list of numbers between 0 and 1, one for each number of a prediction",
  group: "the name of the column with the query of a row",
  engine: "portable or onnxruntime",
};

/** Keys of the `model` section, read. */
export type FileOptions = v.InferOutput<typeof schema>;

/**
 * Reads the keys of the `model` section that hold for files.
 *
 * @param config The configuration.
 *
 * @returns The options, defaults filled in.
 *
 * @throws CONFIG_INVALID naming the first key that is wrong.
 */
export function readFileOptions(config: Config): FileOptions {
  const result = v.safeParse(schema, config.model);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const key = String(issue.path?.[0]?.key);
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${whereIs(config, ["model", key])}: model.${key}: expected ${expectations[key]}, found ${JSON.stringify(issue.path?.[0]?.value)}.`,
  );
}

/**
 * Names of a model's features in the API.
 *
 * @param model The model.
 * @param options The options.
 * @param config The configuration, for messages.
 *
 * @returns One name for each feature, in the order of the model.
 *
 * @throws CONFIG_INVALID when `model.features` does not fit the features of the file, or two would share a name.
 */
export function featureNames(model: AnyFileModel, { features }: FileOptions, config: Config): readonly string[] {
  const own = model.features.map(({ name }) => name);
  const where = `${whereIs(config, ["model", "features"])}: model.features`;
  const invalid = (message: string) => new LaunchpadError("CONFIG_INVALID", `${where}: ${message}`);
  let names = own;
  if (Array.isArray(features)) {
    if (features.length !== own.length) {
      throw invalid(`expected ${own.length} names, as many as the file has features, found ${features.length}.`);
    }
    names = features;
  } else if (features !== undefined) {
    const given = features as Readonly<Record<string, string>>;
    const unknown = Object.keys(given).find((name) => !own.includes(name));
    if (unknown !== undefined) {
      throw invalid(`expected names of features in the file (${own.slice(0, 20).join(", ")}), found "${unknown}".`);
    }
    names = own.map((name) => (Object.hasOwn(given, name) ? (given[name] as string) : name));
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`expected one name for each feature, found "${twice}" twice.`);
  return names;
}
