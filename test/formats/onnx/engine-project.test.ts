import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { createHost, openLaunchpad } from "../../../runtimes/node.ts";
import { openProject } from "../../../runtimes/project/open-project.ts";
import { isLaunchpadError, type Launchpad } from "../../../src/index.ts";
import type { OpenModel } from "../../../src/plugin.ts";
import { convertedModels } from "./corpus.ts";
import { graph, node } from "./graphs.ts";

const folders: string[] = [];
const open: Launchpad[] = [];
const installed = fileURLToPath(new URL("../../../node_modules/", import.meta.url));

afterAll(async () => {
  for (const launchpad of open) await launchpad.close();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A folder of a project, with onnxruntime-web beside it as if it were installed there. */
async function projectOf(file: Uint8Array, packages = ["onnxruntime-web", "onnxruntime-common"]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-engine-"));
  folders.push(folder);
  await mkdir(join(folder, "node_modules"));
  for (const name of packages) await symlink(join(installed, name), join(folder, "node_modules", name));
  await writeFile(join(folder, "model.onnx"), file);
  return folder;
}

async function openModel(folder: string, model: object): Promise<Launchpad> {
  const config = {
    model_store: { location: "./model_store" },
    model: { name: "graph", version: "1.0.0", module: "./model.onnx", ...model },
    api: { name: "graph" },
  };
  await writeFile(join(folder, "launchpad.yml"), JSON.stringify(config));
  const launchpad = await openLaunchpad({ config: join(folder, "launchpad.yml") });
  open.push(launchpad);
  return launchpad;
}

const refusalOf = (action: Promise<unknown>) =>
  action.then(
    () => "not refused",
    (error: unknown) => (isLaunchpadError(error) ? `${error.code} ${error.message}` : String(error)),
  );

const selu = graph([node("Selu", ["x"], "y")]);
const engine = { engine: "onnxruntime" };

/** onnxruntime-web as onnxruntime-node is: what it runs takes its time, in which others go on; a row of 7 until it is told. */
const slowly = `
import * as web from "onnxruntime-web";
export const { Tensor, env } = web;
env.wasm.numThreads = 1;
export const counts = { begun: 0, released: 0 };
let open;
const opened = new Promise((resolve) => (open = resolve));
export const goOn = () => open();
export const InferenceSession = {
  async create(bytes) {
    const session = await web.InferenceSession.create(bytes);
    return {
      async run(feeds, ...others) {
        if (Object.values(feeds)[0].data[0] === 7) {
          counts.begun += 1;
          await opened;
        }
        return session.run(feeds, ...others);
      },
      async release() {
        counts.released += 1;
        await session.release();
      },
    };
  },
};
`;

async function ask(launchpad: Launchpad, body: object): Promise<unknown> {
  const request = new Request("http://localhost/graph/v1/predictions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await launchpad.fetch(request)).json();
}

describe("model.engine: onnxruntime", () => {
  it("serves a graph with operators that are not run here, from its file and from its store", async () => {
    const folder = await projectOf(selu);
    const launchpad = await openModel(folder, engine);
    const { meta } = await launchpad.train();
    expect(meta?.train_report).toMatchObject({ file: { format: "onnx", bytes: selu.length } });
    const asMade = { prediction: [expect.closeTo(1.0507, 4), expect.closeTo(-1.1113, 4)] };
    expect(await ask(launchpad, { x0: 1, x1: -1 })).toEqual(asMade);
    const other = await openModel(folder, engine);
    await other.ready();
    expect(await other.predict({ x0: 1, x1: -1 })).toEqual(asMade);
    expect(await ask(other, { x0: "a", x1: -1 })).toMatchObject({ errors: [{ name: "x0" }] });
  });

  it("answers what has begun when another run takes its place, and then releases its session", async () => {
    const folder = await projectOf(selu);
    const slow = join(folder, "node_modules", "onnxruntime-node");
    await mkdir(slow);
    await writeFile(join(slow, "package.json"), '{ "name": "onnxruntime-node", "type": "module", "main": "index.js" }');
    await writeFile(join(slow, "index.js"), slowly);
    const launchpad = await openModel(folder, engine);
    await launchpad.train();
    await launchpad.ready();
    const { counts, goOn } = (await import(pathToFileURL(join(slow, "index.js")).href)) as {
      counts: { begun: number; released: number };
      goOn: () => void;
    };
    const begun = Promise.resolve(launchpad.predict({ x0: 7, x1: -1 }));
    await expect.poll(() => counts.begun).toBe(1);
    await launchpad.train();
    const others = { prediction: [expect.closeTo(1.0507, 4), expect.closeTo(-1.1113, 4)] };
    expect(await launchpad.predict({ x0: 1, x1: -1 })).toEqual(others);
    expect(counts.released).toBe(0);
    goOn();
    expect(await begun).toEqual({ prediction: [expect.closeTo(7 * 1.0507, 3), expect.closeTo(-1.1113, 4)] });
    await expect.poll(() => counts.released).toBe(1);
  });

  it("answers and is proved as the reader is, for a classification with its labels", async () => {
    const found = convertedModels().find(({ name }) => name === "forest-classifier");
    if (found === undefined) throw new Error("expected forest-classifier in the corpus, found none");
    const folder = await projectOf(found.file);
    const rows = [0, 1, 2, 3].map((row) => found.columns.map((column) => column[row]));
    const names = found.columns.map((_, at) => `x${at}`);
    const lines = rows.map((row, at) => [...row, found.labels?.[at]].join());
    await writeFile(join(folder, "expected.csv"), [[...names, "prediction"].join(), ...lines].join("\n"));
    const theirs = await openModel(folder, { ...engine, expected: "expected.csv" });
    const { meta } = await theirs.train();
    expect(meta?.train_report).toMatchObject({ expected: { rows: 4 } });
    const mine = await openModel(folder, { version: "1.0.1" });
    await mine.train();
    for (const row of rows) {
      const args = Object.fromEntries(names.map((name, at) => [name, row[at]]));
      const answer = (await mine.predict(args)) as { prediction: unknown; probabilities: Record<string, number> };
      const close = Object.entries(answer.probabilities).map(([label, value]) => [label, expect.closeTo(value, 5)]);
      expect(await theirs.predict(args)).toEqual({ ...answer, probabilities: Object.fromEntries(close) });
    }
  });

  it("is needed for such a graph, whose operators the error names with the package", async () => {
    const refusal = await refusalOf(openModel(await projectOf(selu), {}));
    expect(refusal).toMatch(
      /^MODEL_FILE_UNSUPPORTED .*model\.onnx: .*the operator Selu\. Install onnxruntime-node or onnxruntime-web and set model\.engine to onnxruntime/,
    );
  });

  it("names the packages where none is installed", async () => {
    const refusal = await refusalOf(openModel(await projectOf(selu, []), engine));
    expect(refusal).toMatch(
      /^MODEL_FILE_UNSUPPORTED .*launchpad\.yml.*model\.engine: .*onnxruntime-node or onnxruntime-web, found none\. .*npm install onnxruntime-node/,
    );
  });

  it("says what onnxruntime itself cannot run", async () => {
    const folder = await projectOf(graph([node("NoSuchOperator", ["x"], "y")]));
    expect(await refusalOf(openModel(folder, engine))).toMatch(
      /^MODEL_FILE_UNSUPPORTED .*what onnxruntime can run, found: .*NoSuchOperator/s,
    );
  });

  it("reads no contents that the reader stored, and the reverse", async () => {
    const file = graph([node("Relu", ["x"], "y")]);
    const folder = await projectOf(file);
    await (await openModel(folder, {})).train();
    const theirs = await openModel(folder, engine);
    expect(await refusalOf(Promise.resolve(theirs.predict({ x0: 1, x1: 1 })))).toMatch(
      /expected a stored model of ONNX that onnxruntime runs, found "onnx"\. Train it again/,
    );
    await theirs.train();
    const mine = await openModel(folder, {});
    expect(await refusalOf(Promise.resolve(mine.predict({ x0: 1, x1: 1 })))).toMatch(
      /found "onnxruntime"\. Train it again/,
    );
  });

  it("goes into no package, which is said", async () => {
    const folder = await projectOf(selu);
    await (await openModel(folder, engine)).train();
    let said: string | undefined;
    const observer = { onModel: (model: OpenModel) => (said = model.refusePackage?.("cloudflare")) };
    open.push(await openProject(createHost(), { config: join(folder, "launchpad.yml") }, observer));
    expect(said).toMatch(/model\.engine: expected portable for a package, found onnxruntime/);
  });

  it.each([
    [{ engine: "tensorflow" }, /^CONFIG_INVALID .*engine: .*portable.*onnxruntime/],
    [
      { ...engine, type: "xgboost" },
      /^CONFIG_INVALID .*model\.engine: found onnxruntime for XGBoost.*onnxruntime runs ONNX only/,
    ],
  ])("with %j is one clear error", async (model, message) => {
    expect(await refusalOf(openModel(await projectOf(selu), model))).toMatch(message);
  });
});
