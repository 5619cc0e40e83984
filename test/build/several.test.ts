import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { R2Bucket } from "../../runtimes/storage/r2-driver.ts";
import { type Running, runtimes, start } from "../runtimes/runtime.ts";
import { createProject, type Project, startPackage } from "./project.ts";

const modelOf = (by: number) => `import { defineModel } from "mllaunchpad";
export default defineModel({
  train: () => ({ by: ${by} }),
  test: () => ({}),
  predict: ({ by }, { x }) => ({ y: by * x }),
});
`;
const configOf = (name: string, more = "") => `model_store: { location: ../../model_store }
model: { name: ${name}, version: "1.0.0", module: model.ts, order_columns_not_used_warning: never }
api: { name: ${name} }
${more}`;

let project: Project;
const started: Running[] = [];

beforeAll(async () => {
  project = await createProject({
    "launchpad.yml": "projects: [models/*]\nmax_loaded: 1\n",
    "worker.yml": "overlay: r2.yml\n",
    "r2.yml": "model_store: { location: r2://MODELS/trained }\napi: { metrics: false }\n",
    "models/churn/launchpad.yml": configOf("churn"),
    "models/churn/model.ts": modelOf(3),
    "models/fraud/launchpad.yml": configOf(
      "fraud",
      "datasources: { rates: { type: csv, path: ./rates.csv, tags: predict } }\n",
    ),
    "models/fraud/model.ts": modelOf(5).replace(
      "predict: ({ by }, { x }) => ({ y: by * x })",
      'async predict({ by }, { x }, { source }) { return { y: by * x, rate: (await source("rates").frame()).column("rate")[0] }; }',
    ),
    "models/fraud/rates.csv": "rate\n0.5\n",
  });
  for (const name of ["churn", "fraud"]) {
    const trained = await project.launchpad("train", name);
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
  }
});

afterAll(async () => {
  for (const running of started) {
    running.kill("SIGKILL");
    await running.finished;
  }
  await project?.remove();
});

type Fetch = (path: string, init?: object) => Promise<{ readonly status: number; json(): Promise<unknown> }>;

async function ask(fetch: Fetch, name: string, x = 2): Promise<unknown> {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ x }) };
  const response = await fetch(`/${name}/v1/predictions`, init);
  return [response.status, await response.json()];
}
const get = async (fetch: Fetch, path: string) => (await fetch(path)).json();

describe("a package of several projects", () => {
  it.each(["node", "bun", "deno"])("serves all of them on %s, from one file", async (target) => {
    const { file } = await project.build("--target", target);
    const program = { node: runtimes.Node, bun: runtimes.Bun, deno: runtimes.Deno }[target] ?? [];
    const running = start([...program, file, "--port", "0"], { cwd: project.folder });
    started.push(running);
    const [, origin = ""] = await running.printed(/Serving 2 models at (http:\S+?)\/\. /);
    const from: Fetch = (path, init) => fetch(origin + path, init);
    // What stands beside the configuration of a project is looked for below the working folder.
    expect(await ask(from, "fraud")).toEqual([200, { y: 10, rate: 0.5 }]);
    expect(await ask(from, "churn")).toEqual([200, { y: 6 }]);
    expect(await get(from, "/readyz")).toEqual({ status: "ready", models: { churn: "ready", fraud: "idle" } });
    expect(Object.keys(((await get(from, "/openapi.json")) as { paths: object }).paths)).toEqual([
      "/churn/v1/predictions",
      "/fraud/v1/predictions",
    ]);
    running.kill("SIGTERM");
    expect(await running.finished).toMatchObject({ code: 0 });
  });

  it("serves them on Workers by turns, with the models in R2", async () => {
    await project.write({ "models/fraud/launchpad.yml": configOf("fraud"), "models/fraud/model.ts": modelOf(5) });
    const built = await project.launchpad(
      ...["-c", "launchpad.yml", "-c", "worker.yml", "build", "--target", "cloudflare", "--model", "store"],
    );
    expect(built.code, built.stderr).toBe(0);
    const { file } = JSON.parse(built.stdout) as { file: string };
    expect(JSON.parse(await project.read("wrangler.jsonc"))).toMatchObject({
      name: "models",
      r2_buckets: [{ binding: "MODELS" }],
    });
    const worker = await startPackage(await project.read(file), { r2Buckets: ["MODELS"] });
    try {
      const from: Fetch = (path, init) =>
        worker.dispatchFetch(`http://x${path}`, init as Parameters<typeof worker.dispatchFetch>[1]);
      expect(await ask(from, "churn")).toMatchObject([503, { code: "MODEL_NOT_TRAINED" }]);
      const bucket = (await worker.getR2Bucket("MODELS")) as unknown as R2Bucket;
      const store = join(project.folder, "model_store");
      const entries = await readdir(store, { recursive: true, withFileTypes: true });
      for (const entry of entries.filter((one) => one.isFile())) {
        const path = join(entry.parentPath, entry.name);
        await bucket.put(`trained/${relative(store, path)}`, await readFile(path));
      }
      expect(await ask(from, "churn")).toEqual([200, { y: 6 }]);
      expect(await get(from, "/readyz")).toMatchObject({ models: { churn: "ready", fraud: "idle" } });
      for (let turn = 0; turn < 10; turn++) {
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, x) => ask(from, x % 2 ? "churn" : "fraud", x)),
        );
        expect(answers).toEqual(Array.from({ length: 10 }, (_, x) => [200, { y: (x % 2 ? 3 : 5) * x }]));
      }
      const { models } = (await get(from, "/readyz")) as { models: Record<string, string> };
      expect(Object.values(models).filter((state) => state === "ready")).toHaveLength(1);
    } finally {
      await worker.dispose();
    }
  });

  it("is none while one of them cannot be opened", async () => {
    await project.write({ "models/wrong/launchpad.yml": "model_store: { location: ./m }\n" });
    const { code, stderr } = await project.launchpad("build");
    expect(code).toBe(2);
    expect(stderr).toMatch(/models\/wrong\/launchpad.yml line 1: model: found nothing[\s\S]*\[CONFIG_INVALID\]/);
  });
});
