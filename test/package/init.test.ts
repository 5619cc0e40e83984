import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, run, runtimes, start } from "../runtimes/runtime.ts";
import { type Registry, startRegistry } from "./registry.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

let registry: Registry;
let folder: string;

beforeAll(async () => {
  registry = await startRegistry();
  folder = await mkdtemp(join(tmpdir(), "launchpad-init-"));
  await cp(join(root, "examples/iris/iris_train.csv"), join(folder, "iris.csv"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await registry.stop();
});

describe("the README.md of a new project", () => {
  for (const name of ["Node", "Bun", "Deno"]) {
    it(`says what to do on ${name}, from the installation of what is published to an API`, async () => {
      const runtime = name.toLowerCase();
      const made = await run([...(runtimes[name] ?? []), publishedCli, "init", runtime, "--data", "iris.csv"], {
        cwd: folder,
      });
      expect(made, made.stderr).toMatchObject({ code: 0 });
      const cwd = join(folder, runtime);
      const env = {
        ...registry.env,
        PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
      };
      const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(await readFile(join(cwd, "README.md"), "utf8")) ?? [];
      const lines = block.trim().split("\n");
      expect(lines).toHaveLength(4);
      for (const line of lines.slice(0, -1)) {
        const done = await run(["bash", "-c", line], { cwd, env });
        expect(done, `${line}\n${done.stdout}${done.stderr}`).toMatchObject({ code: 0 });
        if (line.endsWith("train")) expect(JSON.parse(done.stdout).accuracy).toBeGreaterThan(0.8);
      }
      const server = start(["bash", "-c", `exec ${lines.at(-1)} --port 0`], { cwd, env, group: true });
      try {
        const [, url = ""] = await server.printed(/Open +(\S+)/);
        expect(await (await fetch(url)).json()).toEqual({ variety: "Setosa" });
      } finally {
        server.kill("SIGTERM");
        await server.finished;
      }
      const task = { node: "npm run", bun: "bun run", deno: "deno task" }[runtime];
      const trained = await run(["bash", "-c", `${task} train`], { cwd, env });
      expect(trained, trained.stderr).toMatchObject({ code: 0 });
    }, 180_000);
  }
});
