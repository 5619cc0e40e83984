import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** A model that describes its API itself, trained and served in one isolate. */
const code = `
  import { createLaunchpad, defineModel } from "mllaunchpad";
  import { createHost } from "mllaunchpad/cloudflare";
  import * as v from "valibot";

  const model = defineModel({
    input: v.object({ width: v.pipe(v.number(), v.minValue(0)), height: v.optional(v.number(), 2) }),
    output: v.object({ area: v.number() }),
    train: () => ({}),
    test: () => ({}),
    predict: (_, { width, height }) => ({ area: width * height }),
  });
  const config = {
    model_store: { location: "memory:" },
    model: { name: "areas", version: "1.0.0", module: "areas" },
    api: { name: "areas", resource: "rectangles" },
  };
  let trained;
  export default {
    async fetch(request, env) {
      trained ??= (async () => {
        const launchpad = createLaunchpad({ config, model, host: createHost(env) });
        await launchpad.train();
        return launchpad;
      })();
      return (await trained).fetch(request);
    },
  };
`;

let worker: Miniflare;
let inputs: string[];

beforeAll(async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL("fixture", import.meta.url)), loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    metafile: true,
  });
  inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  worker = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.mjs", contents: outputFiles[0]?.text ?? "" }],
    compatibilityDate: "2026-07-01",
  });
});

afterAll(() => worker.dispose());

describe("a model with schemas on workerd", () => {
  const ask = async (path: string) => {
    const response = await fetch(new URL(path, (await worker.ready).origin));
    return { status: response.status, body: await response.json() };
  };

  it("needs no file to be served", async () => {
    expect(await ask("/areas/v1/rectangles?width=1.5")).toEqual({ status: 200, body: { area: 3 } });
    expect(await ask("/areas/v1/rectangles?width=-1")).toMatchObject({
      status: 400,
      body: { errors: [{ in: "query", name: "width" }] },
    });
  });

  it("brings no parser of files", () => {
    expect(inputs.filter((file) => /node_modules\/yaml\/|src\/api\/(raml|openapi|file)[/.]/.test(file))).toEqual([]);
  });
});
