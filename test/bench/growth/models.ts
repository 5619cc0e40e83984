import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createHost, openLaunchpad } from "../../../runtimes/node.ts";
import { openProjects, type Projects } from "../../../runtimes/project/many/open-projects.ts";
import { loadAnyConfig } from "../../../src/index.ts";
import type { Context, Findings } from "../tool/benchmark.ts";
import { perCall } from "../tool/per-call.ts";
import { measureGrowth } from "./measure.ts";
import { answered } from "./project.ts";

const model = `export const train = () => ({ by: 2 });
export const test = () => ({});
export const predict = ({ by }, { x }) => ({ y: by * x });
`;
const configOf = (name: string) => `model_store: { location: ./model_store }
model: { name: ${name}, version: "1.0.0", module: ./model.mjs, order_columns_not_used_warning: never }
api: { name: ${name} }
`;

/** Makes so many projects, of which the last is trained. */
async function makeProjects(folder: string, count: number): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "launchpad.yml"), "projects: [models/*]\n");
  for (let at = 0; at < count; at++) {
    const own = join(folder, "models", `m${at}`);
    await mkdir(own, { recursive: true });
    await writeFile(join(own, "launchpad.yml"), configOf(`m${at}`));
    await writeFile(join(own, "model.mjs"), model);
  }
  const last = await openLaunchpad({ config: join(folder, "models", `m${count - 1}`, "launchpad.yml") });
  await last.train();
  await last.close();
}

/** 1 to 1,000 models in one process. */
export async function models(context: Context): Promise<Findings> {
  const sizes = context.quick ? [1, 10, 100] : [1, 10, 100, 1000];
  const time = context.quick ? 10 : 300;
  const host = createHost();
  const open = async (size: number): Promise<Projects> => {
    const config = pathToFileURL(join(context.folder, `models-${size}`, "launchpad.yml"));
    const found = await loadAnyConfig([config], host);
    if (!("several" in found)) throw new Error("expected several projects");
    return openProjects(host, found.several);
  };
  const request = (size: number) =>
    new Request(`http://x/m${size - 1}/v1/predictions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"x":2}',
    });
  const serving = new Map<number, Projects>();
  for (const size of sizes) {
    await makeProjects(join(context.folder, `models-${size}`), size);
    const projects = await open(size);
    context.atEnd(() => projects.close());
    await projects.ready();
    await projects.all();
    await answered(projects.fetch, request(size));
    serving.set(size, projects);
  }
  return measureGrowth(context, {
    by: "models",
    sizes,
    rounds: context.quick ? 1 : 7,
    works: {
      "a start, until it serves": async (size) => {
        const projects = await open(size);
        const before = performance.now();
        await projects.ready();
        const taken = performance.now() - before;
        await projects.all();
        await projects.close();
        return taken;
      },
      "a start, and the first request to the last model": async (size) => {
        const projects = await open(size);
        const before = performance.now();
        await projects.ready();
        await answered(projects.fetch, request(size));
        const taken = performance.now() - before;
        await projects.all();
        await projects.close();
        return taken;
      },
      "a request to the last model": (size) =>
        perCall(() => answered((asked) => serving.get(size)?.fetch(asked) ?? new Response(), request(size)), time),
    },
    notes: [
      "In one process, on Node, without a network. Before it serves, the configurations of at most 20 projects are read; the " +
        "rest while it serves, first the one that is asked for.",
    ],
  });
}
