import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFileHost } from "../../runtimes/hosts/server-host.ts";
import { migrateProject } from "../../runtimes/migrate/migrate-project.ts";
import { openProjectStore } from "../../runtimes/project/open-project.ts";
import { silentLogger } from "../../src/index.ts";
import { run, runtimes, sourceCli } from "../runtimes/runtime.ts";

const host = createFileHost({ name: "node", version: process.versions.node }, { log: silentLogger });
let folder: string;

const project: Readonly<Record<string, string>> = {
  "LAUNCHPAD_CFG.yml": `datasources:
  petals: { type: csv, path: ./petals.csv, expires: 0, options: {}, tags: train }
  held: { type: csv, path: ./petals.csv, options: { chunksize: 5 }, tags: test }
datasinks:
  out: { type: csv, path: ./out.csv, options: { index: false, storage_options: {} }, tags: predict }
model_store: { location: ./model_store }
model: { name: iris, version: 0.0.1, module: tree_model }
api: { name: iris, raml: tree.raml, root_path: . }
`,
  "tree.raml":
    "#%RAML 0.8\ntitle: iris\nversion: v0\n/varieties:\n  get:\n    queryParameters:\n      width: { type: number }\n",
  "petals.csv": "width,variety\n1,a\n2,b\n",
  "tree_model.py": `from mllaunchpad import ModelInterface, ModelMakerInterface
class A(ModelMakerInterface):
    def create_trained_model(self, model_conf, data_sources, data_sinks, old_model=None): return 1
    def test_trained_model(self, model_conf, data_sources, data_sinks, model): return {"a": 1}
class B(ModelInterface):
    def predict(self, model_conf, data_sources, data_sinks, model, args_dict): return {}
`,
  "elsewhere.yml":
    "model_store: { location: ./elsewhere }\nmodel: { name: iris, version: 0.0.1, module: tree_model }\n",
  "own.py": "from mllaunchpad.yamlloader import Loader\n",
  "model_store/iris_0.0.1.pkl": "a pickle",
  "model_store/iris_0.0.1.json": JSON.stringify({
    name: "iris",
    version: "0.0.1",
    created: "2020-03-02 10:00:00",
    created_by: "ada",
    system: { mllaunchpad_version: "1.1.0", packages: ["pandas==1.5.3"] },
    train_report: { depth: 3 },
    metrics: { accuracy: 0.95 },
    metrics_history: { "2020-03-02 10:00:01": { accuracy: 0.9 }, "2020-04-01 00:00:00": { accuracy: 0.95 } },
    config_snapshot: { dbms: { x: { password: "hunter2" } } },
  }),
  "model_store/previous/iris_0.0.1_1.json":
    '{"name":"iris","version":"0.0.1","created":"2019-03-02 10:00:00","metrics":{"accuracy":0.8,"auc":NaN}}',
  "model_store/broken_1.0.0.json": "{",
  "deploy/api.service":
    "[Service]\nExecStart=/opt/venv/bin/gunicorn -w 4 --bind 0.0.0.0:5000 mllaunchpad.wsgi:application\n",
  crontab: "0 3 * * * mllaunchpad -c LAUNCHPAD_CFG.yml train\n5 3 * * * python3 -m mllaunchpad retest\n",
  Dockerfile: 'RUN pip install mllaunchpad[x]==1.1.0 pandas\nCMD gunicorn --workers 2 -b :8080 "mllaunchpad.wsgi"\n',
  "requirements.txt": "mllaunchpad\npandas\n",
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "migrate-"));
  for (const [path, text] of Object.entries(project)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});
afterEach(() => rm(folder, { recursive: true }));

const read = (name: string) => readFile(join(folder, name), "utf8");

describe("launchpad migrate", () => {
  it("says what works, what changes and what is to be decided, and writes only what is not there", async () => {
    await writeFile(join(folder, "package.json"), "mine");
    const { findings, written, kept } = await migrateProject(host, folder, { typescript: true, writes: true });
    const of = (verdict: string) =>
      findings
        .filter((one) => one.verdict === verdict)
        .map(({ where, text }) => `${where}: ${text}`)
        .join("\n");
    for (const text of [
      "datasources.petals: csv, as it is",
      "api.raml: the same resources: /varieties",
      "tree_model.py: the code",
    ]) {
      expect(of("works")).toContain(text);
    }
    expect(of("decide")).toMatch(/datasources\.held: .*options\.chunksize.*Read `batches/);
    expect(of("decide")).toMatch(/datasinks\.out: .*options\.storage_options.*Write `endpoint`/);
    expect(of("decide")).toContain("own.py: imports mllaunchpad.yamlloader.Loader, which Launchpad has not");
    expect(of("decide")).toContain("broken_1.0.0.json: no metadata of a training");
    expect(of("decide").split("\n")).toHaveLength(4);
    expect(of("changes")).toContain("pickles of ML Launchpad (1)");
    expect(kept).toEqual(["package.json"]);
    expect(await read("package.json")).toBe("mine");
    expect([...written].sort()).toEqual([
      "Dockerfile.launchpad",
      "crontab.launchpad",
      "deploy/api.launchpad.service",
      "model_store_history.json",
      "tree_model_typescript.ts",
    ]);
    expect(await read("deploy/api.launchpad.service")).toBe(
      "[Service]\nExecStart=npx launchpad api --workers 4 --host 0.0.0.0 --port 5000\n",
    );
    expect(await read("Dockerfile.launchpad")).toBe(
      "RUN pip install pandas && npm install mllaunchpad\nCMD npx launchpad api --workers 2 --port 8080\n",
    );
    expect(await read("crontab.launchpad")).toContain(
      "mllaunchpad -c LAUNCHPAD_CFG.yml train\n5 3 * * * npx launchpad retest\n",
    );
    expect(JSON.parse(await read("model_store_history.json"))).toMatchObject([
      { backup: false, metrics: { accuracy: 0.95 } },
      { backup: true, metrics: { accuracy: 0.8 } },
    ]);
    expect(of("changes")).toContain("the history of trainings (2) is in the model store");
    const skeleton = await read("tree_model_typescript.ts");
    for (const text of [
      'source("petals").frame()',
      'Arguments: "width"',
      'accuracy: todo("accuracy")',
      'sink("out")',
    ]) {
      expect(skeleton).toContain(text);
    }
    for (const [path, text] of Object.entries(project)) expect(await read(path)).toBe(text);
    const again = await migrateProject(host, folder, { typescript: true, writes: true });
    expect(again.written).toEqual([]);
    expect(again.findings.map(({ text }) => text).join()).toContain("(2, 2 of them before)");
  });

  it("takes the history over as runs that are listed, compared and verified, and never served", async () => {
    await migrateProject(host, folder, { typescript: false, writes: false });
    await expect(readdir(join(folder, "model_store/iris"))).rejects.toThrow();
    await migrateProject(host, folder, { typescript: false, writes: true });
    const store = await openProjectStore(host, { config: join(folder, "LAUNCHPAD_CFG.yml") });
    const [newest, oldest] = await store.runs("iris");
    expect(newest).toMatchObject({
      current: false,
      meta: {
        created: new Date("2020-03-02T10:00:00").toISOString(),
        created_by: "ada",
        metrics: { accuracy: 0.95 },
        train_report: { depth: 3 },
        taken_over: { from: "ML Launchpad", file: "iris_0.0.1.json" },
      },
    });
    expect(Object.values(newest?.meta.metrics_history ?? {})).toEqual([{ accuracy: 0.9 }, { accuracy: 0.95 }]);
    expect(oldest?.meta.metrics).toEqual({ accuracy: 0.8, auc: null });
    const files = await Promise.all(
      (await readdir(join(folder, "model_store/iris"), { recursive: true }))
        .filter((name) => name.endsWith(".json"))
        .map((name) => read(join("model_store/iris", name))),
    );
    expect(files.join()).not.toContain("hunter2");
    expect((await store.verify()).every(({ problems }) => problems.length === 0)).toBe(true);
    const of = { name: "iris", version: "0.0.1", run: newest?.meta.run ?? "" };
    for (const serve of [() => store.promote(of), () => store.alias("iris", "live", of), () => store.loadRun(of)]) {
      await expect(serve()).rejects.toMatchObject({
        code: "MODEL_NOT_TRAINED",
        message: expect.stringContaining("the history of a training that was taken over, which cannot serve"),
      });
    }
    expect(await store.current("iris", "0.0.1")).toBeUndefined();
    const bundle = await store.export(of);
    const elsewhere = await openProjectStore(host, { config: join(folder, "elsewhere.yml") });
    await elsewhere.import(bundle);
    expect(await elsewhere.current("iris", "0.0.1")).toBeUndefined();
    expect(await elsewhere.runs("iris")).toHaveLength(1);
    const listed = await run([...(runtimes.Node ?? []), sourceCli, "models"], { cwd: folder });
    expect(JSON.parse(listed.stdout || "null"), listed.stderr).toMatchObject({
      iris: { latest: null, backups: [{ version: "0.0.1" }, { version: "0.0.1" }] },
    });
  });

  it("writes nothing with --check, and goes on where the configuration is wrong", async () => {
    await writeFile(
      join(folder, "LAUNCHPAD_CFG.yml"),
      project["LAUNCHPAD_CFG.yml"]?.replace("version: 0.0.1", "version: one") ?? "",
    );
    const before = (await readdir(folder, { recursive: true })).sort();
    const { findings, written } = await migrateProject(host, folder, { typescript: false, writes: false });
    expect(findings.find(({ verdict }) => verdict === "decide")?.text).toMatch(/model\.version: found "one"/);
    expect(written).toContain("deploy/api.launchpad.service");
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(before);
  });

  it("refuses what is no project, by name", async () => {
    const options = { typescript: false, writes: true };
    await expect(migrateProject(host, join(folder, "nothing"), options)).rejects.toMatchObject({
      code: "CONFIG_NOT_FOUND",
    });
    await expect(migrateProject(host, join(folder, "deploy"), options)).rejects.toThrow(
      /expected one configuration of ML Launchpad .* found none/,
    );
  });
});
