import { Hono } from "hono";
import type { Context, Findings } from "../tool/benchmark.ts";
import { perCall } from "../tool/per-call.ts";
import { measureGrowth } from "./measure.ts";
import { answered, openCounts } from "./project.ts";

/** A JSON object with a list of numbers, of so many bytes. */
function bodyOf(bytes: number): string {
  const numbers: string[] = [];
  for (let length = 14; length < bytes - 8; length += 7) numbers.push(`${100 + ((numbers.length * 7919) % 900)}.25`);
  return `{"values":[${numbers.join(",")}]}`;
}

/** 1 kB to 10 MB of body. */
export async function body(context: Context): Promise<Findings> {
  const sizes = context.quick ? [1e3, 1e4, 1e5] : [1e3, 1e4, 1e5, 1e6, 1e7];
  const time = context.quick ? 10 : 300;
  const schema = {
    type: "object",
    required: ["values"],
    properties: { values: { type: "array", items: { type: "number" } } },
  };
  const post = {
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: { 200: { description: "x" } },
  };
  const { launchpad } = await openCounts(context, "body", { "/counts": { post } });
  const hono = new Hono();
  hono.post("/counts/v1/counts", async (http) => http.json({ count: Object.keys(await http.req.json()).length }));
  const bodies = new Map(sizes.map((size) => [size, bodyOf(size)]));
  const request = (size: number) =>
    new Request("http://x/counts/v1/counts", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: bodies.get(size) ?? "",
    });
  return measureGrowth(context, {
    by: "bytes of body",
    sizes,
    rounds: context.quick ? 1 : 5,
    works: {
      "a request with a list of numbers": (size) => perCall(() => answered(launchpad.fetch, request(size)), time),
      "the same, bare Hono": (size) => perCall(() => answered(async (asked) => hono.fetch(asked), request(size)), time),
    },
    references: ["the same, bare Hono"],
    notes: ["In one process, on Node, without a network. Launchpad checks every number; bare Hono does not."],
  });
}
