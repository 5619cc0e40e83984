import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Python, pythons } from "../support/python.ts";
import { ask, configText, type HostedProject, hostedProject } from "./project.ts";

const iris = await readFile(new URL("../../examples/iris/iris_train.csv", import.meta.url), "utf8");
const [setosa] = [{ "sepal.length": 5.1, "sepal.width": 3.5, "petal.length": 1.4, "petal.width": 0.2 }];

let all: Python[];
let python: string;
let project: HostedProject | undefined;

const make = async (code: string, model = "", more = "", files: Record<string, string> = {}) => {
  const launchpad = configText(`module: my_model, python: "${python}"${model && `, ${model}`}`, more);
  project = await hostedProject({ "launchpad.yml": launchpad, "my_model.py": code, ...files });
  return project;
};

beforeAll(async () => {
  all = await pythons("extremes");
  python = all.at(-1)?.path ?? "";
  console.log(`Python ${all.map(({ version }) => version).join(" and ")}`);
});
afterEach(async () => {
  await project?.close();
  project = undefined;
});

const tree = `
import mllaunchpad
from sklearn.tree import DecisionTreeClassifier

def train(run):
    data = run.order_columns(run.source("petals").frame())
    run.report("petals", data)
    run.report("depth", run.config["depth"])
    return DecisionTreeClassifier(max_depth=run.config["depth"], random_state=0).fit(data.drop(columns="variety"), data["variety"])

def test(model, run):
    data = mllaunchpad.order_columns(run.source("petals").frame())
    return {"accuracy": model.score(data.drop(columns="variety"), data["variety"])}

def predict(model, args, run):
    import pandas as pd
    return {"variety": model.predict(run.order_columns(pd.DataFrame([args])))[0]}
`;
const petals = "datasources: { petals: { type: csv, path: ./petals.csv } }\n";

describe("a model in Python", () => {
  it("is trained, stored, loaded and served on the oldest and the newest Python", async () => {
    for (const { path, version } of all) {
      python = path;
      const { open, lines } = await make(tree, "depth: 3", petals, { "petals.csv": iris });
      const launchpad = await open();
      const { metrics, meta } = await launchpad.train();
      expect(metrics.accuracy).toBeGreaterThan(0.9);
      expect(meta).toMatchObject({
        have_columns_been_ordered: true,
        train_report: { depth: 3, data: { petals: { nrows: 130, ncols: 5 } } },
        code: { files: ["my_model.py"], sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        system: { language: "python", language_version: expect.stringContaining(`${version}.`) },
      });
      expect(Object.keys(meta?.system.packages ?? {})).toEqual(
        expect.arrayContaining(["pandas", "scikit-learn", "numpy"]),
      );
      expect(meta).not.toHaveProperty("python");
      await launchpad.close();

      const again = await open();
      await again.ready();
      expect(await ask(again, setosa ?? {})).toEqual({ status: 200, body: { variety: "Setosa" } });
      expect(await again.retest()).toEqual(metrics);
      expect(lines(/contents of this model are a pickle/)).toHaveLength(2);
      await project?.close();
      project = undefined;
    }
    python = all.at(-1)?.path ?? "";
  });

  it("of ML Launchpad is what it was: two classes, sources and sinks by name, the model before", async () => {
    const { open, folder, log } = await make(
      `
from mllaunchpad import ModelInterface, ModelMakerInterface, order_columns, report
import logging
logger = logging.getLogger(__name__)

class Maker(ModelMakerInterface):
    def create_trained_model(self, model_conf, data_sources, data_sinks, old_model=None):
        df = data_sources["petals"].get_dataframe()
        chunks = list(data_sources["petals"].get_dataframe(chunksize=50))
        assert [len(c) for c in chunks] == [50, 50, 30], [len(c) for c in chunks]
        assert data_sources["words"].get_raw() == "some words"
        assert sorted(data_sources) == ["petals", "words"], sorted(data_sources)
        report("rows", len(df))
        logger.warning("training %s", model_conf["name"])
        order_columns(df)
        return {"rows": len(df), "times": 1 if old_model is None else old_model["times"] + 1, "add": lambda x, y: x + y}

    def test_trained_model(self, model_conf, data_sources, data_sinks, model):
        order_columns({"b": 1, "a": 2})
        return {"accuracy": model["add"](1, 2), "confusion_matrix": [[1]]}

class Model(ModelInterface):
    def predict(self, model_conf, data_sources, data_sinks, model, args_dict):
        import pandas as pd
        assert model is self.contents
        order_columns(args_dict)
        data_sinks["out"].put_dataframe(pd.DataFrame({"sum": [model["add"](args_dict["x"], args_dict["y"])], "name": ["ü"]}))
        data_sinks["text"].put_raw("written")
        return {"sum": model["add"](args_dict["x"], args_dict["y"]), "times": model["times"]}
`,
      "",
      `datasources:
  petals: { type: csv, path: ./petals.csv, tags: train }
  words: { type: text_file, path: ./words.txt }
datasinks:
  out: { type: csv, path: ./out.csv, tags: [predict] }
  text: { type: text_file, path: ./text.txt }
`,
      { "petals.csv": iris, "words.txt": "some words" },
    );
    const launchpad = await open();
    const first = await launchpad.train();
    expect(first.metrics).toEqual({ accuracy: 3, confusion_matrix: [[1]] });
    expect(first.meta?.train_report).toMatchObject({ rows: 130, algorithm: expect.stringContaining("'rows': 130") });
    expect(log).toContainEqual({ level: "warning", message: "my_model: training m" });
    await launchpad.train();
    expect(await launchpad.predict({ x: 1, y: 2 })).toEqual({ sum: 3, times: 2 });
    expect(await readFile(join(folder, "out.csv"), "utf8")).toBe("sum,name\n3,ü\n");
    expect(await readFile(join(folder, "text.txt"), "utf8")).toBe("written");
  });

  it("says by save and load what is kept, and runs no code of the store then", async () => {
    const { open, lines } = await make(
      `
def train(run): return {"n": 7, "previous": run.previous}
def test(model, run): return {}
def predict(model, args, run): return model
def save(model): return b"n=%d" % model["n"]
def load(data): return {"n": int(data[2:]), "loaded": True}
`,
      "pickle: refuse",
    );
    const launchpad = await open();
    await launchpad.train();
    expect(await launchpad.predict({})).toEqual({ n: 7, loaded: true });
    expect(lines(/pickle/)).toEqual([]);
  });

  it("is refused as a pickle where the configuration does so", async () => {
    const { open, folder } = await make(
      "def train(run): return 1\ndef test(model, run): return {}\ndef predict(m, a, r): return m\n",
    );
    await (await open()).train();
    await (await import("node:fs/promises")).writeFile(
      join(folder, "launchpad.yml"),
      configText(`module: my_model, pickle: refuse, python: "${python}"`),
    );
    const strict = await open();
    await expect(strict.ready()).rejects.toThrow(
      /expected none that run code when they are read \(model.pickle: refuse\), found a pickle/,
    );
    await expect(strict.train({ fresh: true })).rejects.toThrow(/found a pickle/);
  });

  it("imports its neighbours, also in folders that dots part, and they belong to what it is made of", async () => {
    const code =
      "from app.helper import answer\ndef train(run): return answer\ndef test(m, r): return {}\ndef predict(m, a, r): return m()\n";
    project = await hostedProject({
      "launchpad.yml": configText(`module: app.model, python: "${python}"`),
      "app/model.py": code,
      "app/helper.py": "from . import constant\ndef answer(): return constant.value\n",
      "app/constant.py": "value = 42\n",
    });
    const launchpad = await project.open();
    const { meta } = await launchpad.train();
    expect(meta?.code).toMatchObject({ files: ["constant.py", "helper.py", "model.py"] });
    expect(await launchpad.predict({})).toBe(42);
  });

  it("gets frames of pandas, polars or Arrow, and gives them", async () => {
    for (const [frames, check] of [
      ["pandas", "type(f).__module__.startswith('pandas') and list(f.columns) == list('fibst')"],
      ["polars", "type(f).__module__.startswith('polars') and f.columns == list('fibst')"],
      ["arrow", "type(f).__module__.startswith('pyarrow') and f.column_names == list('fibst')"],
    ]) {
      const { open, folder } = await make(
        `
def train(run):
    f = run.source("all").frame()
    assert ${check}, f
    run.sink("copy").write(f)
    run.sink("batches").write(run.source("all").batches(size=2))
    return len(f)
def test(m, r): return {}
def predict(m, a, r): return r.source("all").frame()
`,
        `frames: ${frames}`,
        `datasources: { all: { type: csv, path: ./all.csv, options: { dtype: { t: datetime } } } }
datasinks: { copy: { type: jsonl, path: ./copy.jsonl }, batches: { type: jsonl, path: ./batches.jsonl } }
`,
        { "all.csv": "f,i,b,s,t\n1.5,1,True,ü,2020-01-02\n,2,False,,1600-01-01\n-2,3,True,x y,\n" },
      );
      const launchpad = await open();
      await launchpad.train();
      const rows = [
        { f: 1.5, i: 1, b: true, s: "ü", t: "2020-01-02T00:00:00.000Z" },
        { f: null, i: 2, b: false, s: null, t: "1600-01-01T00:00:00.000Z" },
        { f: -2, i: 3, b: true, s: "x y", t: null },
      ];
      for (const name of ["copy", "batches"]) {
        const text = await readFile(join(folder, `${name}.jsonl`), "utf8");
        expect(
          text
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line)),
        ).toEqual(rows);
      }
      expect((await ask(launchpad, { any: 1 })).body).toEqual(rows);
      await project?.close();
      project = undefined;
    }
  });

  it("reads its sources in several threads, each what it asked for", async () => {
    const code = `
from concurrent.futures import ThreadPoolExecutor

def train(run):
    with ThreadPoolExecutor(8) as pool:
        read = lambda i: len(run.source(("short", "long")[i % 2]).frame())
        return [i for i, length in enumerate(pool.map(read, range(200))) if length != (1, 500)[i % 2]]

def test(m, r): return {"swapped": len(m)}
def predict(m, a, r): return {}
`;
    const sources = "datasources: { short: { type: csv, path: ./short.csv }, long: { type: csv, path: ./long.csv } }\n";
    const { open } = await make(code, "", sources, { "short.csv": "x\n1\n", "long.csv": `x\n${"2\n".repeat(500)}` });
    expect((await (await open()).train()).metrics).toEqual({ swapped: 0 });
  });

  it("returns numbers, times and frames of its libraries as plain JSON", async () => {
    const { open } = await make(`
import datetime, decimal, enum, uuid, collections, pathlib
import numpy as np
import pandas as pd
class Color(enum.Enum): RED = "red"
values = {
    "float": lambda: np.float32(0.5), "int": lambda: np.int64(7), "bool": lambda: np.bool_(True), "str": lambda: np.str_("x"),
    "nan": lambda: [float("nan"), np.nan, pd.NA, pd.NaT, None, float("inf")], "big": lambda: 2**60, "decimal": lambda: decimal.Decimal("0.1"),
    "exact": lambda: decimal.Decimal("0.12345678901234567890123"),
    "times": lambda: [datetime.datetime(2020, 1, 2, 3, 4, 5, 678000), pd.Timestamp("2020-01-02", tz="Europe/Berlin"), datetime.date(2020, 1, 2), np.datetime64("2020-01-02")],
    "array": lambda: np.arange(6).reshape(2, 3), "long": lambda: np.linspace(0, 100, 101).reshape(101, 1), "ints": lambda: np.arange(100, dtype="int64"), "flags": lambda: np.ones(70, bool),
    "series": lambda: pd.Series([1, 2]), "named": lambda: pd.Series({"a": 1.5}), "frame": lambda: pd.DataFrame({"a": [1, None], "b": ["x", None]}),
    "nullable": lambda: pd.DataFrame({"i": pd.array([1, None], dtype="Int64"), "b": pd.array([True, None], dtype="boolean"), "c": pd.Categorical(["u", None]), "d": [decimal.Decimal("1.5"), None], "z": pd.to_datetime(["2020-01-02", None]).tz_localize("Europe/Berlin")}),
    "mixed": lambda: (1, {2}, collections.OrderedDict(a=Color.RED), range(2), uuid.UUID(int=1), pathlib.PurePosixPath("/a")),
    "keys": lambda: {1: "a", 2.5: "b", True: "c", None: "d", np.int64(9): "e"}, "text": lambda: "\\ud800 ü\\u2028", "dollar": lambda: {"$": {"$": 1}},
    "digits": lambda: {"id": 12345678901234567890, "text": "12345678901234567890"},
    "complex": lambda: [1, {"a": 1j}], "set of": lambda: {"a": object()}, "bytes": lambda: b"x", "delta": lambda: datetime.timedelta(1), "nested": lambda: pd.DataFrame({"a": [[1], 2]}), "twice": lambda: pd.DataFrame([[1, 2]], columns=["a", "a"]),
}
loop = []
loop.append(loop)
values["loop"] = lambda: loop
def train(run): return 1
def test(m, r): return {"accuracy": np.float64(0.5), "matrix": np.eye(2), "n": np.nan}
def predict(m, args, r): return values[args["what"]]()
`);
    const launchpad = await open();
    expect((await launchpad.train()).metrics).toEqual({
      accuracy: 0.5,
      matrix: [
        [1, 0],
        [0, 1],
      ],
      n: null,
    });
    const expected: Record<string, unknown> = {
      float: 0.5,
      int: 7,
      bool: true,
      str: "x",
      nan: [null, null, null, null, null, null],
      big: String(2n ** 60n),
      decimal: 0.1,
      exact: "0.12345678901234567890123",
      times: ["2020-01-02T03:04:05.678Z", "2020-01-01T23:00:00.000Z", "2020-01-02", "2020-01-02T00:00:00.000Z"],
      array: [
        [0, 1, 2],
        [3, 4, 5],
      ],
      long: Array.from({ length: 101 }, (_, at) => [at]),
      ints: Array.from({ length: 100 }, (_, at) => at),
      flags: Array(70).fill(true),
      series: [1, 2],
      named: { a: 1.5 },
      frame: [
        { a: 1, b: "x" },
        { a: null, b: null },
      ],
      nullable: [
        { i: 1, b: true, c: "u", d: 1.5, z: "2020-01-01T23:00:00.000Z" },
        { i: null, b: null, c: null, d: null, z: null },
      ],
      mixed: [1, [2], { a: "red" }, [0, 1], "00000000-0000-0000-0000-000000000001", "/a"],
      keys: { "1": "c", "2.5": "b", null: "d", "9": "e" },
      text: "\ud800 ü\u2028",
      dollar: { $: { $: 1 } },
      digits: { id: "12345678901234567890", text: "12345678901234567890" },
    };
    for (const [what, value] of Object.entries(expected)) {
      const { body } = await ask(launchpad, { what });
      if (what === "keys") expect(Object.keys(body as object).sort()).toEqual(["1", "2.5", "9", "null"]);
      else expect({ [what]: body }).toEqual({ [what]: value });
    }
    const refused = {
      complex: /result\[1\]\['a'\] is a complex/,
      "set of": /is a object: JSON has no such value/,
      bytes: /is a bytes/,
      delta: /is a timedelta/,
      nested: /column 'a': values of one kind expected .*found int, list/,
      twice: /several named 'a'/,
      loop: /contains itself/,
    };
    for (const [what, error] of Object.entries(refused)) {
      await expect(launchpad.predict({ what })).rejects.toThrow(error);
    }
  });
});
