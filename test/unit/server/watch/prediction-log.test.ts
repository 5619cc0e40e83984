import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHost } from "../../../../runtimes/node.ts";
import {
  createData,
  createLaunchpad,
  defineConfig,
  defineModel,
  defineSink,
  type Host,
  type Launchpad,
} from "../../../../src/internal.ts";
import { testHost } from "../../../support/host.ts";

let folder = "";
const tasks: Promise<unknown>[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-log-"));
  tasks.length = 0;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const model = defineModel({
  train: () => ({}),
  test: () => ({}),
  predict(_, { size, name }) {
    if (size === 13) throw new Error("unlucky");
    return { variety: size > 5 ? "large" : "small", for: name };
  },
});

const url = (file: string) => pathToFileURL(join(folder, file)).href;

async function open(log: object | string, more: object = {}, host: Host = testHost()): Promise<Launchpad> {
  const launchpad = createLaunchpad({
    config: {
      datasinks: { kept: { type: "jsonl", path: url("kept.jsonl"), options: { mode: "a" } } },
      model_store: { location: "memory:" },
      model: { name: "sizes", version: "1.0.0", module: "sizes" },
      api: { name: "sizes", log },
      ...more,
    },
    model,
    host,
  });
  await launchpad.train();
  return launchpad;
}

const execution = { waitUntil: (task: Promise<unknown>) => void tasks.push(task) };

const post = (launchpad: Launchpad, path: string, body: unknown) =>
  launchpad.fetch(
    new Request(`http://x${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
    execution,
  );

const ask = (launchpad: Launchpad, args: object) => post(launchpad, "/sizes/v1/predictions", args);

const rows = async (file = "kept.jsonl") =>
  (await readFile(join(folder, file), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("the log of predictions", () => {
  it("keeps what was asked and answered, by the id that the answer names", async () => {
    const launchpad = await open("kept");
    const answer = await ask(launchpad, { size: 7, name: "Ada" });
    const id = answer.headers.get("x-prediction-id");
    expect(id).toMatch(/^[0-9a-f]{12}-1$/);
    expect(answer.headers.get("x-model")).toMatch(/^sizes@1\.0\.0\//);
    expect((await ask(launchpad, { size: 13 })).status).toBe(500);
    // What is not valid never reaches the model.
    expect((await post(launchpad, "/sizes/v1/predictions", [])).status).toBe(400);
    await Promise.all(tasks.splice(0));
    const found = await rows();
    expect(found).toEqual([
      expect.objectContaining({
        kind: "prediction",
        id,
        model: "sizes",
        version: "1.0.0",
        variant: "",
        inputs: '{"size":7,"name":"Ada"}',
        prediction: '{"variety":"large","for":"Ada"}',
        error: "",
        actual: "",
      }),
      expect.objectContaining({ inputs: '{"size":13}', prediction: "", error: "PREDICT_FAILED" }),
    ]);
    expect(Math.abs(Date.parse(found[0].time) - Date.now())).toBeLessThan(60_000);
    expect(found[0].ms).toBeGreaterThanOrEqual(0);
    await launchpad.close();
  });

  it("writes what waits when it ends", async () => {
    const launchpad = await open("kept");
    await ask(launchpad, { size: 1 });
    await launchpad.close();
    expect(await rows()).toHaveLength(1);
  });

  it("keeps neither columns that are not wanted nor what is secret, and a share of all", async () => {
    const launchpad = await open({
      sink: "kept",
      columns: ["name", "size"],
      redact: ["name", "for", "deep.secret"],
      sample: 0.3,
    });
    for (let count = 0; count < 300; count += 1) await ask(launchpad, { size: 7, name: "Ada", age: 36 });
    await launchpad.close();
    const found = await rows();
    // Within five standard deviations.
    expect(Math.abs(found.length - 90)).toBeLessThan(40);
    expect(new Set(found.map(({ inputs, prediction }) => inputs + prediction))).toEqual(
      new Set(['{"size":7,"name":"***"}{"variety":"large","for":"***"}']),
    );
  });

  it("joins what came true, counts it by window, and keeps it", async () => {
    const host = testHost();
    const launchpad = await open({ sink: "kept", target: "variety" }, {}, host);
    const ids: string[] = [];
    for (const size of [1, 2, 7, 8]) ids.push((await ask(launchpad, { size })).headers.get("x-prediction-id") ?? "");
    const truths = ["small", "large", "large", "large"].map((actual, at) => ({ id: ids[at], actual }));
    const [first, ...others] = truths;
    expect(await (await post(launchpad, "/feedback", first)).json()).toEqual({ accepted: 1, joined: 1 });
    expect(await (await post(launchpad, "/feedback", [...others, { id: "unheard", actual: "large" }])).json()).toEqual({
      accepted: 4,
      joined: 3,
    });
    // Said twice, it counts once.
    expect(await (await post(launchpad, "/feedback", first)).json()).toEqual({ accepted: 1, joined: 0 });
    const { windows } = await (await launchpad.fetch(new Request("http://x/feedback"))).json();
    expect(windows).toHaveLength(1);
    expect(windows[0].metrics).toMatchObject({ n: 4, accuracy: 0.75, recall: (1 + 2 / 3) / 2, mae: null });
    expect(await (await launchpad.fetch(new Request("http://x/metrics"))).text()).toMatch(
      /launchpad_production_metric\{.*metric="accuracy"\} 0\.75/,
    );
    for (const body of [{}, { id: ids[0] }, [{ actual: 1 }], "text", null]) {
      const response = await post(launchpad, "/feedback", body);
      expect(response.status).toBe(400);
      expect((await response.json()).detail).toMatch(/expected \{ "id"/);
    }
    await launchpad.close();
    expect((await rows()).filter(({ kind }) => kind === "feedback").map(({ actual }) => actual)).toEqual(
      ["small", "large", "large", "large", "large", "small"].map((text) => JSON.stringify(text)),
    );
  });

  it("drops what does not fit while its sink is down, counts that, and goes on when it is back", async () => {
    let isDown = true;
    const written: object[] = [];
    const flaky = defineSink({
      serves: ["flaky"],
      open: () => ({
        async write(frames) {
          if (isDown) throw new Error("no connection");
          for await (const frame of frames) written.push(...frame.rows());
        },
      }),
    });
    let now = 1_000_000;
    const host = testHost({ now: () => now });
    const launchpad = createLaunchpad({
      config: {
        datasinks: { kept: { type: "flaky" } },
        model_store: { location: "memory:" },
        model: { name: "sizes", version: "1.0.0", module: "sizes" },
        api: { name: "sizes", log: "kept" },
      },
      model,
      host,
      plugins: [flaky],
    });
    await launchpad.train();
    for (let count = 0; count < 10_100; count += 1) expect((await ask(launchpad, { size: 1 })).status).toBe(200);
    await Promise.all(tasks.splice(0));
    const dropped = async () =>
      /launchpad_log_rows_total\{state="dropped"\} (\d+)/.exec(
        await (await launchpad.fetch(new Request("http://x/metrics"))).text(),
      )?.[1];
    expect(await dropped()).toBe("100");
    expect(host.records.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
      expect.stringContaining("predictions cannot be logged (api.log)"),
    ]);
    isDown = false;
    now += 120_000;
    await ask(launchpad, { size: 1 });
    await Promise.all(tasks.splice(0));
    expect(written).toHaveLength(10_000);
    await launchpad.close();
  }, 60_000);

  it("removes what is too old from a table, and refuses where it cannot", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const host = { ...createHost(), now: () => now };
    const more = {
      dbms: { shop: { type: "sql", url: url("log.db") } },
      datasinks: { kept: { type: "dbms.shop", table: "predictions", options: { if_exists: "append" } } },
      model_store: { location: url("store") },
    };
    const launchpad = await open({ sink: "kept", retention_days: 30 }, more, host);
    for (const day of [0, 20, 40]) {
      now = Date.parse("2026-01-01T00:00:00Z") + day * 86_400_000;
      await ask(launchpad, { size: day });
      await Promise.all(tasks.splice(0));
    }
    await launchpad.close();
    const query = "select * from predictions order by time";
    const model = { name: "sizes", version: "1.0.0", module: "sizes" };
    const config = defineConfig({ ...more, model, datasources: { kept: { type: "dbms.shop", query } } });
    const data = createData({ config, host });
    const kept = await data.access("predict").source("kept").frame();
    await data.close();
    expect(Array.from(kept.rows(), ({ inputs }) => inputs)).toEqual(['{"size":20}', '{"size":40}']);
    await expect(open({ sink: "kept", retention_days: 30 }).then((it) => it.ready())).rejects.toThrow(
      /retention_days: found a sink of type jsonl/,
    );
    const overwriting = { datasinks: { kept: { type: "jsonl", path: url("x.jsonl") } } };
    await expect(open("kept", overwriting).then((it) => it.ready())).rejects.toThrow(/expected options: \{ mode: a \}/);
    await expect(open("nowhere").then((it) => it.ready())).rejects.toThrow(
      /found nowhere, expected a name below datasinks: kept/,
    );
  });
});
