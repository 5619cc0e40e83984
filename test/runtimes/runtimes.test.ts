import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Exchange, exchangeAll } from "./exchange.ts";
import { publishedCli, run, runtimes, sourceCli, startApi } from "./runtime.ts";
import { startWorker } from "./workerd.ts";

const config = fileURLToPath(new URL("fixture/launchpad.yml", import.meta.url));

/** Everything that trains and serves the fixture: each runtime with the published files, and those that can with the sources. */
const programs: Record<string, readonly string[]> = {
  ...Object.fromEntries(Object.entries(runtimes).map(([name, command]) => [name, [...command, publishedCli]])),
  ...Object.fromEntries(
    Object.entries(runtimes)
      .filter(([name]) => name !== "Node 20")
      .map(([name, command]) => [`${name}, from the sources`, [...command, sourceCli]]),
  ),
};

const folders: string[] = [];
let archive: string;
const answers: Record<string, Exchange[]> = {};
const metrics: Record<string, unknown> = {};
const digests: Record<string, string> = {};
const sinks: Record<string, string> = {};
let bundled: readonly string[] = [];
/** What a Worker answers in place of the documentation page. */
let page: Response;

/** Places of its own for what is written: the fixture is the same, an overlay moves its store, its sink and its database. */
async function overlay(): Promise<{ readonly folder: string; readonly config: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-"));
  folders.push(folder);
  await cp(archive, join(folder, "archive.db"));
  await writeFile(
    join(folder, "places.yml"),
    `model_store: { location: ./model_store }
datasinks: { seen: { path: ./new/seen.csv } }
dbms: { archive: { url: "file:./archive.db" } }
`,
  );
  return { folder, config: ["-c", config, "-c", join(folder, "places.yml")] };
}

async function trainAndServe(name: string, program: readonly string[]): Promise<void> {
  const { folder, config } = await overlay();
  const trained = await run([...program, ...config, "train"]);
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
  metrics[name] = JSON.parse(trained.stdout);
  const stored = JSON.parse((await run([...program, ...config, "models", "show", "fixture@1.2.3"])).stdout);
  digests[name] = stored.contents.sha256;
  sinks[name] = await readFile(join(folder, "new/seen.csv"), "utf8");

  const api = await startApi([...program, ...config]);
  try {
    answers[name] = await exchangeAll((path, init) => fetch(api.origin + path, init));
  } finally {
    expect(await api.stop()).toMatchObject({ code: 0, signal: null, stdout: "" });
  }
  if (name === "Node") {
    const worker = await startWorker(
      config.filter((part) => part !== "-c"),
      join(folder, "model_store"),
    );
    try {
      bundled = worker.inputs;
      answers.workerd = await exchangeAll(worker.fetch);
      page = await worker.fetch("/docs", {});
    } finally {
      await worker.stop();
    }
  }
}

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-"));
  folders.push(folder);
  archive = join(folder, "archive.db");
  const database = createClient({ url: pathToFileURL(archive).href });
  await database.batch([
    "create table weights (name text, weight real)",
    "insert into weights values ('light', 0.25), ('é', 0.75), (null, 1e300)",
  ]);
  database.close();
  for (const [name, program] of Object.entries(programs)) await trainAndServe(name, program);
}, 300_000);

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

describe("the same model package on every runtime", () => {
  it("answers what the fixture computes", async () => {
    const echo = answers.Node?.find(({ request }) => request.includes("text=%C3%A6%E6%97%A5&flag"));
    expect(echo).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
    expect(JSON.parse(echo?.body ?? "")).toEqual({
      args: { choice: "red", flag: true, integer: -12, many: [1, 2.5], number: 0.1, text: "æ日" },
      names: ["Ærø, Denmark", 'a "quoted"\nname', "日本"],
      counts: { exact: "9007199254740993" },
      since: "2026-01-02T03:04:05.678Z",
      small: 1e-7,
      large: 1e21,
      zero: 0,
      nothing: null,
    });
    expect(answers.Node?.map(({ status }) => status)).toEqual([
      200, 200, 200, 200, 200, 200, 200, 400, 400, 200, 200, 200, 400, 400, 400, 415, 200, 200, 200, 200, 400, 200, 200,
      200, 400, 400, 400, 400, 400, 400, 400, 400, 400, 400, 500, 500, 500, 405, 204, 200, 404, 404,
    ]);
    const uploads = answers.Node?.filter(({ request }) => request.endsWith("/uploads")).map(({ body }) => body);
    expect(JSON.parse(uploads?.[0] ?? "")).toEqual({
      files: [
        ["é 🌷.csv", "text/csv", "a,b\r\n1,2"],
        ['a"b.txt', "", "--x"],
      ],
      scale: 2.5,
    });
    expect(JSON.parse(uploads?.[1] ?? "")).toEqual({ scale: null, files: [["x.png", "image/png", "png"]] });
  });

  for (const name of [...Object.keys(programs), "workerd"]) {
    it(`answers byte for byte the same on ${name}`, () => {
      expect(answers[name]).toEqual(answers.Node);
    });
  }

  for (const name of Object.keys(programs)) {
    it(`trains the same model from CSV and SQL, and writes the same CSV, on ${name}`, () => {
      expect(metrics[name]).toEqual({
        rows: 3,
        total: expect.closeTo(3 * (Math.sqrt(0.1) + Math.sqrt(0.2) + Math.sqrt(0.3)), 9),
        columns: ["count", "name", "seen", "x", "y"],
        older: [
          { name: "é", weight: 0.75 },
          { name: null, weight: 1e300 },
        ],
      });
      expect(metrics[name]).toEqual(metrics.Node);
      expect(digests[name]).toBe(digests.Node);
      expect(sinks[name]).toContain('"a ""quoted""\nname"');
      expect(sinks[name]).toBe(sinks.Node);
    });
  }

  it("takes no YAML parser to the edge, nor anything that only a laptop has", () => {
    expect(bundled.filter((file) => file.includes("src/launchpad.ts"))).toHaveLength(1);
    expect(
      bundled.filter((file) =>
        /node_modules\/(yaml|@hono\/node-server|esbuild|commander)\/|runtimes\/(cli|node|shared\/docs)/.test(file),
      ),
    ).toEqual([]);
  });

  it("has no documentation page at the edge, and says what to do instead", async () => {
    expect(page.status).toBe(404);
    expect((await page.json()).detail).toMatch(/open \/openapi\.json/);
  });

  it("keeps a model's own error out of the answer", () => {
    for (const { body } of Object.values(answers).flat()) expect(body).not.toContain("the model's own secret");
  });
});
