import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { publishedCli, runtimes } from "../../runtimes/runtime.ts";
import type { Context } from "../tool/benchmark.ts";
import type { Request } from "../tool/load.ts";
import { runProgram } from "../tool/programs.ts";
import { barePrograms } from "./bare-programs.ts";

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** The iris example, trained, and packages of it. */
export interface Iris {
  /** Arguments of the command line that name its configuration. */
  readonly config: readonly string[];
  /** The stored contents of the model. */
  readonly contents: string;
  /** For each runtime, what was built for it, by contender: one file each. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What is asked of every API that serves iris by its RAML. */
export const irisRequest: Request = {
  path: "/iris/v0/varieties?sepal.length=4.9&sepal.width=2.4&petal.length=3.3&petal.width=1",
};

/** What `launchpad build` calls the runtimes. */
export const targets = { Node: "node", Bun: "bun", Deno: "deno", workerd: "cloudflare" } as const;

const made = new WeakMap<Context, Promise<Iris>>();

/** Trains the iris example and builds it, and what it is compared with, once in a run. */
export function iris(context: Context): Promise<Iris> {
  const found = made.get(context) ?? make(context);
  made.set(context, found);
  return found;
}

async function make(context: Context): Promise<Iris> {
  context.say("training iris, and building its packages");
  const folder = join(context.folder, "iris");
  await mkdir(folder);
  const overlay = join(folder, "overlay.yml");
  await writeFile(overlay, "model_store: { location: ./model_store }\n");
  const config = ["-c", at("examples/iris/launchpad.yml"), "-c", overlay];
  const launchpad = (...args: string[]) =>
    runProgram(context, [...(runtimes.Node ?? []), publishedCli, ...config, ...args], { cwd: folder });
  await launchpad("train");
  const stored = await readdir(join(folder, "model_store"), { recursive: true });
  const contents = await readFile(
    join(folder, "model_store", stored.find((path) => path.endsWith("contents")) ?? ""),
    "utf8",
  );
  const files: Record<string, Record<string, string>> = {};
  for (const [runtime, target] of Object.entries(targets)) {
    const out = join(folder, target);
    await launchpad("build", "--target", target, "--model", "embed", "--out", out);
    files[runtime] = { "Launchpad, built": join(out, "index.mjs") };
    for (const [name, program] of Object.entries(barePrograms[runtime] ?? {})) {
      const file = join(folder, `${target}-${name.replace(" ", "-")}.mjs`);
      await bundle(program, contents, target, file);
      files[runtime][name] = file;
    }
  }
  return { config, contents, files };
}

/** As `launchpad build` does it, so that sizes and starts are of the same kind. */
async function bundle(program: string, contents: string, target: string, outfile: string): Promise<void> {
  const onWorkers = target === "cloudflare";
  await build({
    stdin: {
      contents: `const contents = ${JSON.stringify(contents)};\n${program}`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      loader: "ts",
    },
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: onWorkers ? "browser" : "node",
    conditions: onWorkers ? ["workerd", "worker", "browser"] : [target],
    alias: { mllaunchpad: at("src/index.ts"), "mllaunchpad/metrics": at("src/metrics.ts") },
  });
}
