import { LaunchpadError } from "../../../errors.ts";
import type { ModelType } from "../model-type.ts";

/** Kind of files that are refused, and how a model gets out of one. */
interface Refused {
  readonly name: string;
  readonly title: string;
  readonly extensions: readonly string[];
  /** Lines of Python, or a sentence, that lead to a file that is read. */
  advice(file: string): string;
}

/** The one table of them. */
const kinds: readonly Refused[] = [
  {
    name: "pickle",
    title: "a pickle, which runs code when it is loaded",
    extensions: [".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle"],
    advice: (file) =>
      `Write the model anew in Python:\n  import joblib, skops.io\n  skops.io.dump(joblib.load("${file}"), "model.skops")\n` +
      'or, of XGBoost, model.save_model("model.ubj"); of LightGBM, model.booster_.save_model("model.txt"); of CatBoost, model.save_model("model.json", format="json").',
  },
  {
    name: "cbm",
    title: "CatBoost's own format",
    extensions: [".cbm", ".cb"],
    advice: (file) =>
      "Write the model anew in Python:\n  from catboost import CatBoost\n" +
      `  CatBoost().load_model("${file}").save_model("model.json", format="json")`,
  },
  {
    name: "network",
    title: "the weights of a neural network",
    extensions: [".h5", ".keras", ".pt", ".pth", ".safetensors", ".tflite", ".pb"],
    advice: () =>
      "Export the model to ONNX in Python: torch.onnx.export, or tf2onnx.convert; and set model.engine: onnxruntime.",
  },
  {
    name: "pmml",
    title: "PMML",
    extensions: [".pmml"],
    advice: () => "Write the model itself as a file: skops, ONNX, or that of its library.",
  },
];

/** Files that run code when they are loaded, or that nothing here reads: refused, with the way out. */
export const refusedTypes: readonly ModelType[] = kinds.map(({ name, title, extensions, advice }) => ({
  name,
  title,
  extensions,
  open({ where }) {
    const file = where.replace(/^.*[\\/]/, "");
    throw new LaunchpadError(
      "MODEL_FILE_UNSUPPORTED",
      `${where}: expected a file that is data and is read here, found ${title}. ${advice(file)}`,
    );
  },
}));
