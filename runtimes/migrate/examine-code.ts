import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Config } from "../../src/internal.ts";
import type { Finding } from "./finding.ts";

/** Names that code of a model may import, by the module of ML Launchpad in which they are here as well. */
const known: Readonly<Record<string, readonly string[]>> = {
  mllaunchpad: [
    "ModelInterface",
    "ModelMakerInterface",
    "order_columns",
    "report",
    "train_model",
    "retest",
    "predict",
    "list_models",
    "get_validated_config",
    "get_validated_config_str",
    "clear_caches",
    "__version__",
  ],
  "mllaunchpad.model_interface": ["ModelInterface", "ModelMakerInterface"],
  "mllaunchpad.model_actions": ["train_model", "retest", "predict", "clear_caches"],
  "mllaunchpad.config": ["get_validated_config", "get_validated_config_str"],
  "mllaunchpad.resource": [
    "DataSource",
    "DataSink",
    "ModelStore",
    "Raw",
    "create_data_sources_and_sinks",
    "get_user_pw",
    "order_columns",
    "to_plain_python_obj",
  ],
  "mllaunchpad.datasources": [
    "DataSource",
    "DataSink",
    "Raw",
    "ensure_dir_to",
    "fill_nas",
    "get_connection_args",
    "get_user_pw",
  ],
};

/**
 * Examines modules in Python: what they import from ML Launchpad must be here as well.
 *
 * @param folder The folder of the project.
 * @param files Paths of its files.
 * @param config The configuration.
 *
 * @returns What works, and what there is not.
 */
export async function examineCode(folder: string, files: readonly string[], config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  const module = `${config.model.module.replace(/\.py$/, "").split(/[./]/).at(-1)}.py`;
  for (const path of files.filter((file) => file.endsWith(".py"))) {
    const text = await readFile(join(folder, path), "utf8");
    const missing = importsOf(text).filter(({ from, name }) => !known[from]?.includes(name));
    if (missing.length > 0) {
      const names = missing.map(({ from, name }) => `${from}.${name}`).join(", ");
      const what = `imports ${names}, which Launchpad has not. Keep what it does in a module of your own`;
      findings.push({ where: path, verdict: "decide", text: what });
    } else if (basename(path) === module && /\bModel(Maker)?Interface\b/.test(text)) {
      const text =
        "the code of the model, unchanged: Launchpad starts Python, and stands in for the package mllaunchpad";
      findings.push({ where: path, verdict: "works", text });
    } else if (/\bmllaunchpad\b/.test(text)) {
      findings.push({ where: path, verdict: "works", text: "what it imports from mllaunchpad is there" });
    }
  }
  return findings;
}

/** Names that a module imports from ML Launchpad; an import of the whole is looked up by its uses. */
function importsOf(text: string): { readonly from: string; readonly name: string }[] {
  const named = [...text.matchAll(/^\s*from\s+(mllaunchpad(?:\.\w+)?)\s+import\s+(\([^)]*\)|[^\n#]*)/gm)];
  const used = /^\s*import\s+mllaunchpad\b/m.test(text) ? [...text.matchAll(/\bmllaunchpad\.(\w+)\b/g)] : [];
  return [
    ...named.flatMap(([, from = "", names = ""]) =>
      (names.match(/\w+(?:\s+as\s+\w+)?/g) ?? []).map((name) => ({ from, name: name.split(/\s/)[0] ?? "" })),
    ),
    ...used.map(([, name = ""]) => ({ from: "mllaunchpad", name })),
  ].filter(({ from, name }) => !(from === "mllaunchpad" && `mllaunchpad.${name}` in known));
}
