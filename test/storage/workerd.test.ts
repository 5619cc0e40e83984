import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, type RunningWebServer, s3Keys, startS3, startWeb } from "./servers.ts";

let worker: Miniflare;
let s3: RunningServer;
let web: RunningWebServer;

/** Opens a storage in workerd as a Worker does, writes if it is told to, reads and lists. */
const script = `
  import { createHost } from "./runtimes/cloudflare.ts";
  export default {
    async fetch(request, env) {
      try {
        const { location, section, write } = await request.json();
        const driver = await createHost(env).openStorage(location, section);
        if (write) await driver.setItemRaw("a:b c", Uint8Array.of(1, 2, 255), {});
        const bytes = await driver.getItemRaw("a:b c", {});
        return Response.json({ bytes: bytes && [...bytes], keys: await driver.getKeys("a:", {}) });
      } catch (error) {
        return Response.json({ code: error.code, message: error.message });
      }
    },
  };
`;

beforeAll(async () => {
  s3 = await startS3("models");
  web = await startWeb((request, response) => {
    const files: Record<string, string | Uint8Array> = { "/m/index.json": '["a/b c"]', "/m/a/b%20c": Uint8Array.of(7) };
    const file = files[request.url ?? ""];
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: fileURLToPath(new URL("../..", import.meta.url)), loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
  });
  worker = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.mjs", contents: outputFiles[0]?.text ?? "" }],
    compatibilityDate: "2026-07-01",
    r2Buckets: ["BUCKET"],
    kvNamespaces: ["NAMESPACE"],
    bindings: {
      AWS_ACCESS_KEY_ID: s3Keys.access_key_id,
      AWS_SECRET_ACCESS_KEY: s3Keys.secret_access_key,
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${s3.port}`,
    },
  });
});

afterAll(async () => {
  await worker.dispose();
  await Promise.all([s3.stop(), web.stop()]);
});

async function ask(location: string, write = true): Promise<unknown> {
  const body = JSON.stringify({ location, section: {}, write });
  return (await worker.dispatchFetch("http://host/", { method: "POST", body })).json();
}

describe("a model store on workerd", () => {
  for (const location of ["r2://BUCKET/some/prefix", "kv://NAMESPACE/some/prefix", "s3://models/some/prefix"]) {
    it(`writes, reads and lists ${location}`, async () => {
      expect(await ask(location, false)).toEqual({ bytes: null, keys: [] });
      expect(await ask(location)).toEqual({ bytes: [1, 2, 255], keys: ["a:b c"] });
      expect(await ask(location, false)).toEqual({ bytes: [1, 2, 255], keys: ["a:b c"] });
    });
  }

  it("reads and lists behind a web server, and writes nothing there", async () => {
    expect(await ask(`${web.origin}/m`, false)).toEqual({ bytes: [7], keys: ["a:b c"] });
    expect(await ask(`${web.origin}/m`)).toMatchObject({ message: expect.stringContaining("read-only") });
  });

  it("says which binding is missing, or of another kind", async () => {
    for (const [location, key] of [
      ["r2://MODELS/x", "r2_buckets"],
      ["kv://MODELS/x", "kv_namespaces"],
      ["r2://NAMESPACE/x", "r2_buckets"],
      ["kv://BUCKET/x", "kv_namespaces"],
    ] as const) {
      expect(await ask(location)).toMatchObject({
        code: "BINDING_NOT_SET",
        message: expect.stringContaining(`Add it to ${key} in wrangler.jsonc`),
      });
    }
  });

  it("refuses other schemes with those there are", async () => {
    expect(await ask("redis://user:hidden@host")).toEqual({
      code: "CONFIG_INVALID",
      message:
        'model_store.location: found "redis:...", expected one of r2://BINDING/prefix, kv://BINDING/prefix, ' +
        "memory:, s3://bucket/prefix, az://container/prefix, http://host/folder, https://host/folder",
    });
  });
});
