import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createClient } from "@libsql/client";
import type { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { R2Bucket } from "../../runtimes/storage/r2-driver.ts";
import type { D1Database } from "../../src/internal.ts";
import { type LibsqlServer, startLibsql } from "../databases/libsql-server.ts";
import { createProject, type Project, startPackage } from "./project.ts";

const token = "hunter2-token";

/** A model whose prediction needs whatever a Worker can reach. */
const files = {
  "launchpad.yml": `model_store: { location: ./model_store }
model: { name: shop, version: "1.0.0", module: model.ts, order_columns_not_used_warning: never }
api: { name: shop }
dbms:
  prices: { type: sql, url: d1://PRICES }
  stock: { type: sql, url_var: STOCK_URL, auth_token_var: STOCK_TOKEN }
datasources:
  price: { type: dbms.prices, query: "select price from prices where name = :name", tags: predict }
  stock: { type: dbms.stock, query: "select count from stock where name = :name", tags: predict }
  shops: { type: csv, path: r2://DATA/shops.csv, tags: predict }
datasinks:
  diary: { type: jsonl, path: r2://DATA/diary.jsonl, tags: predict }
`,
  "r2.yml": "model_store: { location: r2://MODELS/trained, refresh: 0.05 }\n",
  "kv.yml": "model_store: { location: kv://MODELS/trained }\n",
  "model.ts": `import { defineModel } from "mllaunchpad";
export default defineModel({
  train: ({ previous }) => ({ discount: ((previous as { discount: number })?.discount ?? 0) + 1 }),
  test: () => ({}),
  async predict({ discount }, { name }, { source, sink }) {
    const [price, stock, shops] = await Promise.all([
      source("price").frame({ name }),
      source("stock").frame({ name }),
      source("shops").frame(),
    ]);
    const shop = [...shops.rows()].find((row) => row.name === name)?.shop;
    const prediction = { price: Number(price.column("price")[0]) - discount, stock: Number(stock.column("count")[0]), shop };
    sink("diary").write([{ name, ...prediction }]);
    return prediction;
  },
});
`,
};

let project: Project;
let folder: string;
let server: LibsqlServer;
let secrets: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-workers-"));
  // The server of libSQL is in no package: this one speaks its protocol, over the real SQLite.
  server = await startLibsql(join(folder, "stock.db"), token);
  secrets = { STOCK_URL: server.url, STOCK_TOKEN: token };
  const client = createClient({ url: server.url, authToken: token });
  await client.batch(
    ["create table stock (name text, count integer)", "insert into stock values ('tea', 12)"],
    "write",
  );
  client.close();
  project = await createProject(files);
  const trained = await project.launchpad("train");
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await project?.remove();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function build(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await project.launchpad(...args);
  expect(code, stderr).toBe(0);
  return project.read(JSON.parse(stdout).file);
}

const bindings = { d1Databases: ["PRICES"], r2Buckets: ["DATA", "MODELS"] };

/** Fills what a Worker is bound to. */
async function fill(worker: Miniflare): Promise<R2Bucket> {
  const prices = (await worker.getD1Database("PRICES")) as unknown as D1Database;
  await prices.prepare("create table prices (name text, price real)").run();
  await prices.prepare("insert into prices values ('tea', 9.5)").run();
  const data = (await worker.getR2Bucket("DATA")) as unknown as R2Bucket;
  await data.put("shops.csv", new TextEncoder().encode("name,shop\ntea,corner\n"));
  return data;
}

/** Copies the model store of the project. */
async function deploy(put: (key: string, bytes: Buffer) => Promise<unknown>): Promise<void> {
  const store = join(project.folder, "model_store");
  const entries = await readdir(store, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  // What says which run serves comes last, as when a training writes it.
  paths.sort((a, b) => Number(a.endsWith("current.json")) - Number(b.endsWith("current.json")));
  for (const path of paths) await put(`trained/${relative(store, path)}`, await readFile(path));
}

async function ask(worker: Miniflare): Promise<unknown> {
  const response = await worker.dispatchFetch("http://x/shop/v1/predictions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "tea" }),
  });
  return [response.status, await response.json()];
}

async function until<T>(look: () => Promise<T>, isThere: (found: T) => boolean): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (isThere(found) || Date.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("a package on Workers", () => {
  it("reads D1, libSQL by secrets and CSV in R2, and writes to R2 after its response", async () => {
    const worker = await startPackage(await build("build", "--target", "cloudflare"), {
      ...bindings,
      bindings: secrets,
    });
    try {
      const data = await fill(worker);
      expect(await ask(worker)).toEqual([200, { price: 8.5, stock: 12, shop: "corner" }]);
      const diary = await until(
        async () =>
          (await (data as unknown as { get(key: string): Promise<Response | null> }).get("diary.jsonl"))?.text(),
        (text) => text !== undefined,
      );
      expect(diary).toBe('{"name":"tea","price":8.5,"stock":12,"shop":"corner"}\n');
      expect((await worker.dispatchFetch("http://x/readyz")).status).toBe(200);
    } finally {
      await worker.dispose();
    }
  });

  it("serves a new model from R2 without being deployed again", async () => {
    const code = await build(
      ...["-c", "launchpad.yml", "-c", "r2.yml", "build", "--target", "cloudflare", "--model", "store"],
    );
    const worker = await startPackage(code, { ...bindings, bindings: secrets });
    try {
      await fill(worker);
      const models = (await worker.getR2Bucket("MODELS")) as unknown as R2Bucket;
      await deploy((key, bytes) => models.put(key, bytes));
      expect(await ask(worker)).toMatchObject([200, { price: 8.5 }]);
      expect(await project.launchpad("train")).toMatchObject({ code: 0 });
      await deploy((key, bytes) => models.put(key, bytes));
      expect(
        await until(
          () => ask(worker),
          (found) => JSON.stringify(found).includes("7.5"),
        ),
      ).toMatchObject([200, { price: 7.5 }]);
    } finally {
      await worker.dispose();
    }
  });

  it("serves the model in KV", async () => {
    const code = await build(
      ...["-c", "launchpad.yml", "-c", "kv.yml", "build", "--target", "cloudflare", "--model", "store"],
    );
    const worker = await startPackage(code, {
      ...{ ...bindings, r2Buckets: ["DATA"], kvNamespaces: ["MODELS"], bindings: secrets },
    });
    try {
      await fill(worker);
      const models = (await worker.getKVNamespace("MODELS")) as unknown as {
        put(key: string, bytes: Uint8Array): Promise<void>;
      };
      await deploy((key, bytes) => models.put(key, bytes));
      expect(await ask(worker)).toMatchObject([200, { stock: 12, shop: "corner" }]);
    } finally {
      await worker.dispose();
    }
  });

  it("names what is not bound or set, and nothing that is", async () => {
    const code = await build("build", "--target", "cloudflare");
    const told = async (options: object) => {
      const worker = await startPackage(code, options);
      try {
        const ready = await worker.dispatchFetch("http://x/readyz");
        const [status, problem] = (await ask(worker)) as [number, { detail: string; code: string }];
        return {
          ready: [ready.status, ((await ready.json()) as { detail: string }).detail],
          asked: [status, problem.code],
        };
      } finally {
        await worker.dispose();
      }
    };
    const without = await told({ d1Databases: ["PRICES"], r2Buckets: ["DATA"], bindings: { STOCK_URL: server.url } });
    expect(without).toEqual({
      ready: [503, "Not set where this API runs: STOCK_TOKEN."],
      asked: [503, "VARIABLE_NOT_SET"],
    });
    const unbound = await told({ r2Buckets: ["OTHER"], bindings: secrets });
    expect(unbound.ready[0]).toBe(503);
    expect(unbound.ready[1]).toContain("PRICES (d1_databases)");
    expect(unbound.ready[1]).toContain("DATA (r2_buckets)");
    expect(JSON.stringify(unbound)).not.toContain(token);
    expect(unbound.asked[0]).toBe(503);
  });

  it("has in its wrangler.jsonc whatever it is bound to, and asks for secrets", async () => {
    await rm(join(project.folder, "wrangler.jsonc"), { force: true });
    await build(...["-c", "launchpad.yml", "-c", "kv.yml", "build", "--target", "cloudflare", "--model", "store"]);
    const written = await project.read("wrangler.jsonc");
    for (const name of ["STOCK_URL", "STOCK_TOKEN"]) expect(written).toContain(`npx wrangler secret put ${name}`);
    expect(JSON.parse(written.replace(/^ *\/\/.*$/gm, ""))).toMatchObject({
      r2_buckets: [{ binding: "DATA" }],
      kv_namespaces: [{ binding: "MODELS" }],
      d1_databases: [{ binding: "PRICES" }],
    });
  });

  it("refuses a database that is not reached from there", async () => {
    await project.write({ "postgres.yml": "dbms: { prices: { url: 'postgresql://db/prices' } }\n" });
    const { code, stderr } = await project.launchpad(
      ...["-c", "launchpad.yml", "-c", "postgres.yml", "build", "--target", "cloudflare"],
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /postgres\.yml line 1: dbms\.prices\.url: found .* which a package for cloudflare does not reach\. Use d1:/,
    );
  });
});
