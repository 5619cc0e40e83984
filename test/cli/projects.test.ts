import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AwsClient } from "aws4fetch";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { xgboost } from "../../src/model/types/xgboost/index.ts";
import { corpusOf, fileOf, unpacked } from "../formats/corpus.ts";
import { type Running, run, runtimes, sourceCli, start, startApi } from "../runtimes/runtime.ts";
import { startS3 } from "../storage/servers.ts";

/** Those that run the sources as they are. */
const programs = Object.entries(runtimes).filter(([name]) => name !== "Node 20");
/** The one that starts fastest, for what does not depend on the runtime. */
const fast = runtimes.Bun ?? [];

let folder: string;
const started: Running[] = [];
const folders: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-projects-"));
  folders.push(folder);
});
afterEach(async () => {
  for (const running of started.splice(0)) {
    running.kill("SIGKILL");
    await running.finished;
  }
});
afterAll(async () => {
  for (const one of folders) await rm(one, { recursive: true, force: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const configOf = (name: string, more = "") =>
  `model_store: { location: ./model_store }
model: { name: ${name}, version: "1.0.0", module: ./model.mjs, order_columns_not_used_warning: never }
api: { name: ${name} }
${more}`;
const modelOf = (factor: number, text = "") =>
  `export const train = ({ report }) => ({ factor: ${factor} });
export const test = () => ({ factor: ${factor} });
export const predict = ({ factor }, { x }) => { ${text}; return { y: factor * Number(x) }; };
`;
const projectAt = (path: string, name: string, factor: number, text = "") => ({
  [`${path}/launchpad.yml`]: configOf(name),
  [`${path}/model.mjs`]: modelOf(factor, text),
});

const cli = (program: readonly string[], ...args: string[]) => run([...program, sourceCli, ...args], { cwd: folder });

async function serve(program: readonly string[]) {
  const api = await startApi([...program, sourceCli], { cwd: folder });
  started.push(api.running);
  return api;
}

async function ask(origin: string, name: string, x = 2) {
  const response = await fetch(`${origin}/${name}/v1/predictions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ x }),
  });
  return { status: response.status, body: (await response.json()) as { y?: number; code?: string } };
}
const readiness = async (origin: string) =>
  ((await (await fetch(`${origin}/readyz`)).json()) as { models: Record<string, string> }).models;

describe.each(programs)("several projects on %s", (_, program) => {
  it("are trained by their names, serve together, come and go, and hinder no other", async () => {
    await write({
      "launchpad.yml": "projects: [models/*]\nmax_loaded: 1\nrefresh: 0.2\n",
      ...projectAt("models/a", "churn", 3),
      ...projectAt("models/b", "fraud", 5, "console.log('predicting')"),
      "models/c/launchpad.yml": "model_store: { location: ./m }\n",
    });
    const unnamed = await cli(program, "train");
    expect(unnamed).toMatchObject({ code: 2 });
    expect(unnamed.stderr).toContain("There are churn, fraud [USAGE]");
    expect(await cli(program, "train", "churn")).toMatchObject({ code: 0, stdout: '{\n  "factor": 3\n}\n' });
    const api = await serve(program);
    const [text] = await api.running.printed(/[\s\S]*Serving 2 models at/);
    expect(text).toContain("./models/c/launchpad.yml line 1: model: found nothing, expected the section model");
    expect(await ask(api.origin, "churn")).toMatchObject({ status: 200, body: { y: 6 } });
    expect((await ask(api.origin, "fraud")).status).toBe(503);
    expect(await readiness(api.origin)).toEqual({ churn: "ready", fraud: "failed" });
    expect(await cli(program, "train", "fraud")).toMatchObject({ code: 0 });
    expect(await ask(api.origin, "fraud")).toMatchObject({ status: 200, body: { y: 10 } });
    expect(await readiness(api.origin)).toEqual({ churn: "idle", fraud: "ready" });

    await write(projectAt("models/d", "later", 7));
    expect(await cli(program, "train", "later")).toMatchObject({ code: 0 });
    await api.running.printed(/later serves/);
    expect(await ask(api.origin, "later")).toMatchObject({ status: 200, body: { y: 14 } });
    await rename(join(folder, "models/d"), join(folder, "elsewhere"));
    await api.running.printed(/later does not serve any more/);
    expect((await ask(api.origin, "later")).status).toBe(404);
    // What was broken is read again when it is mended.
    await write({ "models/c/launchpad.yml": configOf("mended"), "models/c/model.mjs": modelOf(9) });
    for (let turn = 0; turn < 100 && (await ask(api.origin, "mended")).status === 404; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await ask(api.origin, "mended")).status).toBe(503);
    expect((await ask(api.origin, "churn")).body).toEqual({ y: 6 });
  });
});

describe("several projects", () => {
  it("share their commands, each by its name", async () => {
    await write({
      "launchpad.yml": "projects: [a, ./b/launchpad.yml]\n",
      ...projectAt("a", "churn", 3),
      ...projectAt("b", "fraud", 5),
    });
    for (const name of ["churn", "fraud"]) expect(await cli(fast, "train", name)).toMatchObject({ code: 0 });
    expect(await cli(fast, "retest", "fraud")).toMatchObject({ code: 0, stdout: '{\n  "factor": 5\n}\n' });
    const listed = JSON.parse((await cli(fast, "models")).stdout) as object;
    expect(Object.keys(listed)).toEqual(["churn", "fraud"]);
    const runs = JSON.parse((await cli(fast, "models", "runs")).stdout) as { meta: { name: string } }[];
    expect(runs.map(({ meta }) => meta.name)).toEqual(["churn", "fraud"]);
    expect(JSON.parse((await cli(fast, "models", "show", "fraud")).stdout)).toMatchObject({ name: "fraud" });
    const difference = await cli(fast, "models", "diff", "churn", "fraud");
    expect(difference.stdout).toContain('"path": "metrics.factor"');
    expect(JSON.parse((await cli(fast, "models", "verify")).stdout)).toHaveLength(2);
    await write({ "args.json": '{"x": 4}' });
    expect(JSON.parse((await cli(fast, "predict", "--model", "fraud", "args.json")).stdout)).toEqual({ y: 20 });
    expect(JSON.parse((await cli(fast, "config")).stdout)).toMatchObject({ projects: ["a", "./b/launchpad.yml"] });
    const wrong = await cli(fast, "train", "fraut");
    expect(wrong.stderr).toContain("found no model fraut, expected one of churn, fraud. Did you mean fraud?");
    const watched = await cli(fast, "api", "--watch");
    expect(watched.stderr).toContain("--watch serves one project, found several");
    const alone = await run([...fast, sourceCli, "-c", "a/launchpad.yml", "train", "fraud"], { cwd: folder });
    expect(alone.stderr).toContain("found the name fraud, expected churn, the only model of this configuration");
  });

  it("say what is wrong with them before they serve", async () => {
    const failing = async (config: string, files: Record<string, string> = {}) => {
      await write({ "launchpad.yml": config, ...files });
      const { code, stderr } = await cli(fast, "api", "--port", "0");
      expect(code).not.toBe(0);
      return stderr;
    };
    expect(await failing("projects: [modles/*]\n")).toMatch(
      /line 1: projects: found "modles\/\*", which leads to no project, expected a configuration file.*\n.*projects: found no project, expected one at least/s,
    );
    const bad = await failing("projects: [c]\n", { "c/launchpad.yml": "model_store: { location: ./m }\n" });
    expect(bad).toMatch(/found 1 that cannot be opened, expected one at least that can:\n\.\/c\/launchpad\.yml line 1/);
    expect(await failing("projects: [a]\npreload: [chrun]\n", projectAt("a", "churn", 1))).toMatch(
      /preload: found chrun, expected names of models: churn/,
    );
  });

  it("serve the first of two with one name, whichever is asked for first", async () => {
    await write({
      "launchpad.yml": "projects: [one, two, other]\n",
      ...projectAt("one", "churn", 3),
      ...projectAt("two", "churn", 4),
      ...projectAt("other", "fraud", 5),
    });
    expect((await cli(fast, "train", "churn")).stdout).toContain("3");
    const api = await serve(fast);
    const [text] = await api.running.printed(/[\s\S]*Serving 2 models/);
    expect(text).toContain("./two/launchpad.yml: found the name churn, which ./one/launchpad.yml has already");
    expect((await ask(api.origin, "churn")).body).toEqual({ y: 6 });
  });

  it("serve with several processes, whose numbers are told together", async () => {
    await write({
      "launchpad.yml": "projects: [a, b]\npreload: true\n",
      ...projectAt("a", "churn", 3),
      ...projectAt("b", "fraud", 5),
    });
    for (const name of ["churn", "fraud"]) expect(await cli(fast, "train", name)).toMatchObject({ code: 0 });
    const running = start([...fast, sourceCli, "api", "--port", "0", "--workers", "2"], { cwd: folder });
    started.push(running);
    const [, origin = ""] = await running.printed(/Serving 2 models at (http:\S+?)\/\. /);
    for (let turn = 0; turn < 20; turn++) expect((await ask(origin, "churn", turn)).body).toEqual({ y: 3 * turn });
    const text = await (await fetch(`${origin}/metrics`)).text();
    expect(text).toMatch(/launchpad_http_requests_total\{route="\/churn\/v1\/predictions",.*model="churn"\} 20\n/);
    expect(await readiness(origin)).toEqual({ churn: "ready", fraud: "ready" });
    running.kill("SIGTERM");
    expect(await running.finished).toMatchObject({ code: 0 });
  });

  it("run no code from elsewhere, and read no files beside theirs", async () => {
    const files: Record<string, string> = {
      "/code/launchpad.yml": configOf("code"),
      "/code/model.mjs": modelOf(1),
      "/python/launchpad.yml": configOf("python").replace("./model.mjs", "./model.json, type: python"),
      "/python/model.json": "print('run')",
      "/plugin/launchpad.yml": configOf("plugin", "plugins: [./plugin.mjs]\n").replace(".mjs, order", ".json, order"),
      "/out/launchpad.yml": configOf("out").replace("./model.mjs", "../../etc/model.json"),
    };
    const server = createServer((request, response) => {
      const text = files[request.url ?? ""];
      response.statusCode = text === undefined ? 404 : 200;
      response.end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const url = (name: string) => `http://127.0.0.1:${port}/${name}/launchpad.yml`;
    try {
      const urls = ["code", "python", "plugin", "out", "gone"].map(url).join(", ");
      await write({ "launchpad.yml": `projects: [a, ${urls}]\n`, ...projectAt("a", "churn", 3) });
      for (const [name, message] of [
        ["code", 'model.module: found "./model.mjs" of a project at a URL, expected a model file'],
        ["python", "model.type: expected one of xgboost"],
        ["plugin", "plugins: found a plugin of a project at a URL, expected none"],
        ["out", "expected a file in the folder of the configuration, or below it"],
        ["gone", "found no model gone, expected one of churn, code, python, plugin, out"],
      ] as const) {
        const trained = await cli(fast, "train", name);
        expect(trained.code, trained.stderr).toBe(2);
        expect(trained.stderr).toContain(message);
      }
      expect(await cli(fast, "train", "churn")).toMatchObject({ code: 0 });
    } finally {
      server.close();
    }
  });
});

describe.each(programs)("a project in a bucket, on %s", (_, program) => {
  it("is read, trained into its own store there, and served", async () => {
    const corpus = corpusOf("xgboost");
    const entry = corpus.entry("3.4-logistic");
    const rows = corpus.shared(entry.shared ?? "");
    const probabilities = unpacked(entry.expected);
    const width = (await xgboost.read(fileOf(entry), entry.name)).features.length;
    const names = Array.from({ length: width }, (_, index) => `f${index}`);
    const whole = Array.from({ length: rows.length / width }, (_, row) => row).filter((row) =>
      rows.subarray(row * width, (row + 1) * width).every(Number.isFinite),
    );
    const cells = (row: number) => Array.from(rows.subarray(row * width, (row + 1) * width));
    const label = (row: number) => Number((probabilities[row] ?? 0) > 0.5);
    const csv = (head: readonly string[], last: (row: number) => readonly number[]) =>
      [head, ...whole.map((row) => [...cells(row), ...last(row)])].map((row) => row.join()).join("\n");
    const [first = 0] = whole;
    const files: Record<string, string | Uint8Array> = {
      "launchpad.yml": JSON.stringify({
        datasources: { holdout: { type: "csv", path: "./holdout.csv", tags: "test" } },
        model_store: { location: "./model_store" },
        model: { name: "churn", version: "1.0.0", module: "./churn.ubj", target: "churned" },
        api: { name: "churn" },
      }),
      "churn.ubj": fileOf(entry),
      "holdout.csv": csv([...names, "churned"], (row) => [label(row)]),
    };
    const s3 = await startS3("models");
    try {
      const endpoint = `http://127.0.0.1:${s3.port}`;
      const aws = new AwsClient({
        accessKeyId: "S3RVER",
        secretAccessKey: "S3RVER",
        service: "s3",
        region: "us-east-1",
      });
      for (const [name, body] of Object.entries(files)) {
        const put = await aws.fetch(`${endpoint}/models/x/${name}`, { method: "PUT", body: body as BodyInit });
        expect(put.status).toBe(200);
      }
      const env = { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" };
      await write({ "launchpad.yml": "projects: [s3://models/x/launchpad.yml]\n" });
      const trained = await run([...program, sourceCli, "train", "churn"], { cwd: folder, env });
      expect(trained.code, trained.stderr).toBe(0);
      expect(JSON.parse(trained.stdout)).toMatchObject({ accuracy: 1 });
      const api = await startApi([...program, sourceCli], { cwd: folder, env });
      started.push(api.running);
      const response = await fetch(`${api.origin}/churn/v1/predictions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(Object.fromEntries(names.map((name, at) => [name, cells(first)[at]]))),
      });
      expect(await response.json()).toMatchObject({ churned: label(first) });
    } finally {
      await s3.stop();
    }
  });
});
