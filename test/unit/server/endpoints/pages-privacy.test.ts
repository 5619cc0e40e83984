import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLaunchpad, defineModel } from "../../../../src/index.ts";
import { type TestHost, testHost } from "../../../support/host.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tiger-folder-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Whatever has this word in it must not be seen. */
const word = "tiger";

const model = defineModel({
  async train({ source, report }) {
    const frame = await source("customers").frame();
    report("rows", frame);
    return { mean: 3 };
  },
  test: () => ({ accuracy: 0.9 }),
  predict: (_, { size, name }) => ({ big: Number(size) > 3, of: name }),
});

/** Trains with a configuration in which everything that differs is secret. */
async function open(host: TestHost, turn: number) {
  const path = join(folder, `tiger-${turn}.csv`);
  // Each name is of one row: it tells who that is.
  const rows = Array.from({ length: 200 }, (_, at) => `${at % 7},tiger-${turn}-${at}`);
  await writeFile(path, `size,name\n${rows.join("\n")}\n`);
  const launchpad = createLaunchpad({
    config: {
      dbms: { shop: { type: "sql", url: `postgresql://tiger-${turn}.example.com/tiger`, user: `tiger${turn}` } },
      datasources: {
        customers: { type: "csv", path: pathToFileURL(path).href, tags: "train" },
        orders: { type: "dbms.shop", query: `select tiger_${turn} from tigers`, tags: "predict" },
      },
      datasinks: { kept: { type: "jsonl", path: pathToFileURL(path).href, options: { mode: "a" } } },
      model_store: { location: "memory:", token: `tiger-${turn}` },
      model: {
        name: "sizes",
        version: "1.0.0",
        module: `./tiger-${turn}/model.ts`,
        python: `/home/tiger/${turn}/bin/python`,
        depth: turn,
        card: { description: `Turn ${turn}` },
      },
      api: { name: "sizes", log: "kept", admin: true, admin_token_var: `TIGER_${turn}` },
      auth: { api_keys: { [`tiger-${turn}`]: `sha256:${"a".repeat(63)}${turn}` } },
      drift: { inputs: ["size", "name"], alert: { webhook: `https://hooks.example.com/tiger-${turn}` } },
    },
    model,
    host,
  });
  await launchpad.train();
  return launchpad;
}

const paths = ["/pages/model.json", "/pages/card.md", "/pages/bom.json", "/pages/history.json"];

describe("the pages", () => {
  it("tell neither where data is, nor what is in it, nor secrets, nor machines", async () => {
    const host = testHost({
      runtime: { name: "node", version: "26", host: "tiger-machine", user: "ann" },
      pageFile: async () => new Uint8Array([32]),
      describeModel: async () => ({ packages: { valibot: "1.0.0" }, code: { sha256: "ab", files: ["model.ts"] } }),
      env: (name) => (name.startsWith("TIGER") ? "tiger-token" : undefined),
    });
    const first = await open(host, 1);
    const second = await open(host, 2);
    const { fetch } = await unlocked(second, host);
    const texts: Record<string, string> = {};
    const read = async (path: string) => {
      const response = await fetch(new Request(`http://127.0.0.1${path}`, { headers: { accept: "*/*" } }));
      expect([path, response.status]).toEqual([path, 200]);
      texts[path] = await response.text();
      return texts[path];
    };
    for (const path of paths) await read(path);
    const { runs } = JSON.parse(texts["/pages/history.json"] ?? "");
    expect(runs).toHaveLength(2);
    const diff = JSON.parse(await read(`/pages/diff.json?a=${runs[1].run}&b=${runs[0].run}`));
    for (const [path, text] of Object.entries(texts)) {
      expect(text.length, path).toBeGreaterThan(200);
      expect(text.toLowerCase().split(word).slice(1), path).toEqual([]);
    }
    // It says that they differ, and what differs of the model.
    const differing = diff.config_snapshot.map(({ path, b }: { path: string; b: unknown }) => `${path} ${b}`);
    for (const line of [
      "config_snapshot.dbms.shop.url ***",
      "config_snapshot.datasources.orders.query ***",
      "config_snapshot.model.python ***",
      "config_snapshot.model.depth 2",
      "config_snapshot.model.card.description Turn 2",
    ]) {
      expect(differing).toContain(line);
    }
    expect(texts["/pages/model.json"]).toContain('"inputs":{"size":{"kind":"number"');
    await Promise.all([first.close(), second.close()]);
  });

  it("are seen by whom the configuration names alone", async () => {
    const host = testHost({ pageFile: async () => new Uint8Array([32]), env: () => "token" });
    const launchpad = await open(host, 3);
    for (const path of [...paths, "/pages/diff.json", "/"]) {
      const response = await launchpad.fetch(
        new Request(`http://127.0.0.1${path}`, { headers: { accept: "text/html" } }),
      );
      expect([path, response.status]).toEqual([path, 401]);
    }
    await launchpad.close();
  });
});

/** The same store, served without doors. */
async function unlocked({ config }: { readonly config: object }, host: TestHost) {
  const { auth: _, api, ...open } = config as { auth: object; api: object };
  const launchpad = createLaunchpad({ config: { ...open, api: { ...api, log: undefined } }, model, host });
  await launchpad.ready();
  return launchpad;
}
