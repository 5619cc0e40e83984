import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Running, run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";
import { pythons } from "../support/python.ts";
import { examples } from "./mllaunchpad-examples.ts";

const cli = [...(runtimes.Node ?? []), sourceCli];

let folder = "";
let env: Record<string, string>;
let running: Running | undefined;

beforeAll(async () => {
  env = { LAUNCHPAD_PYTHON: (await pythons("default"))[0]?.path ?? "", BOGUS_COLUMNS: "b" };
}, 600_000);

afterEach(async () => {
  running?.kill("SIGTERM");
  await running?.finished;
  running = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** Writes the examples as they are published: a folder `examples`, which is a package for its plugins. */
async function write(files: Readonly<Record<string, string>>): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), "published-"));
  const irises = new URL("../../examples/iris/", import.meta.url);
  const data = { "iris_train.csv": "", "iris_holdout.csv": "" };
  for (const name of Object.keys(data) as (keyof typeof data)[])
    data[name] = await readFile(new URL(name, irises), "utf8");
  for (const [path, text] of Object.entries({ ...data, ...files })) {
    await mkdir(dirname(join(folder, "examples", path)), { recursive: true });
    await writeFile(join(folder, "examples", path), text);
  }
  return join(folder, "examples");
}

async function json(cwd: string, ...args: string[]): Promise<unknown> {
  const done = await run([...cli, ...args], { cwd, env });
  expect(done, done.stderr).toMatchObject({ code: 0 });
  return JSON.parse(done.stdout);
}

async function serve(
  cwd: string,
  config: string,
): Promise<(path: string) => Promise<{ status: number; body: unknown }>> {
  running = start([...cli, "-c", config, "api", "--port", "0"], { cwd, env });
  const [, origin = ""] = await running.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)/);
  return async (path) => {
    const answer = await fetch(origin + path);
    return { status: answer.status, body: await answer.json() };
  };
}

describe("the examples that ML Launchpad publishes, with configurations, RAML and code as they are", () => {
  it("addition: a function is the model, stored by whatever can", async () => {
    const cwd = await write(examples.addition);
    expect(await json(cwd, "-c", "addition_cfg.yml", "train")).toEqual({ accuracy: 1, precision: "whatever" });
    const ask = await serve(cwd, "addition_cfg.yml");
    expect(await ask("/add/v0/sum?x1=3&x2=2.5")).toEqual({ status: 200, body: { my_addition_result: 5.5 } });
    expect(await ask("/add/v0/sum?x2=2")).toEqual({ status: 200, body: { my_addition_result: 2 } });
  });

  it("tree: batch, resource by its key, one flower; with a plugin of data in Python", async () => {
    const cwd = await write(examples.tree);
    const metrics = (await json(cwd, "-c", "tree_cfg.yml", "train")) as { accuracy: number };
    expect(metrics.accuracy).toBeGreaterThan(0.85);
    expect(await json(cwd, "-c", "tree_cfg.yml", "retest")).toEqual(metrics);
    const ask = await serve(cwd, "tree_cfg.yml");
    const flower = "sepal.length=4.9&sepal.width=2.4&petal.length=3.3&petal.width=1";
    expect(await ask(`/iris/v0/varieties?${flower}`)).toEqual({ status: 200, body: { iris_variety: "Versicolor" } });
    expect(await ask("/iris/v0/varieties/12?hallo=metric")).toEqual({
      status: 200,
      body: { iris_variety: "Virginica" },
    });
    expect(await ask("/iris/v0/varieties")).toEqual({ status: 200, body: { status: "ok" } });
    const written = await readFile(join(cwd, "iris_pred_output.csv"), "utf8");
    expect(written.split("\n").slice(0, 2)).toEqual([
      "myid,petal.length,petal.width,sepal.length,sepal.width,pred",
      "11,1.4,0.2,5.1,3.5,Setosa",
    ]);
  });

  it("R: the bridge is left out, and the R file runs", async () => {
    const cwd = await write(examples.r);
    const metrics = (await json(cwd, "-c", "r_example_cfg.yml", "train")) as { accuracy: number };
    expect(metrics.accuracy).toBeGreaterThan(0.85);
    expect(metrics).toMatchObject({ favoritecolor: "green" });
    const ask = await serve(cwd, "r_example_cfg.yml");
    const flower = "sepal.length=4.9&sepal.width=2.4&petal.length=3.3&petal.width=1";
    expect(await ask(`/some/v0/varieties?${flower}`)).toEqual({
      status: 200,
      body: { iris_variety: "Versicolor", probability: 0.9999, test: "hello" },
    });
  });
});

describe("plugins of data in Python", () => {
  it("serve code of the model, databases of their own, sinks, and whoever else reads: with parameters, kept as long as told", async () => {
    const cwd = await write(examples.plugins);
    expect(await json(cwd, "-c", "plugin_cfg.yml", "train")).toEqual({ rows: 2, sums: [33, 33], kept: true });
    expect(await readFile(join(cwd, "written.txt"), "utf8")).toBe("a=1,b=x;a=2,b=y;");
    const predicted = await run([...cli, "-c", "plugin_cfg.yml", "predict"], { cwd, env, input: '{"n": 4}' });
    expect(JSON.parse(predicted.stdout || "null"), predicted.stderr).toEqual({ rows: 4, kind: "CategoricalDtype" });
    // Not by code of the model: the API file is made of what the source gives.
    const made = await run([...cli, "-c", "plugin_cfg.yml", "generate-raml", "numbers"], { cwd, env });
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(made.stdout).toMatch(/^\s+b:$/m);
  });

  it("get what is written to a sink at once, however long it is, and no rows as an empty frame", async () => {
    const cwd = await write({
      "one_cfg.yml": `model_store: { location: ./store }
model: { name: m, version: 1.0.0, module: ./model.mjs }
plugins: [one]
datasinks: { many: { type: replaced, path: ./many.txt }, none: { type: replaced, path: ./none.txt } }
`,
      "model.mjs": `export async function train(run) {
  await run.sink("many").write(Array.from({ length: 25_000 }, (_, x) => ({ x })));
  await run.sink("none").write([]);
  return {};
}
export const test = () => ({ fine: 1 });
export const predict = () => ({});
`,
      "one.py": `from mllaunchpad.resource import DataSink


class Replaced(DataSink):
    serves = ["replaced"]

    def put_dataframe(self, dataframe, params=None, chunksize=None):
        with open(self.config["path"], "w") as file:
            file.write("%d rows of %s" % (len(dataframe), list(dataframe.columns)))
`,
    });
    expect(await json(cwd, "-c", "one_cfg.yml", "train")).toEqual({ fine: 1 });
    expect(await readFile(join(cwd, "many.txt"), "utf8")).toBe("25000 rows of ['x']");
    expect(await readFile(join(cwd, "none.txt"), "utf8")).toBe("0 rows of []");
  });

  it("say what is wrong: no type that is served, an error while they read, a type that nobody serves", async () => {
    const cwd = await write(examples.plugins);
    const config = await readFile(join(cwd, "plugin_cfg.yml"), "utf8");
    const code = await readFile(join(cwd, "plugged/data.py"), "utf8");
    const fails = async (message: RegExp) => {
      const done = await run([...cli, "-c", "plugin_cfg.yml", "train"], { cwd, env });
      expect(done.code).not.toBe(0);
      expect(done.stderr).toMatch(message);
    };
    await writeFile(join(cwd, "plugged/data.py"), code.replaceAll("serves =", "served ="));
    await fails(
      /data\.py: expected a class that inherits DataSource or DataSink.*serves = \["bogus"\].*MODULE_INVALID/,
    );
    await writeFile(join(cwd, "plugged/data.py"), code.replace("frame = pd", "frame = [][0]; frame = pd"));
    await fails(/IndexError: list index out of range/);
    await writeFile(join(cwd, "plugged/data.py"), code);
    await writeFile(join(cwd, "plugin_cfg.yml"), config.replace("type: bogus", "type: bogsu"));
    await fails(/no data source type "bogsu"; did you mean "bogus"/);
    await writeFile(join(cwd, "plugin_cfg.yml"), config.replace("plugged.data", "plugged.dat"));
    await fails(/plugins\.0.*plugged\.dat/);
  });
});
