import { LaunchpadError } from "../../../errors.ts";
import { createLimits } from "../../../source/limits.ts";
import type { Problem } from "../../../source/problems.ts";
import { plainOf } from "../../../source/tree.ts";
import { parseYaml } from "../../../source/yaml.ts";

/** Name of the file that makes a folder one of MLflow. */
export const mlmodelName = "MLmodel";

/** Model file in a folder of MLflow. */
export interface MlflowFile {
  /** Name of the type of model that reads it. */
  readonly type: string;
  /** Its path from the folder. */
  readonly path: string;
  /** Line of Python that writes the model as a file that is read. */
  readonly rewrite: string;
}

interface Flavor {
  /** Name of the type of model that reads its file. */
  readonly type: string;
  /** Key under which the file is named. */
  readonly key: string;
  /** Line of Python that writes the model as a file that is read. */
  readonly rewrite: string;
  /** What the file is, where it is none that is read: the flavour says so by some key. */
  refuse?(flavor: Fields, path: string): string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Flavours whose files are read, in the order in which they are looked for: the more exact first. The one table of them. */
const flavors: Readonly<Record<string, Flavor>> = {
  xgboost: { type: "xgboost", key: "data", rewrite: 'model.save_model("model.ubj")' },
  lightgbm: {
    type: "lightgbm",
    key: "data",
    rewrite: 'model.booster_.save_model("model.txt")',
    refuse: (_, path) => (path.endsWith(".skops") ? "LightGBM's wrapper for scikit-learn in a skops file" : undefined),
  },
  catboost: {
    type: "catboost",
    key: "data",
    rewrite: 'model.save_model("model.json", format="json")',
    refuse: ({ save_format: format = "cbm" }) =>
      format === "json" ? undefined : `CatBoost's own format (${JSON.stringify(format)})`,
  },
  sklearn: { type: "skops", key: "pickled_model", rewrite: 'skops.io.dump(model, "model.skops")' },
  onnx: { type: "onnx", key: "data", rewrite: 'onnx.save_model(model, "model.onnx")' },
};

/**
 * Reads the description of a model by MLflow, as far as it names a file of one of the formats that are read.
 * https://mlflow.org/docs/latest/ml/model/#mlmodel-file
 *
 * @param text The file `MLmodel`.
 * @param url Its URL.
 * @param where Its name, with which messages begin.
 * @param wanted Type of model that the configuration names; any, if it names none.
 *
 * @returns The model file.
 *
 * @throws MODEL_FILE_INVALID if it is none; MODEL_FILE_UNSUPPORTED naming the format that is not read, and the way out.
 */
export function readMlmodel(text: string, url: URL, where: string, wanted: string | undefined): MlflowFile {
  const own = fieldsOf(fieldsOf(parsed(text, url, where))?.flavors);
  if (own === undefined) throw invalid(where, "expected a description of a model by MLflow, found no flavors");
  const found = Object.entries(flavors).find(
    ([name, { type }]) => fieldsOf(own[name]) !== undefined && (wanted === undefined || type === wanted),
  );
  if (found === undefined) {
    throw unsupported(
      where,
      `expected a flavour of ${Object.keys(flavors).join(", ")}${wanted === undefined ? "" : ` that is ${wanted}`}, ` +
        `found ${Object.keys(own).sort().join(", ") || "none"}. What is Python only is served from a module: model.module: my_model.py`,
    );
  }
  const [name, { type, key, rewrite, refuse }] = found;
  const flavor = fieldsOf(own[name]) ?? {};
  const path = flavor[key] ?? fieldsOf(own.python_function)?.[key === "data" ? "data" : "model_path"];
  if (typeof path !== "string" || path === "") {
    throw invalid(where, `flavors.${name}.${key}: expected the name of a file, found ${JSON.stringify(path)}`);
  }
  if (/^[\\/]|^[A-Za-z][\w+.-]*:|(^|[\\/])\.\.([\\/]|$)/.test(path)) {
    throw invalid(
      where,
      `flavors.${name}.${key}: expected the name of a file in the folder, found ${JSON.stringify(path)}`,
    );
  }
  const format = flavor.serialization_format;
  const pickled =
    /\.(pkl|pickle|joblib|cloudpickle)$/i.test(path) || (/pickle/.test(String(format)) && type === "skops");
  const problem = pickled ? "a pickle, which runs code when it is loaded" : refuse?.(flavor, path);
  if (problem !== undefined) throw notRead(where, path, problem, rewrite);
  return { type, path, rewrite };
}

/**
 * Error of a file of MLflow that is not read.
 *
 * @param where Name of the folder's `MLmodel`.
 * @param path The file.
 * @param found What it is.
 * @param rewrite Line of Python that writes the model as a file that is read.
 *
 * @returns A MODEL_FILE_UNSUPPORTED with the way out.
 */
export function notRead(where: string, path: string, found: string, rewrite: string): LaunchpadError {
  return unsupported(
    where,
    `${path}: expected a file that is data and is read here, found ${found}. Load the model in Python and write it anew: ` +
      `${rewrite}; then name that file by model.module.`,
  );
}

function parsed(text: string, url: URL, where: string): unknown {
  const refuse = ({ message, at }: Problem): never => {
    throw invalid(where, `${at ? `line ${at.line}: ` : ""}${message}`);
  };
  const yaml = parseYaml(text, url, ([first]) => first && refuse(first));
  const reading = yaml?.build({ included: new Map(), limits: createLimits(), refuse });
  const [wrong] = reading?.problems ?? [];
  if (wrong) refuse(wrong);
  return reading && plainOf(reading.tree);
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function invalid(where: string, message: string): LaunchpadError {
  return new LaunchpadError("MODEL_FILE_INVALID", `${where}: ${message}.`);
}

function unsupported(where: string, message: string): LaunchpadError {
  return new LaunchpadError("MODEL_FILE_UNSUPPORTED", `${where}: ${message}`);
}
