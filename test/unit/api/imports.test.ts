import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../../../src/", import.meta.url);
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
    expect(importing(/^yaml$/).sort()).toEqual([
      "api/read/file/document.ts",
      "api/write/generate/text.ts",
      "source/yaml-tree.ts",
      "source/yaml.ts",
    ]);
    const ofApi = (files: readonly string[]) => files.filter((file) => /^(api|server|schema)\//.test(file));
    expect(ofApi(importing(/\/generate(\.ts$|\/)/)).filter((file) => !file.startsWith("api/write/generate"))).toEqual(
      [],
    );
    const readers = /^api\/read\/(raml|openapi|file)(\.ts$|\/)/;
    const reading = importing(/\/read\/(raml|openapi|file)(\.ts$|\/)/);
    expect(ofApi(reading).filter((file) => !readers.test(file) && !file.startsWith("api/write/"))).toEqual([]);
  });

  it("knows Hono in two files", () => {
    expect(importing(/^hono/).sort()).toEqual([
      "server/middleware/compression.ts",
      "server/middleware/static-files.ts",
    ]);
  });
});
