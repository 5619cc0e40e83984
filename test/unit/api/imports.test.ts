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

describe("an API whose definition does not come from RAML", () => {
  it("does not carry a YAML parser: only the RAML reader imports one, and nothing imports the reader", () => {
    expect(importing(/^yaml$/)).toEqual(["raml/document.ts"]);
    expect(importing(/raml/).filter((file) => file !== "raml.ts")).toEqual([]);
  });

  it("knows Hono in one file", () => {
    expect(importing(/^hono/)).toEqual(["api.ts"]);
  });
});
