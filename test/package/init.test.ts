import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finished, publishedCli, run, runtimes, start } from "../runtimes/runtime.ts";
import { freePort } from "../storage/servers.ts";
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
      for (const script of ["train", "build"]) {
        const done = await run(["bash", "-c", `${task} ${script}`], { cwd, env });
        expect(done, done.stderr).toMatchObject({ code: 0 });
      }
      expect(await readdir(join(cwd, "build"))).toEqual([runtime]);
    }, 180_000);
  }

  for (const [what, args] of Object.entries({ "a table": ["--data", "iris.csv"], "no data": [] })) {
    it(`says what to do for a Worker with ${what}, from the installation to an answer of workerd`, async () => {
      const folderName = `worker-${args.length}`;
      const made = await run(
        [...(runtimes.Node ?? []), publishedCli, "init", folderName, "--template", "worker", ...args],
        {
          cwd: folder,
        },
      );
      expect(made, made.stderr).toMatchObject({ code: 0 });
      const cwd = join(folder, folderName);
      const env = {
        ...registry.env,
        PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
        // wrangler would ask hosts that are not this machine.
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        WRANGLER_SEND_METRICS: "false",
        XDG_CONFIG_HOME: join(cwd, ".config"),
      };
      const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(await readFile(join(cwd, "README.md"), "utf8")) ?? [];
      const lines = block.trim().split("\n");
      expect(lines).toEqual(["npm install", "npx launchpad train", "npm test", "npm run dev"]);
      for (const line of lines.slice(0, -1)) {
        const done = await run(["bash", "-c", line], { cwd, env });
        expect(done, `${line}\n${done.stdout}${done.stderr}`).toMatchObject({ code: 0 });
        // Two of the worker, the others of the model.
        if (line === "npm test") expect(done.stdout).toMatch(args.length > 0 ? /pass 4\b/ : /pass 3\b/);
      }
      expect(JSON.parse(await readFile(join(cwd, "wrangler.jsonc"), "utf8")).main).toBe("build/cloudflare/index.mjs");

      const port = await freePort();
      const server = start(["bash", "-c", `exec npm run dev -- --port ${port} --inspector-port 0`], {
        cwd,
        env,
        group: true,
      });
      try {
        const answer = await answered(`http://127.0.0.1:${port}/${folderName}/v0/predictions`, server.finished, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(
            args.length > 0
              ? { "sepal.length": 5, "sepal.width": 3.4, "petal.length": 1.5, "petal.width": 0.2 }
              : { x: 4 },
          ),
        });
        expect(await answer.json()).toEqual(args.length > 0 ? { variety: "Setosa" } : { y: 8 });
      } finally {
        server.kill("SIGTERM");
        await server.finished;
      }
    }, 300_000);
  }
});

/** Asks until somebody answers, or the server has ended. */
async function answered(url: string, ended: Promise<Finished>, init: RequestInit): Promise<Response> {
  let end: Finished | undefined;
  ended.then((finished) => {
    end = finished;
  });
  while (end === undefined) {
    const response = await fetch(url, init).catch(() => undefined);
    if (response) return response;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${end.stdout}${end.stderr}`);
}
