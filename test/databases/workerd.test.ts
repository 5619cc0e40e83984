import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LibsqlServer, startLibsql } from "./libsql-server.ts";

const token = "hunter2-token";
let folder: string;
let server: LibsqlServer;
let worker: Miniflare;
let inputs: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-libsql-"));
  server = await startLibsql(join(folder, "shop.db"), token);
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `
        import { sink, source } from "../../src/data/sql/index.ts";
        import { createSink } from "../../src/data/access/sink.ts";
        import { createSource } from "../../src/data/access/source.ts";
        import { createFrame } from "../../src/data/frame/frame.ts";
        const host = { runtime: { name: "workerd" } };
        const identity = { name: "orders", type: "dbms.shop", tags: [], where: "here" };
        const context = (url, entry) => ({ ...identity, entry: { type: "dbms.shop", ...entry }, dbms: { url, auth_token: "${token}" }, host });
        export default {
          async fetch(request) {
            try {
              const url = new URL(request.url).searchParams.get("url");
              const writer = await sink.open(context(url, { table: "orders", options: { if_exists: "replace" } }));
              await createSink(writer, identity).write(createFrame({ id: [1, 2], big: [2n ** 60n, 1n], name: ["Ähre 🌾", null] }));
              const reader = await source.open(context(url, { query: "select * from orders where id >= :least" }));
              return Response.json(await createSource(reader, identity).frame({ least: 1 }));
            } catch (error) {
              return Response.json({ code: error.code, message: error.message });
            }
          },
        };
      `,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    metafile: true,
  });
  inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const contents = outputFiles[0]?.text ?? "";
  worker = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.mjs", contents }],
    compatibilityDate: "2026-07-01",
  });
});

afterAll(async () => {
  await worker?.dispose();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const ask = async (url: string) =>
  (await fetch(new URL(`/?url=${encodeURIComponent(url)}`, await worker.ready))).json();

describe("a Worker", () => {
  it("has libSQL's client for the web, and no other", () => {
    const clients = inputs.filter((input) =>
      /node_modules\/(@libsql\/client\/lib-esm\/(web|node|sqlite3)|libsql|postgres|mysql2|tedious|oracledb)/.test(
        input,
      ),
    );
    expect(clients).toEqual(["node_modules/@libsql/client/lib-esm/web.js"]);
  });

  it("reads from a libSQL server and writes to it", async () => {
    expect(await ask(server.url)).toEqual([
      { id: 1, big: String(2n ** 60n), name: "Ähre 🌾" },
      { id: 2, big: "1", name: null },
    ]);
  });

  it("says that it has no files, and no other client", async () => {
    expect(await ask("file:./shop.db")).toMatchObject({
      code: expect.stringMatching(/^(DATA_UNAVAILABLE|CONFIG_INVALID)$/),
    });
    expect(await ask("postgresql://db/shop")).toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringContaining("workerd"),
    });
  });
});
