import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { openLaunchpad } from "../../runtimes/node.ts";
import type { R2Bucket } from "../../runtimes/storage/r2-driver.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A Worker that serves the fixture in workerd. */
export interface RunningWorker {
  /** The files that its one module was bundled from. */
  readonly inputs: readonly string[];
  fetch(path: string, init: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/**
 * Bundles the fixture with its configuration and API as values, puts a model store into an R2 bucket and starts workerd.
 *
 * @param configFiles The configuration, as the command line takes it.
 * @param store The folder of a local model store.
 *
 * @returns The running Worker.
 */
export async function startWorker(configFiles: readonly string[], store: string): Promise<RunningWorker> {
  const launchpad = await openLaunchpad({ config: configFiles });
  const { definition } = await launchpad.api();
  const config = { ...launchpad.config, model_store: { location: "r2://MODELS/some/prefix" } };
  await launchpad.close();

  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `
        import { createWorker } from "mllaunchpad/cloudflare";
        import model from "./fixture_model.ts";
        export default createWorker({ config: ${JSON.stringify(config)}, model, api: ${JSON.stringify(definition)} });
      `,
      resolveDir: at("fixture"),
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    minify: true,
    metafile: true,
  });
  const code = outputFiles[0]?.text ?? "";
  const worker = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.mjs", contents: code }],
    compatibilityDate: "2026-07-01",
    r2Buckets: ["MODELS"],
  });
  const bucket = (await worker.getR2Bucket("MODELS")) as unknown as R2Bucket;
  for (const entry of await readdir(store, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    await bucket.put(`some/prefix/${relative(store, path).split(sep).join("/")}`, await readFile(path));
  }
  const origin = (await worker.ready).origin;
  return {
    inputs: Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs)),
    fetch: (path, init) => fetch(origin + path, init),
    stop: () => worker.dispose(),
  };
}
