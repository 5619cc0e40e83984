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

const told = (rows: string, n: number, more = "") => `model_store: { location: ./store-${rows} }
plugins: [counted]
model: { name: ${rows}, version: 1.0.0, module: counting${more} }
api: { name: m }
datasources:
  rows: { type: csv, path: ./${rows}.csv, expires: -1 }
  short: { type: csv, path: ./short.csv }
  long: { type: csv, path: ./long.csv }
  own: { type: counted, n: ${n}, expires: -1 }
`;
const numbers = (count: number) => `x\n${Array.from({ length: count }, (_, i) => `${i}\n`).join("")}`;

describe("a script that attaches to several configurations, in several threads", () => {
  const files = {
    "a.yml": told("a", 3),
    "b.yml": told("b", 5, ", frames: polars"),
    "a.csv": "x\n1\n",
    "b.csv": "x\n2\n",
    "short.csv": numbers(10),
    "long.csv": numbers(1000),
    "counted.py": `
from mllaunchpad.resource import DataSource
import pandas as pd

class Counted(DataSource):
    serves = ["counted"]

    def get_dataframe(self, params=None, chunksize=None):
        return pd.DataFrame({"x": [self.config["n"]]})
`,
    "counting.py": `
from mllaunchpad import ModelInterface, ModelMakerInterface
trainings = 0

class Maker(ModelMakerInterface):
    def create_trained_model(self, model_conf, data_sources, data_sinks, old_model=None):
        global trainings
        trainings += 1
        return {"number": trainings}

    def test_trained_model(self, model_conf, data_sources, data_sinks, model):
        return {}

class Predictor(ModelInterface):
    def predict(self, model_conf, data_sources, data_sinks, model, args_dict):
        own = int(data_sources["own"].get_dataframe()["x"][0])
        return {"number": model["number"], "contents": self.contents["number"], "own": own}
`,
  };
  const begin = `
import mllaunchpad as mllp
from concurrent.futures import ThreadPoolExecutor
from mllaunchpad.model_actions import clear_caches
from mllaunchpad.resource import create_data_sources_and_sinks
def sources(conf): return create_data_sources_and_sinks(conf, tags=["predict"])[0]
def first(conf, name="rows"): return int(sources(conf)[name].get_dataframe()["x"][0])
def trained(conf): return mllp.train_model(conf, persist=False, test=False)[0]
`;

  it("gets the rows of each, of their files now, and may change what it gets", async () => {
    project = await hostedProject(files);
    const printed = await script(
      project.folder,
      `${begin}
print(json.dumps([first("a.yml"), first("b.yml"), first("a.yml"), first("a.yml", "own"), first("b.yml", "own")]))
print(json.dumps([type(sources(conf)["rows"].get_dataframe()).__module__.split(".")[0] for conf in ("a.yml", "b.yml", "a.yml")]))
for name in ("rows", "own"):
    for _ in range(2): sources("a.yml")[name].get_dataframe().loc[0, "x"] = 99
print(json.dumps([first("a.yml"), first("a.yml", "own")]))
with open("a.csv", "w") as file: file.write("x\\n7\\n")
before = first("a.yml")
clear_caches()
print(json.dumps([before, first("a.yml")]))
`,
    );
    expect(printed).toEqual([
      [1, 2, 1, 3, 5],
      ["pandas", "polars", "pandas"],
      [1, 3],
      [1, 7],
    ]);
  }, 120_000);

  it("predicts with the model and the plugins of each, also between two batches of a source", async () => {
    project = await hostedProject(files);
    const printed = await script(
      project.folder,
      `${begin}
a, b = trained("a.yml"), trained("b.yml")
print(json.dumps([mllp.predict(conf, model=model)["own"] for conf, model in (("a.yml", a), ("b.yml", b), ("a.yml", a))]))
mixed = []
for _ in range(20):
    one = trained("a.yml")
    found = one.predict({}, {}, {}, one.contents, {})
    if found["contents"] != found["number"]: mixed.append(found)
    del one
print(json.dumps(mixed))
rows = 0
for batch in sources("a.yml")["long"].get_dataframe(chunksize=300):
    rows += len(batch)
    mllp.predict("a.yml", model=a)
print(json.dumps(rows))
`,
    );
    expect(printed).toEqual([[3, 5, 3], [], 1000]);
  }, 120_000);

  it("gives each thread the answer to what it asked, and none to whoever asks after an interruption", async () => {
    project = await hostedProject(files);
    const printed = await script(
      project.folder,
      `${begin}
import signal, _thread
found = sources("a.yml")
with ThreadPoolExecutor(8) as pool:
    lengths = list(pool.map(lambda i: len(found[("short", "long")[i % 2]].get_dataframe()), range(200)))
print(json.dumps([i for i, length in enumerate(lengths) if length != (10, 1000)[i % 2]]))

def stop(*_): raise KeyboardInterrupt
signal.signal(signal.SIGALRM, stop)
from mllaunchpad import _session
session = _session.session_of("a.yml")
read = session.wire.read
def slowly():
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    signal.pause()
session.wire.read = slowly
try: found["short"].get_dataframe()
except KeyboardInterrupt: pass
session.wire.read = read
try: print(json.dumps(len(found["long"].get_dataframe())))
except RuntimeError as error: print(json.dumps(str(error)))
clear_caches()
print(json.dumps(len(sources("a.yml")["long"].get_dataframe())))
`,
    );
    expect(printed).toEqual([[], expect.stringContaining("was interrupted"), 1000]);
  }, 120_000);
});
