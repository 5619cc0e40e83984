import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHost } from "../../runtimes/node.ts";
import { type R2Bucket, r2Driver } from "../../runtimes/storage/r2-driver.ts";
import { createLaunchpad, defineModel, type Launchpad, silentLogger } from "../../src/index.ts";

const model = { name: "constant", version: "1.0.0", module: "m", order_columns_not_used_warning: "never" };
const root = fileURLToPath(new URL("../..", import.meta.url));

/** A Worker that looks for a newer model every 50 ms; decoding one takes a while, as that of a large one does. */
const script = `
  import { createWorker } from "./runtimes/cloudflare.ts";
  import { defineModel } from "./src/index.ts";
  const slow = defineModel({
    train: () => ({ value: 0 }),
    test: () => ({}),
    async predict({ value }) {
      const before = value;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
      return { before, after: value };
    },
    codec: {
      encode: ({ value }) => new TextEncoder().encode(String(value)),
      async decode(bytes) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        return { value: Number(new TextDecoder().decode(bytes)) };
      },
    },
  });
  const worker = (store) => createWorker({
    config: { model_store: { location: "r2://MODELS/" + store, refresh: 0.05 }, model: ${JSON.stringify(model)}, api: { name: "constant" } },
    model: slow,
  });
  const workers = new Map();
  export default {
    // One isolate, and a launchpad for each test, by the first part of the path.
    fetch(request, env, execution) {
      const url = new URL(request.url);
      const [, name, ...rest] = url.pathname.split("/");
      url.pathname = rest.join("/");
      if (!workers.has(name)) workers.set(name, worker(name));
      return workers.get(name).fetch(new Request(url, request), env, name.includes("alone") ? undefined : execution);
    },
  };
`;

let worker: Miniflare;
let origin: string;
let bucket: R2Bucket;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: root, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
  });
  worker = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.mjs", contents: outputFiles[0]?.text ?? "" }],
    compatibilityDate: "2026-07-01",
    r2Buckets: ["MODELS"],
  });
  bucket = (await worker.getR2Bucket("MODELS")) as unknown as R2Bucket;
  origin = (await worker.ready).origin;
});

afterAll(() => worker.dispose());

/** What trains, elsewhere, into the same bucket: the runs and what they hold. */
function trainer(store: string) {
  const values = new Map<string, number>();
  let value = 0;
  const launchpad: Launchpad = createLaunchpad({
    config: { model_store: { location: "memory:" }, model },
    model: defineModel({
      train: () => ++value,
      test: () => ({}),
      predict: () => 0,
      codec: {
        encode: (contents: number) => new TextEncoder().encode(String(contents)),
        decode: (bytes) => Number(new TextDecoder().decode(bytes)),
      },
    }),
    host: { ...createHost({ log: silentLogger }), openStorage: () => r2Driver({ bucket, prefix: `${store}/` }) },
  });
  const train = async () => {
    const run = (await launchpad.train()).meta?.run ?? "";
    values.set(run, value);
    return run;
  };
  return { values, train, launchpad };
}

async function ask(store: string, signal?: AbortSignal) {
  const response = await fetch(`${origin}/${store}/constant/v1/predictions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
    ...(signal && { signal }),
  });
  const run = response.headers.get("x-model")?.split("/")[1] ?? "";
  return { status: response.status, run, body: (await response.json()) as unknown };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("a Worker", () => {
  it("gets a new model in the background of a request, and drops and mixes none", async () => {
    const { values, train } = trainer("followed");
    await train();
    const answered = new Map<string, number>();
    let done = false;
    const asking = Array.from({ length: 6 }, async () => {
      while (!done) {
        const { status, run, body } = await ask("followed");
        expect(status).toBe(200);
        const value = values.get(run);
        expect(body).toEqual({ before: value, after: value });
        answered.set(run, (answered.get(run) ?? 0) + 1);
      }
    });
    for (let round = 0; round < 5; round++) {
      const run = await train();
      await expect.poll(() => answered.has(run), { timeout: 20_000 }).toBe(true);
    }
    done = true;
    await Promise.all(asking);
    const asked = [...answered.values()].reduce((sum, count) => sum + count, 0);
    console.log(`${asked} requests to a Worker during 5 new runs: none dropped, none mixed`);
    expect([...answered.keys()]).toHaveLength(6);
  });

  it("answers the request that finds it time to look with the model it has: it does not wait", async () => {
    const { train } = trainer("unhurried");
    const old = await train();
    await ask("unhurried");
    const run = await train();
    await pause(100);
    expect(await ask("unhurried")).toMatchObject({ status: 200, run: old });
    // Nobody asks meanwhile: what the request began goes on by itself.
    await pause(2000);
    expect(await ask("unhurried")).toMatchObject({ status: 200, run });
  });

  it("goes on with the old model when the new one is damaged, and takes the next one", async () => {
    const { train, launchpad } = trainer("damaged");
    const old = await train();
    await ask("damaged");
    const broken = await train();
    await bucket.put(`damaged/constant/1.0.0/${broken}/contents`, Uint8Array.of(57));
    for (let round = 0; round < 5; round++) {
      await pause(100);
      expect(await ask("damaged")).toMatchObject({ status: 200, run: old });
    }
    const ready = await fetch(`${origin}/damaged/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: "ready", refresh: expect.any(String) }]);
    const next = (await launchpad.train({ fresh: true })).meta?.run;
    await pause(100);
    await ask("damaged");
    await expect.poll(async () => (await ask("damaged")).run, { timeout: 20_000 }).toBe(next);
  });

  it("loads its model for others when whoever asked first goes away", async () => {
    const { train } = trainer("impatient");
    const run = await train();
    const leaving = new AbortController();
    const left = ask("impatient", leaving.signal).catch((error: Error) => error.name);
    await pause(60);
    leaving.abort();
    expect(await left).toBe("AbortError");
    expect(await ask("impatient", AbortSignal.timeout(10_000))).toMatchObject({ status: 200, run });
  });

  it("needs to hand what it does in the background to the runtime, which ends it with the request otherwise", async () => {
    const { train } = trainer("alone");
    const old = await train();
    await ask("alone");
    await train();
    await pause(100);
    await ask("alone");
    await pause(1500);
    expect(await ask("alone")).toMatchObject({ status: 200, run: old });
  });
});
