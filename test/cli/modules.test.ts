import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, type Project } from "../build/project.ts";
import { publishedCli, run, runtimes, start } from "../runtimes/runtime.ts";

const config = (module: string, more = "") => `
model_store: { location: ./store }
model: { name: m, version: "1.0.0", module: ${module} }
api: { name: m }
${more}`;

/** A model whose parts lie where people put them, imported as people write it. */
const files = {
  "package.json": '{ "type": "module", "imports": { "#unit": "./src/unit.js" } }',
  "tsconfig.json":
    '{ "extends": "./base.json", // a comment\n "compilerOptions": { "paths": { "@/*": ["./src/*"], "consts": ["./src/consts.ts"] } } }',
  "base.json": '{ "compilerOptions": { "strict": true } }',
  "src/app/model.ts": `
    import { defineModel } from "mllaunchpad";
    import { alias } from "@/lib/alias";
    import { one } from "@/lib/sub/one.js";
    import consts from "consts";
    import { js } from "./js.js";
    import { bare } from "./bare";
    import { inFolder } from "./folder";
    import weights, { k } from "../weights.json";
    import marked from "../weights.json" with { type: "json" };
    import { unit } from "#unit";
    const parts = { alias, one, consts, js, bare, inFolder, k: weights.k + k + marked.k, unit };
    export default defineModel({ train: () => parts, test: () => ({}), predict: (model) => ({ ...model, now: parts }) });`,
  "src/lib/alias.ts": 'import { one } from "./sub/one.js";\nexport const alias: string = "alias " + one;',
  "src/lib/sub/one.ts": "export const one: number = 1;",
  "src/consts.ts": "const consts: string = 'consts'; export default consts;",
  "src/app/js.ts": "export const js: string = 'js means ts';",
  "src/app/bare.ts": "export const bare: string = 'without ending';",
  "src/app/folder/index.ts": "export const inFolder: string = 'index';",
  "src/weights.json": '{ "k": 3, "default": 4, "a-b": [1] }',
  "src/unit.js": "export const unit = 'imports';",
};
const parts = {
  alias: "alias 1",
  one: 1,
  consts: "consts",
  js: "js means ts",
  bare: "without ending",
  inFolder: "index",
  k: 9,
  unit: "imports",
};

describe("modules as people write them", () => {
  let project: Project;
  beforeAll(async () => {
    project = await createProject({ ...files, "launchpad.yml": config("src.app.model") });
  });
  afterAll(() => project.remove());

  for (const [name, program] of Object.entries(runtimes)) {
    it(`train and predict on ${name}, and are a package that predicts the same`, async () => {
      const launchpad = (...args: string[]) =>
        run([...program, publishedCli, ...args], { cwd: project.folder, input: "{}" });
      const trained = await launchpad("train");
      expect(trained.code, trained.stderr).toBe(0);
      const predicted = await launchpad("predict");
      expect(JSON.parse(predicted.stdout || "null"), predicted.stderr).toEqual({ ...parts, now: parts });
      const out = join("build", name.replace(" ", ""));
      const built = await launchpad("build", "--out", out);
      expect(built, built.stderr).toMatchObject({ code: 0 });
      const running = start([...program, join(out, "index.mjs")], { cwd: project.folder, env: { PORT: "0" } });
      try {
        const [, url] = await running.printed(/at (\S+)\. Ctrl-C/);
        const response = await fetch(`${url}/predictions`, {
          method: "POST",
          body: "{}",
          headers: { "content-type": "application/json" },
        });
        expect(await response.json()).toEqual({ ...parts, now: parts });
      } finally {
        running.kill("SIGTERM");
        await running.finished;
      }
    });
  }

  it("all count for the digest of the code", async () => {
    const { stdout } = await project.launchpad("models", "show", "m");
    expect(JSON.parse(stdout).code.files).toEqual(
      expect.arrayContaining([
        "../lib/alias.ts",
        "../lib/sub/one.ts",
        "../consts.ts",
        "js.ts",
        "bare.ts",
        "folder/index.ts",
        "../weights.json",
      ]),
    );
  });
});

describe("the name of a model's module", () => {
  const model =
    'import { defineModel } from "mllaunchpad";\nexport default defineModel({ train: () => 1, test: () => ({ x: 1 }), predict: () => 1 });';
  for (const [written, file] of [
    ["app.model", "app/model.ts"],
    ["app/model", "app/model.mjs"],
    ["app", "app/index.ts"],
    ["./app/", "app/index.js"],
    ["house.v2", "house.v2.ts"],
    ["app.models.tree", "app/models/tree/index.ts"],
  ] as const) {
    it(`may be ${written} for ${file}`, async () => {
      const project = await createProject({
        "package.json": '{"type":"module"}',
        [file]: model,
        "launchpad.yml": config(written),
      });
      try {
        const { code, stderr, stdout } = await project.launchpad("train");
        expect(code, stderr).toBe(0);
        expect(JSON.parse(stdout)).toEqual({ x: 1 });
      } finally {
        await project.remove();
      }
    });
  }

  it("of a plugin may have dots as well", async () => {
    const plugin =
      'import { createFrame, defineSource } from "mllaunchpad/plugin";\nexport const s = defineSource({ serves: ["x"], open: () => ({ frame: async () => createFrame({ a: [1] }) }) });';
    const project = await createProject({
      "examples/x.mjs": plugin,
      "m.mjs": model,
      "launchpad.yml": config("m", "plugins: [examples.x]"),
    });
    try {
      expect(await project.launchpad("train")).toMatchObject({ code: 0 });
    } finally {
      await project.remove();
    }
  });

  it("that is right from the working folder is told as it must be written", async () => {
    const project = await createProject({ "app/model.mjs": model, "conf/prod.yml": config("app/model") });
    try {
      const { code, stderr } = await project.launchpad("-c", "conf/prod.yml", "train");
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /names are relative to the configuration file.*Write \.\.\/app\/model\.mjs in .*prod\.yml/,
      );
    } finally {
      await project.remove();
    }
  });
});

describe("an import that leads nowhere", () => {
  const cases = [
    ["no-such-package/sub", {}, "npm install no-such-package ["],
    ["@acme/tree/x", { "pnpm-lock.yaml": "" }, "pnpm add @acme/tree ["],
    ["tree", { "yarn.lock": "" }, "yarn add tree ["],
    ["tree", { "bun.lock": "" }, "bun add tree ["],
    ["@/lib/k", {}, "compilerOptions.paths in tsconfig.json"],
    ["~/lib/k", {}, "compilerOptions.paths in tsconfig.json"],
    ["node:nothing", {}, ""],
    ["./k.js", {}, ""],
  ] as const;
  for (const [specifier, more, advice] of cases) {
    it(`to ${specifier}${Object.keys(more).map((file) => ` beside ${file}`)} gets advice that helps, in train and in build`, async () => {
      const text = (name: string) =>
        `import ${JSON.stringify(name)};\nexport default { train: () => 1, test: () => ({}), predict: () => 1 };`;
      const project = await createProject({ "m.mjs": text(specifier), "launchpad.yml": config("m"), ...more });
      try {
        await mkdir(join(project.folder, "lib"), { recursive: true });
        const { code, stderr } = await project.launchpad("train");
        expect(code).toBe(2);
        expect(stderr).toContain(advice);
        if (advice === "" || advice.startsWith("comp")) expect(stderr).not.toMatch(/npm install|add /);
      } finally {
        await project.remove();
      }
    });
  }
});
