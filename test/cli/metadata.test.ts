import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modelOrigin } from "../../runtimes/modules/provenance.ts";
import { publishedCli, run, runtimes } from "../runtimes/runtime.ts";

const fixture = fileURLToPath(new URL("project", import.meta.url));
const bin = fileURLToPath(new URL("../../node_modules/.bin/", import.meta.url));

/** Whatever is installed here comes from a folder. */
const offline = { npm_config_registry: "http://127.0.0.1:9/", BUN_CONFIG_REGISTRY: "http://127.0.0.1:9/" };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-meta-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes files below the folder; those above them come into being. */
async function write(files: Readonly<Record<string, string | object>>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, file);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  }
}

async function succeeds(...command: readonly string[]): Promise<string> {
  const result = await run(command, { cwd: folder, env: offline });
  expect(result, result.stderr).toMatchObject({ code: 0 });
  return result.stdout.trim();
}

const git = (...args: readonly string[]) =>
  succeeds("git", "-c", "user.name=Test", "-c", "user.email=test@example.org", ...args);

const origin = (module = "model.ts") => modelOrigin(pathToFileURL(join(folder, module)));
const codeOf = async (module?: string) => (await origin(module)).code;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("the metadata of a training", () => {
  it("says the same of data, code, packages and git on every runtime", async () => {
    await cp(fixture, folder, { recursive: true });
    const model = await readFile(join(folder, "mean_model.ts"), "utf8");
    const config = await readFile(join(folder, "launchpad.yml"), "utf8");
    // Only a part of a file: the digest is over its values.
    const first = "  first: { type: csv, path: data.csv, options: { nrows: 2 } }\n";
    await write({
      "mean_model.ts": `import { helper } from "./lib/helper.ts";\n${model.replace("// train", "await helper(source);")}`,
      "launchpad.yml": config.replace("datasources:", `datasources:\n${first}`),
      "lib/helper.ts": 'export const helper = (source: any) => source("first").frame();\n',
      "dep/package.json": { name: "dep", version: "1.2.3" },
      "package.json": { name: "project", type: "module", dependencies: { dep: "file:./dep" } },
      ".gitignore": "node_modules\n",
    });
    await succeeds("npm", "install", "--offline", "--install-links", "--no-audit", "--no-fund");
    await git("init", "--quiet");
    await git("add", ".");
    await git("commit", "--quiet", "-m", "all");
    const expected = {
      data: [
        { name: "first", read_by: ["train"], rows: 2, sha256: expect.any(String), sha256_of: "values", complete: true },
        {
          name: "numbers",
          read_by: ["train"],
          params: {},
          rows: 3,
          columns: ["x"],
          sha256: sha256(await readFile(join(folder, "data.csv"), "utf8")),
          sha256_of: "bytes",
          complete: true,
        },
      ],
      code: {
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        files: ["lib/helper.ts", "mean_model.ts"],
        git: { commit: await git("rev-parse", "HEAD"), dirty: false },
      },
      system: { packages: { dep: "1.2.3" } },
      training_seconds: expect.any(Number),
      testing_seconds: expect.any(Number),
    };

    const digests = new Set<string>();
    for (const [name, command] of Object.entries(runtimes)) {
      const trained = await run([...command, publishedCli, "train"], { cwd: folder });
      expect(trained, `${name}: ${trained.stderr}`).toMatchObject({ code: 0 });
      const runs = (await readdir(join(folder, "model_store/means/0.1.0"), { recursive: true })).sort();
      const newest = runs.filter((file) => file.endsWith("meta.json")).at(-1) ?? "";
      const meta = JSON.parse(await readFile(join(folder, "model_store/means/0.1.0", newest), "utf8"));
      expect(meta, name).toMatchObject(expected);
      digests.add(JSON.stringify([meta.code.sha256, meta.data]));
    }
    expect(digests.size).toBe(1);
  });
});

describe("the code of a model", () => {
  it("is its module and all local imports, static and dynamic, not packages and not other files", async () => {
    await write({
      "model.ts":
        'import "./a.ts";\nimport type { T } from "./types.ts";\nimport x from "some-package";\nexport { b } from "./missing/b.js";\n' +
        'import "mllaunchpad";\nexport const later = () => import("./later.mts");\nimport rules from "./rules.json" with { type: "json" };',
      "a.ts": "import fs from 'node:fs'; import './model.ts'; // a circle\n",
      "later.mts": 'export * from "./deep/er.ts";',
      "deep/er.ts": "export enum E { A }",
      "types.ts": "export type T = 1;",
      "rules.json": "{}",
      "unrelated.ts": "",
      "tsconfig.json": { compilerOptions: { paths: { mllaunchpad: ["./unrelated.ts"] } } },
    });
    const { files, sha256: digest } = await codeOf();
    expect(files).toEqual(["a.ts", "deep/er.ts", "later.mts", "model.ts", "rules.json"]);

    await write({ "unrelated.ts": "changed" });
    expect((await codeOf()).sha256).toBe(digest);
    await write({ "deep/er.ts": "export enum E { A, B }" });
    expect((await codeOf()).sha256).not.toBe(digest);
  });

  it("has the digest that the published schema describes", async () => {
    await write({ "models/model.ts": 'import "../b.ts";', "b.ts": "b" });
    const pairs = [
      ["../b.ts", sha256("b")],
      ["model.ts", sha256('import "../b.ts";')],
    ];
    expect(await codeOf("models/model.ts")).toEqual({
      files: ["../b.ts", "model.ts"],
      sha256: sha256(JSON.stringify(pairs)),
    });
  });

  it("includes files that are not code, and leaves out what is not there", async () => {
    await write({
      "model.ts": 'import "./weights.bin"; import "./style.css"; try { await import("./missing.ts"); } catch {}',
      "weights.bin": "1",
      "style.css": "@import './nowhere.css'",
    });
    expect((await codeOf()).files).toEqual(["model.ts", "style.css", "weights.bin"]);
  });

  it("has no digest when a file cannot be understood, rather than one of a part", async () => {
    await write({ "model.ts": 'import "./broken.ts";', "broken.ts": "this is not a program" });
    expect(await codeOf()).toEqual({});
  });
});

describe("the state of git", () => {
  beforeEach(async () => {
    await write({ "model.ts": 'import "./a.ts";', "a.ts": "1", "notes.txt": "1" });
    await git("init", "--quiet");
  });

  const commitAll = async () => {
    await git("add", ".");
    await git("commit", "--quiet", "-m", "all");
  };
  const dirty = async () => (await codeOf()).git?.dirty;

  it("is unknown before the first commit", async () => {
    expect((await codeOf()).git).toBeUndefined();
  });

  it("is dirty when a tracked file or the model's code is not what was committed", async () => {
    await commitAll();
    await write({ "model_store/run/meta.json": "{}" });
    expect((await codeOf()).git).toEqual({ commit: await git("rev-parse", "HEAD"), dirty: false });
    await write({ "notes.txt": "2" });
    expect(await dirty()).toBe(true);
    await commitAll();
    await write({ "a.ts": 'import "./untracked.ts";' });
    await git("commit", "--quiet", "-am", "more");
    expect(await dirty()).toBe(false);
    await write({ "untracked.ts": "" });
    expect(await dirty()).toBe(true);
  });

  it("is that of the model's folder, also within a hook of another repository", async () => {
    await commitAll();
    const before = process.env.GIT_DIR;
    process.env.GIT_DIR = join(folder, "nowhere");
    try {
      expect(await dirty()).toBe(false);
    } finally {
      if (before === undefined) delete process.env.GIT_DIR;
      else process.env.GIT_DIR = before;
    }
  });

  it("is left out without git", async () => {
    await commitAll();
    const before = process.env.PATH;
    process.env.PATH = folder;
    try {
      const code = await codeOf();
      expect(code.git).toBeUndefined();
      expect(code.files).toEqual(["a.ts", "model.ts"]);
    } finally {
      process.env.PATH = before;
    }
  });
});

describe("the packages of a model", () => {
  const packages = async (module?: string) => (await origin(module)).packages;

  it("are what npm has installed, above the module, too", async () => {
    await write({
      "node_modules/.package-lock.json": {
        packages: {
          "node_modules/b": { version: "2.0.0" },
          "node_modules/@scope/a": { version: "1.0.0" },
          "node_modules/b/node_modules/c": { version: "2.0.0" },
          "node_modules/c": { version: "1.0.0" },
          "node_modules/linked": { resolved: "workspaces/linked", link: true },
          "workspaces/linked": { version: "0.1.0" },
          "node_modules/without": {},
        },
      },
      "workspaces/linked/model.ts": "",
    });
    const all = { "@scope/a": "1.0.0", b: "2.0.0", c: "1.0.0, 2.0.0", linked: "0.1.0" };
    expect(await packages("workspaces/linked/model.ts")).toEqual(all);
  });

  it("are found from package to package where npm has installed nothing", async () => {
    await write({
      "dep/package.json": { name: "dep", version: "1.2.3", dependencies: { deeper: "file:../deeper" } },
      "deeper/package.json": { name: "deeper", version: "3.0.0" },
      "package.json": { name: "project", dependencies: { dep: "file:./dep", deeper: "file:./deeper" } },
      "model.ts": "",
    });
    await succeeds(join(bin, "bun"), "install");
    expect(await readdir(join(folder, "node_modules"))).not.toContain(".package-lock.json");
    expect(await packages()).toEqual({ deeper: "3.0.0", dep: "1.2.3" });
  });

  it("are found through the links of pnpm, each version once, in a circle, too", async () => {
    const store = "node_modules/.pnpm";
    await write({
      [`${store}/a@1.0.0/node_modules/a/package.json`]: { version: "1.0.0", dependencies: { b: "1" } },
      [`${store}/a@1.0.0/node_modules/b/package.json`]: { version: "1.0.0", dependencies: { a: "1" } },
      "package.json": { devDependencies: { a: "1" } },
      "model.ts": "",
    });
    const { symlink } = await import("node:fs/promises");
    await symlink(join(folder, store, "a@1.0.0/node_modules/a"), join(folder, "node_modules/a"));
    expect(await packages()).toEqual({ a: "1.0.0", b: "1.0.0" });
  });

  it("are none without a project, or with files that are not what they should be", async () => {
    await write({ "model.ts": "", "package.json": "not JSON" });
    expect(await packages()).toEqual({});
    await write({ "package.json": { dependencies: ["a"], devDependencies: { missing: "1" } } });
    expect(await packages()).toEqual({});
  });
});
