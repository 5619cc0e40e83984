import { contendersOn } from "../floor/contenders.ts";
import { irisRequest } from "../floor/iris.ts";
import { whileServing } from "../floor/requests.ts";
import type { Context, Findings } from "../tool/benchmark.ts";
import { load } from "../tool/load.ts";
import { measureGrowth } from "./measure.ts";

/** 1 to 256 connections, all of them busy. */
export async function connections(context: Context): Promise<Findings> {
  const sizes = context.quick ? [1, 16, 64] : [1, 4, 16, 64, 256];
  const all = await contendersOn(context, "Node");
  const names = ["Launchpad, built", "bare Hono"];
  const contenders = Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
  return whileServing(context, contenders, (serving) => {
    const ask = (name: string, size: number) =>
      load(context, serving[name]?.origin ?? "", irisRequest, { connections: size, seconds: context.quick ? 1 : 3 });
    const works = names.flatMap((name) => [
      [`1,000 requests, ${name}`, async (size: number) => 1e6 / (await ask(name, size)).perSecond],
      [`median latency, ${name}`, async (size: number) => (await ask(name, size)).p50],
    ]);
    return measureGrowth(context, {
      by: "connections",
      sizes,
      rounds: context.quick ? 1 : 5,
      works: Object.fromEntries(works),
      references: names.slice(1).flatMap((name) => [`1,000 requests, ${name}`, `median latency, ${name}`]),
      notes: ["On Node. A request waits for those of all other connections, so the latency is linear at best."],
    });
  });
}
