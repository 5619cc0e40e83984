import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openProject } from "../../runtimes/project/open-project.ts";
import { testHost } from "../support/host.ts";

let folder: string;
const opened: string[] = [];

/** A type whose models are texts, opened by a plugin of the project: every hook says that it was called. */
const plugin = `
const brand = Symbol.for("launchpad.model-type");
const log = (globalThis.openModelTest ??= []);
const type = {
  name: "words", title: "Words", extensions: [".words"], isCode: true,
  open: ({ where, host, config }) => ({
    model: {
      train: () => new Uint8Array([config.model.trained ?? 1]),
      test: () => ({ accuracy: 1 }),
      predict: (model) => ({ model: model[0], where: where.split("/").at(-1) }),
      codec: { encode: (it) => it, decode: (it) => it },
      hooks: {
        async ready(contents) { log.push("ready " + contents[0]); if (contents[0] === 9) throw new Error("nine"); },
        release(contents) { log.push("release " + contents[0]); },
      },
    },
    describe: async () => ({ packages: { words: "1.0.0" }, code: {}, language: { name: "words", version: "7" } }),
    close: async () => { log.push("close"); },
  }),
};
export const words = Object.defineProperty(type, brand, { value: true });
`;

const script = 'export const train = () => 1; export const test = () => ({}); export const predict = () => "script";';

const calls = (): string[] => {
  const all = (globalThis as { openModelTest?: string[] }).openModelTest ?? [];
  return all.splice(0);
};

async function project(files: Record<string, string>, model: string) {
  const root = await mkdtemp(join(folder, "project-"));
  opened.push(root);
  for (const [name, text] of Object.entries({ "plugin.mjs": plugin, ...files })) {
    await mkdir(join(root, name, ".."), { recursive: true });
    await writeFile(join(root, name), text);
  }
  await writeFile(
    join(root, "launchpad.yml"),
    `plugins: [./plugin.mjs]\nmodel_store: { location: "memory:" }\nmodel: { name: m, version: 1.0.0, ${model} }\n`,
  );
  const modules: string[] = [];
  const open = () =>
    openProject(
      testHost({ cwd: root }),
      { config: pathToFileURL(join(root, "launchpad.yml")) },
      {
        onModule: (url) => modules.push(url.pathname.split("/").at(-1) ?? ""),
      },
    );
  return { open, modules };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "open-model-"));
});
beforeEach(() => void calls());
afterAll(() => rm(folder, { recursive: true }));

describe("the type of a model", () => {
  it("is found by the ending of the file that model.module names, with or without it", async () => {
    for (const module of ["tree", "tree.words", "./tree"]) {
      const { open, modules } = await project({ "tree.words": "" }, `module: ${module}`);
      const launchpad = await open();
      await launchpad.train();
      expect(await launchpad.predict({})).toEqual({ model: 1, where: "tree.words" });
      expect(modules).toEqual(["tree.words", "plugin.mjs"]);
      await launchpad.close();
    }
  });

  it("is a script's where there is none of another type, also in folders that dots part", async () => {
    for (const module of ["app.model", "app/model"]) {
      const { open } = await project({ "app/model.mjs": script }, `module: ${module}`);
      const launchpad = await open();
      await launchpad.train();
      expect(await launchpad.predict({})).toBe("script");
    }
  });

  it("must not be open to question", async () => {
    const { open } = await project({ "tree.words": "", "tree.mjs": script }, "module: tree");
    await expect(open()).rejects.toThrow(
      /expected one file for "tree", found .*tree\.mjs and .*tree\.words\. Remove one/,
    );
    const named = await project({ "tree.words": "", "tree.mjs": script }, "module: tree.words");
    await expect(named.open()).resolves.toBeDefined();
    const other = await project({ "tree.words": "", "tree.mjs": script }, "module: tree.mjs");
    await expect(other.open()).resolves.toBeDefined();
  });

  it("can be named, and is then the only one", async () => {
    const { open } = await project({ "tree.words": "", "tree.mjs": script }, "module: tree, type: words");
    await expect(open()).resolves.toBeDefined();
    const unknown = await project({ "tree.words": "" }, "module: tree, type: wards");
    await expect(unknown.open()).rejects.toThrow(
      /launchpad.yml line 3: model.type: expected one of words.*found "wards"/,
    );
  });

  it("says which files it looked for", async () => {
    const { open } = await project({}, "module: tree");
    await expect(open()).rejects.toThrow(/there is no tree\.ts, tree\.mts, tree\.js, tree\.mjs, tree\.words/);
  });
});

describe("the hooks of a model", () => {
  it("are called when contents begin to serve, when others take their place, and at the end", async () => {
    const { open } = await project({ "tree.words": "" }, "module: tree");
    const launchpad = await open();
    const { meta } = await launchpad.train();
    expect(meta?.system).toMatchObject({ language: "words", language_version: "7", packages: { words: "1.0.0" } });
    expect(calls()).toEqual([]);
    await launchpad.train();
    expect(calls()).toEqual(["ready 1", "release 1"]);
    await launchpad.close();
    expect(calls()).toEqual(["release 1", "close"]);
  });

  it("keep contents from serving that cannot be made ready, and the store as it is", async () => {
    const { open } = await project({ "tree.words": "" }, "module: tree, trained: 9");
    const launchpad = await open();
    await launchpad.train({ test: false });
    const { promoted } = await launchpad.train({ test: false });
    expect({ promoted, calls: calls() }).toEqual({ promoted: true, calls: ["ready 9"] });
    calls();
    await launchpad.close();
  });
});
