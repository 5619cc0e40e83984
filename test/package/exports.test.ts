import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { version } from "../../src/version.ts";
import tsup from "../../tsup.config.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, root), "utf8"));
const exists = (path: string) => existsSync(fileURLToPath(new URL(path, root)));

const npm: {
  name: string;
  version: string;
  exports: Record<string, string | { types: string; default: string }>;
  bin: Record<string, string>;
} = read("package.json");
const deno: { version: string; exports: Record<string, string>; imports: Record<string, string> } = read("deno.json");

const entries = Object.entries(npm.exports).flatMap(([subpath, target]) =>
  typeof target === "string" ? [] : [{ subpath, ...target }],
);

describe("the package", () => {
  it("offers the core, four runtimes, readers of model files, metrics, and what types are written with", () => {
    expect(entries.map(({ subpath }) => subpath)).toEqual([
      ".",
      "./node",
      "./deno",
      "./bun",
      "./cloudflare",
      "./formats",
      "./metrics",
      "./plugin",
    ]);
  });

  for (const { subpath, types, default: code } of entries) {
    it(`has built what it exports as ${subpath}`, () => {
      expect(exists(types)).toBe(true);
      expect(exists(code)).toBe(true);
    });

    it(`exports the same as ${subpath} to npm, to Deno and from the build`, () => {
      const source = deno.exports[subpath];
      expect(exists(source ?? "")).toBe(true);
      expect(deno.imports[subpath.replace(".", npm.name)]).toBe(source);
      const name = code.replace(/^\.\/dist\/(.*)\.js$/, "$1");
      expect(`./${(tsup as { entry: Record<string, string> }).entry[name]}`).toBe(source);
    });
  }

  it("publishes the JSON Schema of the metadata", () => {
    const built = npm.exports["./meta.schema.json"];
    expect(read(typeof built === "string" ? built : "")).toEqual(read("src/store/runs/meta.schema.json"));
  });

  it("exports nothing to Deno that npm does not have", () => {
    const subpaths = entries.map(({ subpath }) => subpath);
    expect(Object.keys(deno.exports)).toEqual(subpaths);
    expect(Object.keys(deno.imports)).toEqual(subpaths.map((subpath) => subpath.replace(".", npm.name)));
  });

  it("has a command that can be run", () => {
    const file = npm.bin.launchpad ?? "";
    expect(readFileSync(new URL(file, root), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it("has one version", () => {
    expect([deno.version, version]).toEqual([npm.version, npm.version]);
  });
});
