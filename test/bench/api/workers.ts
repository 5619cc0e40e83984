import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { openLaunchpad } from "../../../runtimes/node.ts";
import type { R2Bucket } from "../../../runtimes/shared/r2-driver.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * Finds the stored model, and makes Workers of it.
 *
 * @param configFiles The configuration.
 * @param store The folder of the model store.
 *
 * @returns The file with the contents of the model, and what starts the two Workers to compare in workerd.
 */
export async function startWorkers(configFiles: readonly string[], store: string) {
  const launchpad = await openLaunchpad({ config: configFiles });
  const { definition } = await launchpad.api();
  const { api, model, model_store: _, ...rest } = launchpad.config;
  const config = { model, api, ...rest, model_store: { location: "r2://MODELS" } };
  await launchpad.close();
  const stored = await files(store);
  const contents = stored.find((path) => path.endsWith("contents")) ?? "";

  const startWorkerPair = async () => {
    const ours = await startWorker(`
      import { createWorker } from "../../../runtimes/cloudflare.ts";
      import model from "../../../examples/iris/tree_model.ts";
      export default createWorker({ config: ${JSON.stringify(config)}, model, api: ${JSON.stringify(definition)} });
    `);
    const bucket = (await ours.getR2Bucket("MODELS")) as unknown as R2Bucket;
    for (const path of stored) await bucket.put(relative(store, path).split(sep).join("/"), await readFile(path));
    const text = await readFile(contents, "utf8");
    const bare = await startWorker(`
      import model from "../../../examples/iris/tree_model.ts";
      import { bareApp } from "./bare-app.ts";
      const contents = model.codec.decode(new TextEncoder().encode(${JSON.stringify(text)}));
      export default bareApp(contents);
    `);
    return {
      launchpad: { origin: (await ours.ready).origin },
      bare: { origin: (await bare.ready).origin },
      async stop() {
        await Promise.all([ours.dispose(), bare.dispose()]);
      },
    };
  };
  return { contents, startWorkerPair };
}

async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function startWorker(source: string): Promise<Miniflare> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: here, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    alias: { launchpad: fileURLToPath(new URL("../../../src/index.ts", import.meta.url)) },
  });
  return new Miniflare({
    modules: [{ type: "ESModule", path: "worker.mjs", contents: outputFiles[0]?.text ?? "" }],
    compatibilityDate: "2026-07-01",
    r2Buckets: ["MODELS"],
  });
}
