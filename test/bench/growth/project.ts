import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openLaunchpad } from "../../../runtimes/node.ts";
import type { Launchpad } from "../../../src/index.ts";
import type { Context } from "../tool/benchmark.ts";

/** An API that takes numbers and answers with how many there were. */
const files = {
  "launchpad.yml": `model_store: { location: ./model_store }
model: { name: counts, version: "1.0.0", module: ./model.mjs, order_columns_not_used_warning: never }
api: { name: counts, openapi: api.yaml }
`,
  "model.mjs": `export const train = () => ({});
export const test = () => ({});
export const predict = (_, args) => ({ count: Object.keys(args).length });
`,
};

/**
 * Makes a project with a trained model, and opens it.
 *
 * @param context The run.
 * @param name The folder.
 * @param paths Below `paths` in its OpenAPI file, as a value.
 *
 * @returns The open project, and what opens it again.
 */
export async function openCounts(context: Context, name: string, paths: object) {
  const folder = join(context.folder, name);
  await mkdir(folder);
  // JSON is YAML.
  const api = JSON.stringify({ openapi: "3.1.0", info: { title: name, version: "1.0.0" }, paths });
  for (const [file, text] of Object.entries({ ...files, "api.yaml": api })) await writeFile(join(folder, file), text);
  const open = () => openLaunchpad({ config: join(folder, "launchpad.yml") });
  const launchpad = await open();
  context.atEnd(() => launchpad.close());
  await launchpad.train();
  return { launchpad, open };
}

/** Asks, and reads the answer; an error when it is not 200. */
export async function answered(fetch: Launchpad["fetch"], request: Request): Promise<void> {
  const response = await fetch(request);
  const text = await response.text();
  if (response.status !== 200)
    throw new Error(`${request.url.slice(0, 100)}: ${response.status} ${text.slice(0, 500)}`);
}
