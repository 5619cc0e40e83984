import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Rooms that import only from rooms further up, or of the same row. */
const rows: readonly (readonly string[])[] = [
  ["src/errors.ts", "src/version.ts", "src/util", "src/log.ts"],
  ["src/host.ts", "src/schema", "src/source"],
  ["src/config"],
  ["src/data", "src/store"],
  ["src/model", "src/monitoring"],
  ["src/lifecycle", "src/api"],
  ["src/card"],
  ["src/server"],
  ["src/batch"],
  ["src/service.ts"],
  ["src/launchpad.ts", "src/packaged.ts", "src/combine.ts"],
  ["src/index.ts", "src/plugin.ts", "src/formats.ts", "src/metrics.ts"],
  ["src/internal.ts"],
  ["runtimes"],
  ["examples", "test"],
];

/** Within a row, what must not know what. */
const strangers: readonly (readonly [string, string])[] = [
  ["src/data", "src/store"],
  ["src/store", "src/data"],
  ["src/lifecycle", "src/api"],
  ["src/monitoring", "src/model"],
  ["src/monitoring", "src/store"],
  ["src/model", "src/monitoring"],
];

/** What each room may name that no other may. */
const owners: readonly (readonly [RegExp, string])[] = [
  [/from "hono/, "src/server/router.ts src/server/middleware/ examples/embedding/"],
  [/from "@remix-run\/multipart-parser"/, "src/server/body/form.ts"],
  [/from "papaparse"/, "runtimes/init/"],
  [/"(@libsql\/client|postgres|mysql2|tedious|oracledb)"/, "src/data/sql/ runtimes/build/"],
  [/from "yaml"/, "src/source/ src/config/ src/api/read/file/ src/api/write/generate/ runtimes/cli/"],
  [/from "unstorage/, "src/store/ src/host.ts runtimes/"],
];

const files = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"));

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|(?<![:"'`])\/\/.*$/gm, "");

const source = (file: string) => withoutComments(readFileSync(join(root, file), "utf8"));

const imports = (file: string): string[] =>
  [...source(file).matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)]
    .map(([, specifier = ""]) => specifier)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) =>
      relative(root, join(root, file, "..", specifier))
        .split(sep)
        .join("/"),
    );

const rowOf = (file: string) =>
  rows.findIndex((row) => row.some((room) => file === room || file.startsWith(`${room}/`)));

const core = files("src");
const all = [...core, ...files("runtimes"), ...files("examples")];

describe("the architecture", () => {
  it("sees the files", () => {
    expect(core).toContain("src/launchpad.ts");
    expect(imports("src/launchpad.ts")).toContain("src/data/access/create-data.ts");
    expect(all.filter((file) => rowOf(file) < 0)).toEqual([]);
  });

  it("has no arrow that points back", () => {
    const back = all.flatMap((file) =>
      imports(file)
        .filter(
          (target) =>
            rowOf(target) > rowOf(file) ||
            strangers.some(([from, to]) => file.startsWith(`${from}/`) && target.startsWith(`${to}/`)),
        )
        .map((target) => `${file} -> ${target}`),
    );
    expect(back).toEqual([]);
  });

  it("has no circle of files", () => {
    const graph = new Map(all.map((file) => [file, imports(file)]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      const start = path.indexOf(file);
      if (start >= 0) circles.push([...path.slice(start), file].join(" -> "));
      if (start >= 0 || done.has(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of all) visit(file, []);
    expect(circles).toEqual([]);
  });

  it("has no file over 250 lines, and no room with more than 20 files at its root", () => {
    const long = all.filter((file) => readFileSync(join(root, file), "utf8").split("\n").length > 251);
    const rooms = new Map<string, number>();
    for (const file of all) {
      const room = file.slice(0, file.lastIndexOf("/"));
      rooms.set(room, (rooms.get(room) ?? 0) + 1);
    }
    const full = [...rooms].filter(([, count]) => count > 20).map(([room, count]) => `${room}: ${count}`);
    expect({ long, full }).toEqual({ long: [], full: [] });
  });

  it("lets runtimes and examples know the core only by its public surface", () => {
    const around = all
      .filter((file) => !file.startsWith("src/"))
      .flatMap((file) =>
        imports(file)
          .filter((target) => target.startsWith("src/") && !/^src\/(index|internal)\.ts$/.test(target))
          .map((target) => `${file} -> ${target}`),
      );
    expect(around).toEqual([]);
  });

  it("publishes every entry point but the internal one", () => {
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const entries = core.filter((file) => /^src\/(index|plugin|formats|metrics|internal)\.ts$/.test(file));
    const names = entries.map((file) => file.replace(/^src\/(.*)\.ts$/, "./$1").replace("./index", "."));
    expect(names.filter((name) => !(name in exports))).toEqual(["./internal"]);
  });

  it("is described: CONTRIBUTING.md names every room, and files that are there", () => {
    const text = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
    const tree = /```\n(src\/[\s\S]*?)```/.exec(text)?.[1] ?? "";
    const rooms = new Set(
      all.filter((file) => /^(src|runtimes)\/.*\//.test(file)).map((file) => file.split("/")[1] ?? ""),
    );
    expect([...rooms].filter((room) => !new RegExp(`\\b${room}/`).test(tree))).toEqual([]);
    const named = Array.from(text.matchAll(/`((?:src|runtimes)\/[\w./-]+)`/g), ([, path = ""]) => path);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !/[A-Z]{4}/.test(path) && !existsSync(join(root, path)))).toEqual([]);
  });

  const forbidden: readonly (readonly [string, RegExp])[] = [
    ["a node: module", /(?:from|import)\s*\(?\s*["']node:/],
    ["process", /\bprocess\s*[.[]/],
    ["Deno", /\bDeno\b/],
    ["Bun", /\bBun\b/],
    ["Buffer", /\bBuffer\b/],
    ["eval", /\beval\s*\(/],
    ["new Function", /\bnew\s+Function\b/],
    ["a clock", /\bDate\.now\(|\bnew Date\(\)|\bperformance\./],
  ];
  for (const [what, pattern] of forbidden) {
    it(`does not use ${what} in the core`, () => {
      // What a message says is text, not use.
      const code = (file: string) =>
        source(file).replace(/`[^`]*`|"[^"\n]*"/g, (text) => (text.startsWith('"node:') ? text : '""'));
      expect(core.filter((file) => pattern.test(code(file)))).toEqual([]);
    });
  }

  for (const [pattern, rooms] of owners) {
    it(`keeps ${pattern.source.replaceAll("\\", "")} in ${rooms}`, () => {
      const strays = all.filter(
        (file) => pattern.test(source(file)) && !rooms.split(" ").some((room) => file.startsWith(room)),
      );
      expect(strays).toEqual([]);
    });
  }
});
