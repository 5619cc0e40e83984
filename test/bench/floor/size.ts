import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { Comparison, Context, Findings } from "../tool/benchmark.ts";
import { iris } from "./iris.ts";

/** How large one file is that serves iris. */
export async function size(context: Context): Promise<Findings> {
  const comparisons: Comparison[] = [];
  for (const [subject, files] of Object.entries((await iris(context)).files)) {
    const codes = await Promise.all(Object.values(files).map((file) => readFile(file)));
    const rounds = (of: (code: Uint8Array) => number) =>
      Object.fromEntries(Object.keys(files).map((name, at) => [name, [of(codes[at] ?? new Uint8Array()) / 1000]]));
    const row = { subject, unit: "kB", baseline: "bare Hono" };
    comparisons.push({ ...row, measure: "size", rounds: rounds((code) => code.length) });
    comparisons.push({ ...row, measure: "size, gzip", rounds: rounds((code) => gzipSync(code, { level: 9 }).length) });
  }
  return { comparisons, notes: ["One minified file each, with the model in it."] };
}
