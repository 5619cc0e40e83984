import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { publishedCli, type Running, run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";

const project = fileURLToPath(new URL("project", import.meta.url));
/** Node 20 runs the published files only. */
const programs = Object.entries(runtimes).map(
  ([name, program]) => [name, [...program, name === "Node 20" ? publishedCli : sourceCli]] as const,
);

let folder: string;
const started: Running[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-watch-"));
  await cp(project, folder, { recursive: true });
});

afterEach(async () => {
  for (const running of started.splice(0)) {
    running.kill("SIGKILL");
    await running.finished;
  }
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);

async function edit(name: string, change: (text: string) => string): Promise<void> {
  await writeFile(at(name), change(await readFile(at(name), "utf8")));
}

/** As many editors do it: a new file takes the place of the old one. */
async function replace(name: string, change: (text: string) => string): Promise<void> {
  await writeFile(at(`${name}~`), change(await readFile(at(name), "utf8")));
  await rename(at(`${name}~`), at(name));
}

async function watch(program: readonly string[]) {
  const command = [...program, "-c", "launchpad.yml", "-c", "overlay.yml"];
  const trained = await run([...command, "train"], { cwd: folder });
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
  const running = start([...command, "api", "--port", "0", "--watch"], { cwd: folder });
  started.push(running);
  const [, origin = ""] = await running.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)[\s\S]*?Watching its files/);
  let text = "";
  running.child.stderr?.on("data", (chunk: string) => {
    text += chunk;
  });
  return {
    running,
    origin,
    async ask(path = "/means/v0/predictions", body: object = { x: 1 }): Promise<{ status: number; json: unknown }> {
      const response = await fetch(origin + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return { status: response.status, json: await response.json() };
    },
    /** Waits for the next text of this kind, and drops what came before. */
    async next(pattern: RegExp): Promise<string> {
      await expect.poll(() => text, { timeout: 20_000 }).toMatch(pattern);
      const found = pattern.exec(text);
      const [match = ""] = found ?? [];
      text = text.slice((found?.index ?? 0) + match.length);
      return match;
    },
  };
}

describe.each(programs)("launchpad api --watch on %s", (_, program) => {
  it("serves what changes, and goes on with the last good one while it is broken", async () => {
    await writeFile(at("scale.ts"), "export const scale: number = 10;\n");
    await writeFile(at("overlay.yml"), "model: { scale: 1 }\n");
    await edit("mean_model.ts", (text) =>
      text
        .replace("return { y: mean * x };", "return { y: mean * x * scale };")
        .replace(/^/, 'import { scale } from "./scale.ts";\n'),
    );
    const { ask, next, running } = await watch(program);
    const y = (value: number) => ({ status: 200, json: { y: value } });
    expect(await ask()).toEqual(y(20));

    // The model, by a file that takes its place.
    await replace("mean_model.ts", (text) => text.replace("mean * x * scale", "mean * x * scale + 1"));
    await next(/Reloaded after a change of \.\/mean_model\.ts\./);
    expect(await ask()).toEqual(y(21));

    // What it imports.
    await edit("scale.ts", () => "export const scale: number = 100;\n");
    await next(/Reloaded after a change of \.\/scale\.ts\./);
    expect(await ask()).toEqual(y(201));

    // A mistake in what it imports: one error, with the file and the line.
    await edit("scale.ts", () => "export const scale: number = 7;\n\nconst broken = ;\n");
    const said = await next(
      /launchpad: [\s\S]*?\[MODULE_INVALID\]\nThe change of \.\/scale\.ts does not serve: the one before goes on\./,
    );
    expect(said).toMatch(/scale\.ts:3/);
    expect(said.match(/launchpad: /g)).toHaveLength(1);
    expect(await ask()).toEqual(y(201));

    // Another mistake: it throws when it is imported.
    await edit("scale.ts", () => "\n\nthrow new Error('thrown at import');\nexport const scale: number = 7;\n");
    expect(await next(/launchpad: [\s\S]*?goes on\./)).toMatch(/thrown at import[\s\S]*scale\.ts:3/);
    expect(await ask()).toEqual(y(201));

    // A file that it does not have yet, and that has a mistake when it comes.
    await edit("scale.ts", () => 'import { seven } from "./seven.ts";\nexport const scale: number = seven;\n');
    await next(/launchpad: [\s\S]*?seven\.ts[\s\S]*?goes on\./);
    await writeFile(at("seven.ts"), "export const seven = ;\n");
    await next(/launchpad: [\s\S]*?seven\.ts:1[\s\S]*?goes on\./);
    expect(await ask()).toEqual(y(201));
    await writeFile(at("seven.ts"), "export const seven = 7;\n");
    await next(/Works again after a change of \.\/seven\.ts\./);
    expect(await ask()).toEqual(y(15));

    // The configuration: wrong, with its line, then right.
    await edit("overlay.yml", () => "model: { scale: 1 }\n\napi:\n  timeout: soon\n");
    await next(/\.\/overlay\.yml line 4: api\.timeout: [\s\S]*?\[CONFIG_INVALID\][\s\S]*?goes on\./);
    expect(await ask()).toEqual(y(15));
    await edit("overlay.yml", () => "api: { name: others }\n");
    await next(/Works again[\s\S]*?Serving means 0\.1\.0 at http:\S+\/others\/v0/);
    expect((await ask()).status).toBe(404);
    expect(await ask("/others/v0/predictions")).toEqual(y(15));

    running.kill("SIGTERM");
    expect(await running.finished).toMatchObject({ code: 0, signal: null, stdout: "" });
  });
});

describe("launchpad api --watch", () => {
  const [, program = []] = programs.find(([name]) => name === "Node") ?? [];
  const raml = (maximum: number) => `#%RAML 0.8
title: means
version: v0
/means:
  get:
    queryParameters:
      x: { type: number, required: true, maximum: ${maximum} }
`;

  it("serves what changes in the API file, and in a file that the configuration includes", async () => {
    await writeFile(at("api.raml"), raml(10));
    await writeFile(at("api.yml"), "name: means\nraml: api.raml\n");
    await writeFile(at("overlay.yml"), "api: !include api.yml\n");
    const { origin, next } = await watch(program);
    const status = async (x: number) => (await fetch(`${origin}/means/v0/means?x=${x}`)).status;
    expect([await status(10), await status(11)]).toEqual([200, 400]);
    await edit("api.raml", () => raml(11));
    await next(/Reloaded after a change of \.\/api\.raml\./);
    expect([await status(11), await status(12)]).toEqual([200, 400]);
    await edit("api.raml", (text) => text.replace("type: number", "type: nonsense"));
    await next(/\.\/api\.raml line 7: [\s\S]*?\[API_INVALID\][\s\S]*?goes on\./);
    expect([await status(11), await status(12)]).toEqual([200, 400]);
    await edit("api.raml", () => raml(12));
    await next(/Works again after a change of \.\/api\.raml\./);
    expect(await status(12)).toBe(200);
    await edit("api.yml", () => "name: other\nraml: api.raml\n");
    await next(/Reloaded after a change of \.\/api\.yml\./);
    expect(await status(12)).toBe(404);
  });

  it("finishes requests in flight on what they began with, and drops none", async () => {
    await writeFile(at("overlay.yml"), "model: { scale: 1 }\n");
    const { ask, next, running } = await watch(program);
    const slow = ask(undefined, { x: 1, delay: 3000 });
    await running.printed(/predicting slowly/);
    let asked = 0;
    let ended = false;
    const answers = new Set<string>();
    const asking = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (!ended) {
          asked += 1;
          answers.add(JSON.stringify(await ask()));
        }
      }),
    );
    for (let factor = 2; factor <= 5; factor++) {
      await edit("mean_model.ts", (text) => text.replace(/y: mean \* x.*? \}/, `y: mean * x * ${factor} }`));
      await next(/Reloaded after a change of \.\/mean_model\.ts\./);
      expect(await ask()).toEqual({ status: 200, json: { y: 2 * factor } });
    }
    ended = true;
    await asking;
    expect([...answers].sort()).toEqual(
      [2, 4, 6, 8, 10].map((y) => JSON.stringify({ status: 200, json: { y } })).sort(),
    );
    expect(await slow).toEqual({ status: 200, json: { y: 2 } });
    console.log(`${asked} requests during 4 reloads: none dropped`);
  });

  it("does not begin with what is broken", async () => {
    await edit("mean_model.ts", (text) => `${text}\nconst broken = ;\n`);
    const ended = await run([...program, "api", "--port", "0", "--watch"], { cwd: folder });
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(/mean_model\.ts:\d+.*\[MODULE_INVALID\]/s);
  });

  it("serves a new version as soon as it is trained", async () => {
    await writeFile(at("overlay.yml"), "model: { scale: 1 }\n");
    const { ask, next } = await watch(program);
    await writeFile(at("overlay.yml"), 'model: { version: "2.0.0" }\n');
    await next(/no trained model means 2\.0\.0[\s\S]*?\[MODEL_NOT_TRAINED\][\s\S]*?goes on\./);
    expect((await ask()).status).toBe(200);
    await run([...program, "-c", "launchpad.yml", "-c", "overlay.yml", "train"], { cwd: folder });
    await next(/Works again[\s\S]*?Serving means 2\.0\.0 at http:\S+\/means\/v2/);
    expect((await ask("/means/v2/predictions")).status).toBe(200);
  });
});
