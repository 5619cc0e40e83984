import { LaunchpadError } from "../../../errors.ts";
import type { ModelType } from "../model-type.ts";

/** Files that run code when they are loaded: refused, with the way out. */
export const pickle: ModelType = {
  name: "pickle",
  title: "a pickle",
  extensions: [".pkl", ".pickle", ".joblib", ".dill"],
  open({ where }) {
    throw new LaunchpadError(
      "MODEL_FILE_UNSUPPORTED",
      `${where}: expected a file that is data, found a pickle, which runs code when it is loaded. Write the model anew in Python:\n` +
        `  import joblib, skops.io\n  skops.io.dump(joblib.load("${where.replace(/^.*[\\/]/, "")}"), "model.skops")\n` +
        'or, of XGBoost, model.save_model("model.ubj"); of LightGBM, model.booster_.save_model("model.txt"); of CatBoost, model.save_model("model.json", format="json").',
    );
  },
};
