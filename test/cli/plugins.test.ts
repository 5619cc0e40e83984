import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { publishedCli, run, runtimes } from "../runtimes/runtime.ts";

const fixture = fileURLToPath(new URL("project", import.meta.url));
const builtIndex = new URL("../../dist/index.js", import.meta.url).href;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-plugins-"));
  await cp(fixture, folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A module that exports a source of a type, which gives these numbers. */
const plugin = (type: string, numbers: string) =>
  `import { createFrame, defineSource } from ${JSON.stringify(builtIndex)};
   export const source = defineSource({
     serves: [${JSON.stringify(type)}],
     open: () => ({ frame: async () => createFrame({ x: [${numbers}] }) }),
   });`;

async function write(file: string, text: string): Promise<void> {
  await mkdir(join(folder, file, ".."), { recursive: true });
  await writeFile(join(folder, file), text);
}

async function train(program: readonly string[], plugins: string, type: string) {
  await write("plugins.yml", `plugins: ${plugins}\ndatasources: { numbers: { type: ${type}, path: data.csv } }\n`);
  const config = ["-c", "launchpad.yml", "-c", "plugins.yml"];
  return run([...program, publishedCli, ...config, "train"], { cwd: folder });
}

describe("plugins", () => {
  for (const [name, program] of Object.entries(runtimes)) {
    it(`are found by path and by package from the project on ${name}, and the last one wins with a warning`, async () => {
      await write("own.mjs", plugin("own", "1, 3"));
      const manifest = { name: "@acme/own-data", version: "1.0.0", type: "module", exports: "./lib/index.js" };
      await write("packages/own-data/package.json", JSON.stringify(manifest));
      await write("packages/own-data/lib/index.js", plugin("own", "40, 44"));
      // As npm links the packages of a workspace.
      await mkdir(join(folder, "node_modules/@acme"), { recursive: true });
      await symlink("../../packages/own-data", join(folder, "node_modules/@acme/own-data"));
      const first = await train(program, "['@acme/own-data', ./own.mjs]", "own");
      expect(JSON.parse(first.stdout || "null"), first.stderr).toEqual({ mean: 2 });
      expect(first.stderr).toContain("a plugin replaces the data source type own of another plugin");
      const second = await train(program, "[./own.mjs, '@acme/own-data']", "own");
      expect(JSON.parse(second.stdout || "null"), second.stderr).toEqual({ mean: 42 });
    });
  }

  const node = runtimes.Node ?? [];

  it("replace what is built in, with a warning", async () => {
    await write("own.mjs", plugin("csv", "5"));
    const { stdout, stderr } = await train(node, "[./own.mjs]", "csv");
    expect(JSON.parse(stdout), stderr).toEqual({ mean: 5 });
    expect(stderr).toMatch(/WARNING launchpad\.data: a plugin replaces the data source type csv of Launchpad/);
  });

  it("that are missing, broken or none are one error", async () => {
    await write("broken.mjs", "export const = 1;");
    await write("none.mjs", "export default { serves: ['own'] };");
    for (const [plugins, message] of [
      ["[./missing.mjs]", /plugins\.0: found ".*missing\.mjs", expected a module/],
      ["['@acme/missing']", /plugins\.0: found "@acme\/missing", expected a module: .* nor an installed package/],
      ["[./broken.mjs]", /broken\.mjs cannot be loaded: SyntaxError/],
      ["[./none.mjs]", /none\.mjs: something made by defineSource\(\) or defineSink\(\) expected .*, found default/],
    ] as const) {
      const { code, stderr } = await train(node, plugins, "own");
      expect(code, stderr).toBe(2);
      expect(stderr).toMatch(message);
      expect(stderr).not.toContain("    at ");
    }
  });

  it("that do not bring the type leave an error with the types there are", async () => {
    await write("own.mjs", plugin("own", "1"));
    const { code, stderr } = await train(node, "[./own.mjs]", "owm");
    expect(code).toBe(2);
    expect(stderr).toMatch(/no data source type "owm"; did you mean "own"\? there are "csv", .*"parquet".*"own"/);
  });
});
