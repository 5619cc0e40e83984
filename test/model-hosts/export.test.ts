import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { run } from "../runtimes/runtime.ts";
import { exportingPython } from "../support/python.ts";
import { ask, configText, type HostedProject, hostedProject } from "./project.ts";

const iris = await readFile(new URL("../../examples/iris/iris_train.csv", import.meta.url), "utf8");
const petal = { "petal.length": 3.3, "petal.width": 1, "sepal.length": 4.9, "sepal.width": 2.4 };
const data = "datasources: { petals: { type: csv, path: ./petals.csv, tags: [train, test] } }\n";

let python: string;
let project: HostedProject | undefined;

beforeAll(async () => {
  python = await exportingPython();
}, 600_000);
afterEach(async () => {
  await project?.close();
  project = undefined;
});

const code = (estimator: string, rest = "") => `
import pandas as pd

def train(run):
    petals = run.order_columns(run.source("petals").frame())
    ${estimator}
    return model.fit(petals.drop(columns="variety"), petals["variety"])

def test(model, run):
    petals = run.source("petals").frame()
    rows = petals.drop(columns="variety")
    return {"accuracy": model.score(rows, petals["variety"]), "sure": model.predict_proba(rows).max(axis=1).mean()}
${rest}
`;
const predict = `
def predict(model, args, run):
    label = model.predict(run.order_columns(pd.DataFrame([args])))[0]
    return {"variety": label if isinstance(label, str) else label[0]}
`;
const tree =
  "from sklearn.tree import DecisionTreeClassifier; model = DecisionTreeClassifier(max_depth=3, random_state=0)";

const make = async (text: string, model: string, more: Record<string, string> = {}, sections = data) => {
  const launchpad = configText(`module: my_model, python: "${python}", ${model}`, sections);
  project = await hostedProject({ "launchpad.yml": launchpad, "my_model.py": text, "petals.csv": iris, ...more });
  return project;
};

describe("model.export", () => {
  it.each([
    ["skops", tree],
    ["onnx", tree],
    [
      "xgboost",
      'import xgboost; petals["variety"] = petals["variety"].map({"Setosa": 0, "Versicolor": 1, "Virginica": 2}); model = xgboost.XGBClassifier(n_estimators=10, max_depth=3)',
    ],
    ["lightgbm", "import lightgbm; model = lightgbm.LGBMClassifier(n_estimators=10, verbose=-1)"],
    [
      "catboost",
      "import catboost; model = catboost.CatBoostClassifier(iterations=10, verbose=False, allow_writing_files=False)",
    ],
  ])("%s: trained in Python, proved on every row, served where there is none", async (format, estimator) => {
    const isCoded = format === "xgboost";
    const classes = "classes: [Setosa, Versicolor, Virginica]";
    const { open, folder } = await make(
      // The labels of XGBoost are numbers, and its answers have names by model.classes.
      code(estimator, isCoded ? "" : predict),
      `export: ${format}, target: variety${isCoded ? `, ${classes}` : ""}`,
    );
    const launchpad = await open();
    const { metrics, meta, promoted } = await launchpad.train();
    expect(promoted).toBe(true);
    expect(metrics.accuracy).toBeGreaterThan(isCoded ? -1 : 0.9);
    expect(meta?.train_report).toMatchObject({
      file: { format, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      proof: { rows: 130, tolerance: 1e-6 },
    });
    const proof = meta?.train_report.proof as { largest_deviation: number } | undefined;
    expect(proof?.largest_deviation).toBeLessThan(1e-6);
    expect(meta?.system.packages).toHaveProperty("pandas");
    // What is tested is what serves: the module's own test, with the predictions of the file.
    expect(await launchpad.retest()).toEqual(metrics);
    await launchpad.close();

    const config = await readFile(join(folder, "launchpad.yml"), "utf8");
    await writeFile(join(folder, "launchpad.yml"), config.replace(python, "/nowhere/python3"));
    const served = await (project as HostedProject).open();
    await served.ready();
    expect(await ask(served, petal)).toMatchObject({ status: 200, body: { variety: "Versicolor" } });
    expect((await ask(served, { ...petal, "petal.width": "wide" })).status).toBe(400);
    expect((await ask(served, { ...petal, colour: 1 })).status).toBe(400);
    await expect(served.train()).rejects.toMatchObject({
      code: "HOST_FAILED",
      message: expect.stringContaining("/nowhere/python3"),
    });
    await served.close();
    if (format !== "skops") return;

    const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
    const built = await run([process.execPath, cli, "build", "--target", "cloudflare"], { cwd: folder });
    expect(built.code, built.stderr).toBe(0);
    const file = join(folder, "build/cloudflare/index.mjs");
    expect(await readFile(file, "utf8")).not.toContain("python3");
    const { default: worker } = await import(pathToFileURL(file).href);
    const request = new Request("http://localhost/m/v1/predictions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(petal),
    });
    const response = await worker.fetch(request, {}, { waitUntil() {} });
    expect([response.status, await response.json()]).toMatchObject([200, { variety: "Versicolor" }]);
  });

  it("takes the estimator and rows that the module says, where train returns something else", async () => {
    const text = code(tree, "def export(model, run):\n    return model['tree'], model['rows']\n").replace(
      'return model.fit(petals.drop(columns="variety"), petals["variety"])',
      'rows = petals.drop(columns="variety").rename(columns=str.upper)\n    return {"tree": model.fit(rows, petals["variety"]), "rows": rows.head(50)}',
    );
    const { open } = await make(
      text.replace(
        '.drop(columns="variety")\n    return {"acc',
        '.drop(columns="variety").rename(columns=str.upper)\n    return {"acc',
      ),
      "export: skops",
    );
    const { meta, metrics } = await (await open()).train();
    expect(meta?.train_report.proof).toMatchObject({ rows: 50, largest_deviation: 0 });
    expect(metrics.accuracy).toBeGreaterThan(0.9);
  });

  it("measures by itself where the module has no test, and serves the answer of the file where it has no predict", async () => {
    const text = code(tree).replace(/def test[\s\S]*$/, "");
    const sections =
      "datasources: { petals: { type: csv, path: ./petals.csv }, held: { type: csv, path: ./petals.csv, tags: test } }\n";
    const { open } = await make(text, "export: skops, target: variety", {}, sections);
    const { metrics } = await (await open()).train();
    expect(metrics).toMatchObject({ accuracy: expect.any(Number), f1: expect.anything() });
  });

  it.each([
    [
      "an estimator of another library",
      code(tree, predict),
      "export: xgboost",
      /expected a model of XGBoost, and train returned sklearn\.tree/,
    ],
    ["an answer that has another name", code(tree, predict), "export: skops", /Write "target: variety" below model/],
    [
      "arguments that are changed before the estimator sees them",
      code(tree, predict.replace("pd.DataFrame([args])", "pd.DataFrame([args]) / 2")),
      "export: skops, target: variety",
      /\(variety\), expected the same/,
    ],
    [
      "rows that no source has",
      code(tree, predict).replaceAll('drop(columns="variety")', 'drop(columns="variety").rename(columns=str.upper)'),
      "export: skops, target: variety",
      /expected rows to prove the file with.*PETAL\.LENGTH/,
    ],
    [
      "an estimator of its own",
      code(
        `${tree}\n    from sklearn.base import BaseEstimator, ClassifierMixin\n    global Mine\n    class Mine(ClassifierMixin, BaseEstimator):\n        def fit(self, X, y):\n            self.classes_ = sorted(set(y)); return self\n        def predict(self, X):\n            return ["Setosa"] * len(X)\n    model = Mine()`,
        predict,
      ),
      "export: skops, target: variety",
      /Mine.*leave out model\.export/,
    ],
    [
      "a format that there is not",
      code(tree, predict),
      "export: pmml",
      /expected onnx, skops, xgboost, lightgbm or catboost/,
    ],
  ])("refuses %s by name, and stores nothing", async (_, text, model, message) => {
    const { open } = await make(text, model);
    const training = open().then((launchpad) => launchpad.train());
    await expect(training).rejects.toThrow(message);
  });

  it("is refused for models that are not in Python", async () => {
    const files = {
      "other.mjs": "export const train = () => 1; export const test = () => ({}); export const predict = () => 1;",
    };
    project = await hostedProject({ "launchpad.yml": configText("module: other.mjs, export: skops"), ...files });
    await expect(project.open()).rejects.toThrow(/model\.export: expected a model in Python/);
  });
});
