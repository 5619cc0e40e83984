import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publishedCli, runtimes } from "../../runtimes/runtime.ts";
import type { Context } from "../tool/benchmark.ts";
import type { Contender } from "../tool/server.ts";
import { type Iris, iris, irisRequest as request } from "./iris.ts";

const workerd = fileURLToPath(new URL("../../../node_modules/workerd/bin/workerd", import.meta.url));

/** The runtimes on which everything is measured. */
export const floorRuntimes = ["Node", "Bun", "Deno", "workerd"] as const;

/**
 * What is compared on a runtime: the API as the command line serves it, the built package, a bare Hono app, and the runtime's
 * bare server. Workers have no command line.
 *
 * @param context The run.
 * @param runtime The runtime.
 *
 * @returns The contenders by name.
 */
export async function contendersOn(context: Context, runtime: string): Promise<Record<string, Contender>> {
  const project = await iris(context);
  const files = Object.entries(project.files[runtime] ?? {});
  if (runtime === "workerd") {
    return Object.fromEntries(await Promise.all(files.map(async ([name, file]) => [name, await worker(file)])));
  }
  const program = runtimes[runtime] ?? [];
  const started = files.map(([name, file]): [string, Contender] => [
    name,
    { command: () => [...program, file], env: (port) => ({ PORT: `${port}`, HOST: "127.0.0.1" }), request },
  ]);
  return Object.fromEntries([["Launchpad api", commandLine(program, project)], ...started]);
}

function commandLine(program: readonly string[], { config }: Iris): Contender {
  return { command: (port) => [...program, publishedCli, ...config, "api", "--port", `${port}`], request };
}

async function worker(file: string): Promise<Contender> {
  const folder = `${file}-worker`;
  await mkdir(folder, { recursive: true });
  await copyFile(file, join(folder, "index.mjs"));
  const config = join(folder, "config.capnp");
  await writeFile(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "index.mjs", esModule = embed "index.mjs")],
  compatibilityDate = "2026-07-01",
);
`,
  );
  return { command: (port) => [workerd, "serve", config, `--socket-addr=http=127.0.0.1:${port}`], request };
}
