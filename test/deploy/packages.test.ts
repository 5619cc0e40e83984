import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createIris, type Project } from "../build/project.ts";
import { freePort } from "../databases/servers.ts";
import { blocksOf } from "../package/blocks.ts";
import { startRegistry } from "../package/registry.ts";
import { type Running, run, runtimes, start } from "../runtimes/runtime.ts";
import { exists, root } from "./host.ts";

const examples = join(root, "examples/deploy");
const path = [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);
/** What needs an account or an engine. */
const elsewhere = /^(docker|npx wrangler) /;
const query = "sepal.length=4.9&sepal.width=2.4&petal.length=3.3&petal.width=1";

let project: Project;
const started: Running[] = [];

beforeAll(async () => {
  project = await createIris();
  await mkdir(join(project.folder, "node_modules/.bin"));
  await symlink("../mllaunchpad/dist/cli.js", join(project.folder, "node_modules/.bin/launchpad"));
  await copyFile(join(examples, "deno-deploy/main.js"), join(project.folder, "main.js"));
});
afterEach(async () => {
  for (const running of started.splice(0)) {
    running.kill("SIGKILL");
    await running.finished;
  }
});
afterAll(() => project?.remove());

/** The lines of a section of the guide. */
async function linesOf(section: string): Promise<string[]> {
  const blocks = (await blocksOf("examples/deploy/README.md")).filter(({ note }) => note === section);
  return blocks.flatMap(({ text }) => text.trim().split("\n")).filter((line) => !elsewhere.test(line));
}

async function succeed(line: string, cwd = project.folder): Promise<void> {
  const { code, stderr } = await run(["bash", "-c", line], { cwd, env: { PATH: path } });
  expect(code, `${line}\n${stderr}`).toBe(0);
}

function serve(line: string, env: Record<string, string>, cwd = project.folder): Running {
  const running = start(["bash", "-c", `exec ${line}`], { cwd, env: { PATH: path, ...env }, group: true });
  started.push(running);
  return running;
}

/** Asks as soon as there is an answer; a server that has ended fails the test. */
async function predicts(running: Running, port: number): Promise<void> {
  const ended = running.finished.then(({ code, stderr }) => `ended with ${code}: ${stderr}`);
  const ask = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/iris/v0/varieties?${query}`).catch(() => undefined);
    return response?.json();
  };
  await expect.poll(() => Promise.race([ask(), ended]), { timeout: 30_000 }).toEqual({ iris_variety: "Versicolor" });
}

describe("the guide to", () => {
  it("Deno Deploy has an entry that serves, with few permissions", async () => {
    const [build = "", main = ""] = await linesOf("deno");
    await succeed(build);
    const port = await freePort();
    await predicts(serve(main, { DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}` }), port);
    const other = await freePort();
    await predicts(serve(`deno serve --host 127.0.0.1 --port ${other} build/fetch/index.mjs`, {}), other);
    expect(await readFile(join(examples, "README.md"), "utf8")).toContain("`deno serve build/fetch/index.mjs`");
  });

  it("Deno says how it serves with nothing installed", async () => {
    const registry = await startRegistry();
    try {
      const cwd = join(project.folder, "nothing-installed");
      await cp(join(root, "examples/addition"), cwd, {
        recursive: true,
        filter: (file) => !file.includes("model_store"),
      });
      const trained = await run(["deno", "run", "-A", "npm:mllaunchpad", "train"], {
        cwd,
        env: { ...registry.env, PATH: path },
      });
      expect(trained, trained.stderr).toMatchObject({ code: 0 });
      const guide = await readFile(join(examples, "README.md"), "utf8");
      const [, command = "", count = ""] = /`(deno run -A npm:mllaunchpad api --workers (\d+))`/.exec(guide) ?? [];
      const server = serve(`${command} --port 0`, registry.env, cwd);
      await server.printed(new RegExp(`(worker \\d+ serves[\\s\\S]*){${count}}`));
      const [, origin = ""] = await server.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)/);
      expect(await (await fetch(`${origin}/add/v0/sum?x1=3&x2=2`)).json()).toEqual({ sum: 5 });
      server.kill("SIGTERM");
      expect(await server.finished).toMatchObject({ code: 0 });
    } finally {
      await registry.stop();
    }
  });

  it("Bun has commands that serve", async () => {
    const [build = "", main = ""] = await linesOf("bun");
    await succeed(build);
    const port = await freePort();
    await predicts(serve(main, { PORT: String(port) }), port);

    // Instead of Node in the unit of systemd.
    const guide = await readFile(join(examples, "README.md"), "utf8");
    const [, command = ""] = /`ExecStart=\/usr\/local\/bin\/(bun .* api) \.\.\.`/.exec(guide) ?? [];
    const free = await freePort();
    const workers = serve(`${command} --port ${free} --workers 2`, {});
    await workers.printed(/worker \d+ serves[\s\S]*worker \d+ serves/);
    await predicts(workers, free);
  });

  it("Cloudflare Workers has a command that writes what wrangler deploys", async () => {
    for (const line of await linesOf("cloudflare")) await succeed(line);
    expect(await project.read("wrangler.jsonc")).toContain("build/cloudflare/index.mjs");
    expect(await exists(join(project.folder, "build/cloudflare/index.mjs"))).toBe(true);
  });

  it("containers has a Dockerfile whose steps make what serves, is healthy, and stops", async () => {
    const folder = await mkdtemp(join(tmpdir(), "launchpad-image-"));
    try {
      const context = join(folder, "context");
      await mkdir(join(folder, "clone"));
      await symlink(join(root, "examples"), join(folder, "clone/examples"));
      await cp(project.folder, join(folder, "clone/my-model"), { recursive: true, verbatimSymlinks: true });
      for (const line of await linesOf("docker")) await succeed(line, join(folder, "clone"));

      const dockerfile = await readFile(join(folder, "clone/my-model/Dockerfile"), "utf8");
      const ignored = (await readFile(join(folder, "clone/my-model/.dockerignore"), "utf8")).split("\n");
      // What the engine would be sent. Packages come from npm ci.
      await cp(join(folder, "clone/my-model"), context, {
        recursive: true,
        filter: (file) => !ignored.includes(file.split("/").at(-1) ?? ""),
      });
      expect(await exists(join(context, "node_modules"))).toBe(false);
      await symlink(join(project.folder, "node_modules"), join(context, "node_modules"));
      const steps = [...dockerfile.matchAll(/^RUN (.*)$/gm)].map(([, step = ""]) => step);
      expect(steps).toEqual(["npm ci", expect.stringMatching(/^npx launchpad build/)]);
      await succeed(steps[1] ?? "", context);

      const [, from = ""] = /^COPY --from=build \/model\/(\S+) \.\/$/m.exec(dockerfile) ?? [];
      const image = join(folder, "image");
      await mkdir(image);
      await copyFile(join(context, from), join(image, "index.mjs"));
      expect(dockerfile).toMatch(/^ENV HOST=0\.0\.0\.0 PORT=8080\nEXPOSE 8080$/m);
      const [, program = ""] = /^CMD \["(.*)"\]$/m.exec(dockerfile) ?? [];
      const port = String(await freePort());
      const [node = ""] = runtimes.Node ?? [];
      const server = serve(`${node} ${program}`, { HOST: "127.0.0.1", PORT: port }, image);
      await predicts(server, Number(port));

      const [, json = ""] = /^HEALTHCHECK [\s\S]*?CMD (\[.*\])$/m.exec(dockerfile) ?? [];
      const [, ...args] = JSON.parse(json) as string[];
      const health = () => run([node, ...args], { cwd: image, env: { PORT: port } });
      expect((await health()).code).toBe(0);
      server.kill("SIGTERM");
      expect(await server.finished).toMatchObject({ code: 0 });
      expect((await health()).code).toBe(1);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
