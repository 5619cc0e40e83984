import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { pythons } from "../support/python.ts";
import { configText, type HostedProject, hostedProject } from "./project.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const iris = await readFile(new URL("../../examples/iris/iris_train.csv", import.meta.url), "utf8");

let python: string;
let project: HostedProject | undefined;

beforeAll(async () => {
  python = (await pythons("default"))[0]?.path ?? "";
}, 600_000);
afterEach(async () => {
  await project?.close();
  project = undefined;
});

async function script(folder: string, text: string): Promise<unknown[]> {
  const { stdout } = await promisify(execFile)(python, ["-c", `import json\n${text}`], {
    cwd: folder,
    env: {
      ...process.env,
      PYTHONPATH: join(root, "runtimes/model-hosts/python"),
      LAUNCHPAD_COMMAND: `${process.execPath} ${join(root, "runtimes/cli/main.ts")}`,
      LAUNCHPAD_PYTHON: python,
    },
  });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const model = `
from mllaunchpad import ModelInterface, ModelMakerInterface, order_columns, report
from sklearn.tree import DecisionTreeClassifier
import pandas as pd

class Maker(ModelMakerInterface):
    def create_trained_model(self, model_conf, data_sources, data_sinks, old_model=None):
        df = order_columns(data_sources["petals"].get_dataframe())
        report("rows", len(df))
        tree = DecisionTreeClassifier(max_depth=model_conf["depth"], random_state=0).fit(df.drop(columns="variety"), df["variety"])
        tree.times = 1 if old_model is None else old_model.times + 1
        return tree

    def test_trained_model(self, model_conf, data_sources, data_sinks, model):
        df = order_columns(data_sources["petals"].get_dataframe())
        return {"accuracy": model.score(df.drop(columns="variety"), df["variety"]), "times": model.times}

class Predictor(ModelInterface):
    def predict(self, model_conf, data_sources, data_sinks, model, args_dict):
        assert self.contents is model
        variety = model.predict(order_columns(pd.DataFrame([args_dict])))
        data_sinks["out"].put_dataframe(pd.DataFrame({"variety": variety}))
        return {"variety": variety, "times": model.times}
`;
const data = `datasources: { petals: { type: csv, path: ./petals.csv, tags: [train, test] } }
datasinks: { out: { type: csv, path: ./out.csv, tags: predict } }
`;
const flower = { "sepal.length": 5.1, "sepal.width": 3.5, "petal.length": 1.4, "petal.width": 0.2 };

describe("functions of ML Launchpad for scripts and tests of one's own", () => {
  it("train, test, store and predict, with contents in hand, and without a trace where nothing is to be kept", async () => {
    project = await hostedProject({
      "launchpad.yml": configText("module: tree_model, depth: 3", data),
      "tree_model.py": model,
      "petals.csv": iris,
    });
    const { folder } = project;
    const printed = await script(
      folder,
      `
import mllaunchpad as mllp
from mllaunchpad.model_actions import clear_caches
conf = mllp.get_validated_config("launchpad.yml")
flower = ${JSON.stringify(flower)}
tried, metrics = mllp.train_model(conf, persist=False)
print(json.dumps([metrics["times"], type(tried.contents).__name__, tried.contents.max_depth, isinstance(tried, mllp.ModelInterface), mllp.list_models(conf)]))
print(json.dumps(mllp.predict(conf, flower, model=tried)))
untested, nothing = mllp.train_model(conf, persist=False, test=False, model=tried)
print(json.dumps([nothing, untested.contents.times, mllp.retest(conf, persist=False, model=untested)["times"]]))
try: mllp.predict(conf, flower)
except Exception as error: print(json.dumps([type(error).__name__, error.code, str(error)]))
stored, metrics = mllp.train_model(conf)
print(json.dumps([metrics["times"], stored.name, stored.contents.times, mllp.predict(conf, flower)]))
stored, metrics = mllp.train_model(conf, test=False, model=untested)
print(json.dumps([metrics, stored.contents.times, mllp.predict(conf, flower, use_live_code=True)["times"], mllp.retest(conf)["times"]]))
models = mllp.list_models(conf)["m"]
print(json.dumps([sorted(models), models["latest"]["train_report"]["rows"], len(models["backups"]), mllp.list_models("./store")["m"]["1.0.0"]["metrics"]]))
conf["model"]["depth"] = 1
print(json.dumps(mllp.train_model(conf, persist=False)[0].contents.max_depth))
sources, sinks = __import__("mllaunchpad.resource").resource.create_data_sources_and_sinks(conf, tags=["train"])
print(json.dumps([list(sources), len(sources["petals"].get_dataframe()), list(sinks)]))
text = mllp.get_validated_config_str("model_store: { location: ./store }\\nmodel: { name: m, version: 1.0.0, module: tree_model }\\n")
print(json.dumps([text["model"]["name"], mllp.__version__]))
clear_caches()
try: mllp.get_validated_config_str("model: {}")
except ValueError as error: print(json.dumps(str(error)))
`,
    );
    expect(printed).toEqual([
      [1, "DecisionTreeClassifier", 3, true, {}],
      { variety: ["Setosa"], times: 1 },
      [{}, 2, 2],
      ["LaunchpadError", "MODEL_NOT_TRAINED", expect.stringContaining("Train it first")],
      [1, "m", 1, { variety: ["Setosa"], times: 1 }],
      [{}, 3, 3, 3],
      [["1.0.0", "backups", "latest"], 130, 1, { accuracy: expect.any(Number), times: 3 }],
      1,
      [["petals"], 130, []],
      ["m", "1.1.0"],
      expect.stringContaining("model_store"),
    ]);
    expect(await readFile(join(folder, "out.csv"), "utf8")).toBe("variety\nSetosa\n");
  }, 240_000);

  it("go by Launchpad where the model is in another language", async () => {
    project = await hostedProject({
      "launchpad.yml": configText("module: model"),
      "model.mjs":
        "export const train = () => 2;\nexport const test = () => ({ a: 1 });\nexport const predict = (m, { x }) => ({ y: m * x });\n",
    });
    const printed = await script(
      project.folder,
      `
import mllaunchpad as mllp
conf = mllp.get_validated_config("launchpad.yml")
print(json.dumps(mllp.train_model(conf)[1]))
print(json.dumps([mllp.predict(conf, {"x": 4}), mllp.retest(conf)]))
try: mllp.train_model(conf, persist=False)
except NotImplementedError as error: print(json.dumps(str(error)))
`,
    );
    expect(printed).toEqual([{ a: 1 }, [{ y: 8 }, { a: 1 }], expect.stringContaining("the model is not in Python")]);
  }, 120_000);
});
