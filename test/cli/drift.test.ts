import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Running, run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";

const { Node: node = [] } = runtimes;
const command = (...args: string[]) => [...node, sourceCli, "-c", "launchpad.yml", ...args];

const model = `export const train = async ({ source }) => ({ rows: (await source("houses").frame()).length });
export const test = () => ({ mae: 1 });
export const predict = (_, { size }) => ({ price: size * 1000 });
`;

const config = `datasources:
  houses: { type: csv, path: houses.csv, tags: train }
  more: { type: csv, path: more.csv }
  kept: { type: jsonl, path: kept.jsonl, tags: test }
datasinks:
  kept: { type: jsonl, path: kept.jsonl, options: { mode: a } }
model_store: { location: ./store, refresh: 0 }
model: { name: houses, version: "1.0.0", module: model }
api: { name: houses, log: kept }
drift: { inputs: [size, town], window: 2s }
`;

const rows = (count: number, size: (row: number) => number) =>
  `size,town,owner\n${Array.from({ length: count }, (_, row) => `${size(row)},${row % 4 === 0 ? "Ulm" : "Bonn"},${row}`).join("\n")}\n`;

let folder = "";
let server: Running | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-drift-"));
  await writeFile(join(folder, "model.js"), model);
  await writeFile(join(folder, "launchpad.yml"), config);
  await writeFile(
    join(folder, "houses.csv"),
    rows(800, (row) => 50 + ((row * 7) % 100)),
  );
  await writeFile(
    join(folder, "more.csv"),
    rows(300, (row) => 120 + ((row * 7) % 100)),
  );
  const trained = await run(command("train"), { cwd: folder });
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
}, 60_000);

afterAll(async () => {
  server?.kill("SIGKILL");
  await server?.finished;
  await rm(folder, { recursive: true, force: true });
});

describe("launchpad drift", () => {
  it("compares a data source with the training, and refuses one that has none of the inputs", async () => {
    const { code, stdout } = await run(command("drift", "--from", "more"), { cwd: folder });
    expect(code).toBe(0);
    const { rows: counted, drifted, inputs } = JSON.parse(stdout);
    expect({ counted, drifted }).toEqual({ counted: 300, drifted: ["size"] });
    expect(inputs.town.psi.value).toBeLessThan(inputs.town.psi.limit);
    expect(Object.keys(inputs)).toEqual(["size", "town"]);

    await writeFile(join(folder, "more.csv"), "a,b\n1,2\n");
    const none = await run(command("drift", "--from", "more"), { cwd: folder });
    expect(none.code).toBe(1);
    expect(none.stderr).toContain("found none of the inputs, expected columns such as size, town");
  }, 60_000);

  it("asks a server, whose processes count together, and of which one tells", async () => {
    server = start(command("api", "--port", "0", "--workers", "2"), { cwd: folder, group: true });
    let log = "";
    server.child.stderr?.on("data", (piece: string) => {
      log += piece;
    });
    const [, origin = ""] = await server.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)/);
    await expect.poll(() => log.match(/worker \d+ serves/g)?.length, { timeout: 30_000 }).toBe(2);
    const ask = (size: number) => post(`${origin}/houses/v1/predictions`, JSON.stringify({ size, town: "Bonn" }));
    await Promise.all(Array.from({ length: 100 }, (_, row) => ask(200 + row)));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await Promise.all(Array.from({ length: 10 }, () => ask(200)));
    await expect.poll(() => log.match(/drift of [^\n]*/g), { timeout: 10_000 }).toHaveLength(1);
    expect(log).toMatch(/drift of .*size/);

    const { code, stdout } = await run(command("drift", "--url", origin), { cwd: folder });
    expect(code).toBe(0);
    const { windows } = JSON.parse(stdout) as { windows: { ended: boolean; report: { rows: number } }[] };
    expect(windows.reduce((sum, { report }) => sum + report.rows, 0)).toBe(110);
    const answered = await Promise.all([50, 60, 70, 80, 90, 100].map((size) => ask(size)));
    const feedback = answered.map((id, at) => ({ id, actual: (50 + 10 * at) * 1000 + 500 }));
    const said = await Promise.all(
      feedback.map((one) => send(`${origin}/feedback`, JSON.stringify(one)).then(({ text }) => JSON.parse(text))),
    );
    // Whichever process hears of it, the one that predicted knows.
    expect(said).toEqual(feedback.map(() => ({ accepted: 1, joined: 1 })));
    const production = await (await fetch(`${origin}/feedback`)).json();
    expect(
      production.windows.reduce((sum: number, { metrics }: { metrics: { n: number } }) => sum + metrics.n, 0),
    ).toBe(6);
    expect(production.windows[0].metrics).toMatchObject({ mae: 500, rmse: 500 });

    const numbers = await (await fetch(`${origin}/metrics`)).text();
    expect(numbers).toContain("launchpad_drift_rows{");
    expect(numbers.match(/field="town",measure="psi"/g)).toHaveLength(2);
    server.kill("SIGTERM");
    expect(await server.finished).toMatchObject({ code: 0 });
  }, 90_000);

  it("exports what was predicted with what came true, and its metrics", async () => {
    const exported = await run(command("log", "export"), { cwd: folder });
    expect(exported).toMatchObject({ code: 0 });
    const lines = exported.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(116);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(116);
    expect(lines.filter(({ actual }) => actual !== undefined)).toHaveLength(6);
    expect(lines[0]).toMatchObject({ model: "houses", inputs: { town: "Bonn" }, error: "" });

    const flat = await run(command("log", "export", "--flat", "--until", "2026-01-01"), { cwd: folder });
    expect(flat).toMatchObject({ code: 0, stdout: "" });
    const measured = await run(command("log", "metrics"), { cwd: folder });
    expect(JSON.parse(measured.stdout)).toEqual([
      expect.objectContaining({
        version: "1.0.0",
        metrics: expect.objectContaining({ n: 6, mae: 500 }),
        test: { mae: 1 },
      }),
    ]);
    const drifted = await run(command("drift", "--from", "kept"), { cwd: folder });
    expect(JSON.parse(drifted.stdout)).toMatchObject({ rows: 116, drifted: expect.arrayContaining(["size"]) });
  }, 60_000);
});

/** Asks on a connection of its own, so that the processes take turns. Resolves with the id of the prediction. */
const post = async (url: string, body: string) => (await send(url, body)).id;

function send(url: string, body: string): Promise<{ readonly id: string; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const sent = request(url, { method: "POST", agent: false, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve({ id: String(response.headers["x-prediction-id"] ?? ""), text });
        else reject(new Error(`${response.statusCode} ${text}`));
      });
    });
    sent.on("error", reject).end(body);
  });
}
