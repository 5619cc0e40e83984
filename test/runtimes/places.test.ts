import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const mebi = 1024 * 1024;
let worker: Miniflare;

/** Writes what it is told to, reads it, and says what went wrong. */
const script = `
  import { createHost } from "./runtimes/cloudflare.ts";
  import { openLocation } from "./src/data/location/open-location.ts";
  import { bytesOf } from "./src/util/streams.ts";

  function bytes(length, fail) {
    let at = 0;
    return new ReadableStream({
      pull(controller) {
        if (fail && at > fail) throw new Error("the stream's own");
        if (at >= length) return controller.close();
        const size = Math.min(1000000, length - at);
        controller.enqueue(new Uint8Array(size).fill(7));
        at += size;
      },
    }, { highWaterMark: 0 });
  }

  export default {
    async fetch(request, env) {
      try {
        const { path, length, fail, range, swap } = await request.json();
        const entry = { type: "binary_file", path };
        const location = openLocation({ name: "x", where: "configuration", host: createHost(env), entry });
        if (length !== undefined) await location.write(bytes(length, fail));
        if (range) {
          const parts = await location.parts();
          if (swap) await location.write(bytes(swap));
          return Response.json({ size: parts?.size, read: parts && (await parts.read(...range)).length });
        }
        return Response.json({ size: (await bytesOf(await location.stream())).length });
      } catch (error) {
        return Response.json({ code: error.code, message: error.message });
      }
    },
  };
`;

beforeAll(async () => {
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
  });
});

afterAll(() => worker.dispose());

async function ask(request: Record<string, unknown>): Promise<unknown> {
  return (await worker.dispatchFetch("http://host/", { method: "POST", body: JSON.stringify(request) })).json();
}

describe("data in R2", () => {
  it("is written in parts when it is long, and whole when it is not", async () => {
    for (const length of [0, 1, 8 * mebi, 8 * mebi + 1, 20 * mebi]) {
      expect(await ask({ path: "r2://BUCKET/long", length })).toEqual({ size: length });
    }
  });

  it("is what it was before when a write fails", async () => {
    const path = "r2://BUCKET/kept";
    expect(await ask({ path, length: 5 })).toEqual({ size: 5 });
    for (const fail of [1, 17 * mebi]) {
      expect(await ask({ path, length: 30 * mebi, fail })).toMatchObject({
        code: "DATA_UNAVAILABLE",
        message: expect.stringContaining("[binary_file] r2://BUCKET/kept: cannot be written: the stream's own"),
      });
      expect(await ask({ path })).toEqual({ size: 5 });
    }
  });

  it("is read by the part, and never as a mixture", async () => {
    const path = "r2://BUCKET/parts";
    expect(await ask({ path, length: 1000, range: [10, 20] })).toEqual({ size: 1000, read: 10 });
    expect(await ask({ path, range: [10, 20], swap: 500 })).toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringContaining("it was changed while it was read"),
    });
  });
});

describe("data in KV", () => {
  it("is read whole only, and no longer than KV takes", async () => {
    const path = "kv://NAMESPACE/x";
    expect(await ask({ path, length: 25 * mebi, range: [0, 1] })).toEqual({});
    expect(await ask({ path, length: 25 * mebi + 1 })).toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringContaining("found more than 25 MiB, which is the most that KV keeps. Write to R2 instead"),
    });
    expect(await ask({ path })).toEqual({ size: 25 * mebi });
  });
});

describe("data on workerd", () => {
  it("of a binding or a key that is not there, or is another, is one error", async () => {
    for (const [path, code, message] of [
      ["r2://OTHER/x", "BINDING_NOT_SET", "no such binding named OTHER. Add it to r2_buckets in wrangler.jsonc"],
      ["kv://OTHER/x", "BINDING_NOT_SET", "no such binding named OTHER. Add it to kv_namespaces in wrangler.jsonc"],
      ["r2://NAMESPACE/x", "BINDING_NOT_SET", "no such binding named NAMESPACE"],
      ["r2://BUCKET/missing", "DATA_UNAVAILABLE", "it does not exist: there is no such key in the bucket"],
      ["kv://NAMESPACE/missing", "DATA_UNAVAILABLE", "it does not exist: there is no such key in the namespace"],
      ["r2://BUCKET", "CONFIG_INVALID", "found no name of a file at its end"],
      ["file:///x", "DATA_UNAVAILABLE", "there are no files on workerd"],
      ["redis://x", "DATA_UNAVAILABLE", "served are file:, http:, https:, r2:, kv:, s3:"],
    ] as const) {
      expect(await ask({ path })).toMatchObject({ code, message: expect.stringContaining(message) });
    }
  });
});
