import type { Context, Findings } from "../tool/benchmark.ts";
import { perCall } from "../tool/per-call.ts";
import { measureGrowth } from "./measure.ts";
import { answered, openCounts } from "./project.ts";

/** 1 to 500 resources in an API file. */
export async function resources(context: Context): Promise<Findings> {
  const sizes = context.quick ? [1, 10, 50] : [1, 10, 100, 500];
  const time = context.quick ? 10 : 200;
  const parameters = [{ name: "size", in: "query", required: true, schema: { type: "number", minimum: 0 } }];
  const get = { parameters, responses: { 200: { description: "How many arguments there were" } } };
  const projects = new Map<number, Awaited<ReturnType<typeof openCounts>>>();
  for (const size of sizes) {
    const paths = Object.fromEntries(Array.from({ length: size }, (_, at) => [`/counts${at}`, { get }]));
    projects.set(size, await openCounts(context, `resources-${size}`, paths));
  }
  const ask = async (size: number, path: string) =>
    answered(
      (request) => projects.get(size)?.launchpad.fetch(request) ?? new Response(),
      new Request(`http://x${path}`),
    );
  return measureGrowth(context, {
    by: "resources",
    sizes,
    rounds: context.quick ? 1 : 7,
    works: {
      "open the project and its API file": (size) =>
        perCall(async () => {
          const launchpad = await projects.get(size)?.open();
          await launchpad?.api();
          await launchpad?.close();
        }, time),
      "a request to the last resource": (size) =>
        perCall(() => ask(size, `/counts/v1/counts${size - 1}?size=1.5`), time),
      "/openapi.json": (size) => perCall(() => ask(size, "/openapi.json"), time),
    },
    notes: ["In one process, on Node, without a network."],
  });
}
