import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../../../src/api/", import.meta.url);
const imports = readdirSync(root, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({
    file,
    from: [...readFileSync(new URL(file, root), "utf8").matchAll(/from "(.+?)"/g)].map(([, name]) => name),
  }));
const importing = (what: RegExp) =>
  imports.filter(({ from }) => from.some((name) => what.test(name ?? ""))).map(({ file }) => file);

describe("an API whose definition does not come from a file", () => {
  it("does not carry a YAML parser: only the readers of files import one, and nothing imports the readers", () => {
    expect(importing(/^yaml$/).sort()).toEqual(["file/document.ts", "generate/text.ts"]);
    expect(importing(/\/generate(\.ts$|\/)/).filter((file) => !file.startsWith("generate"))).toEqual([]);
    const readers = /^(raml|openapi|file)(\.ts$|\/)/;
    expect(importing(/\/(raml|openapi|file|document)(\.ts$|\/)/).filter((file) => !readers.test(file))).toEqual([]);
  });

  it("knows Hono in three files", () => {
    expect(importing(/^hono/)).toEqual(["compression.ts", "router.ts", "static.ts"]);
  });
});
