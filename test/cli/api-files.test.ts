import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createHost } from "../../runtimes/node.ts";
import { openProject } from "../../runtimes/project/open-project.ts";
import { createLogger } from "../../src/index.ts";

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Opens a project that is described by files, whose model echoes its arguments. */
async function open(api: string, files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-api-"));
  folders.push(folder);
  const all = {
    "launchpad.yml": `model_store: {location: "memory:"}\nmodel: {name: m, version: "2.1.0", module: ./m.mjs}\napi: {name: things, ${api}}\n`,
    "m.mjs":
      "export const train = () => ({});\nexport const test = () => ({});\nexport const predict = (_, args) => args;\n",
    ...files,
  };
  for (const [name, content] of Object.entries(all)) await writeFile(join(folder, name), content);
  const warnings: string[] = [];
  const log = createLogger((level, _, message) => level === "warning" && warnings.push(message));
  const launchpad = await openProject({ ...createHost(), log }, { config: join(folder, "launchpad.yml") });
  return {
    launchpad,
    warnings,
    async ask(path: string) {
      await launchpad.train();
      const response = await launchpad.fetch(new Request(`http://launchpad.test${path}`));
      return [response.status, response.ok ? await response.json() : undefined];
    },
    /** Why it cannot be served; paths are those of the folder. */
    async refusal() {
      try {
        await launchpad.api();
        return "";
      } catch (error) {
        expect(error).toMatchObject({ code: "API_INVALID" });
        return (error as Error).message.replaceAll(`${folder}/`, "");
      }
    },
  };
}

describe("api.raml", () => {
  it("is read with what it includes", async () => {
    const { ask } = await open("raml: api.raml", {
      "api.raml":
        "#%RAML 1.0\ntitle: T\nversion: v2\ntypes: !include types.raml\n/a:\n  get:\n    queryParameters: {n: Size}\n",
      "types.raml": "Size: {type: integer, minimum: 1}\n",
    });
    expect(await ask("/things/v2/a?n=3")).toEqual([200, { n: 3 }]);
    expect(await ask("/things/v2/a?n=0")).toEqual([400, undefined]);
  });

  it("has the version of the model", async () => {
    const { refusal } = await open("raml: api.raml", {
      "api.raml": "#%RAML 0.8\ntitle: T\nversion: v1\n/a:\n  get:\n",
    });
    expect(await refusal()).toBe(
      "api.raml line 3: version: found v1, and the model's version in the configuration makes it v2: make them agree",
    );
  });

  it("must be there, with what it includes", async () => {
    expect(await (await open("raml: api.raml", {})).refusal()).toMatch(/^api\.raml: .*api\.raml/);
    const { refusal } = await open("raml: api.raml", {
      "api.raml": "#%RAML 0.8\ntitle: T\nversion: v2\n/a: !include a.raml\n/b: !include b.txt\n",
      "b.txt": new Uint8Array([0xff, 0xfe]),
    });
    expect((await refusal()).split("\n")).toEqual([
      expect.stringMatching(/^api\.raml line 4: !include a\.raml: found no file that can be read, expected one: /),
      "api.raml line 5: !include b.txt: found bytes that are not UTF-8, expected text in UTF-8",
    ]);
  });
});

describe("api.openapi", () => {
  const api = (server: string) =>
    `openapi: 3.1.0\ninfo: {title: T, version: 2.0.0}\nservers: [{url: "${server}"}]\npaths:\n  /a:\n    get:\n      parameters: [{name: n, in: query, schema: {type: integer}}]\n`;

  it("is read", async () => {
    const { ask, warnings } = await open("openapi: api.yaml", { "api.yaml": api("https://example.com/things/v2/") });
    expect(await ask("/things/v2/a?n=3")).toEqual([200, { n: 3 }]);
    expect(warnings.filter((warning) => warning.includes("api.yaml"))).toEqual([]);
  });

  it("gets a warning for a server with another path", async () => {
    const { launchpad, warnings } = await open("openapi: api.yaml", { "api.yaml": api("https://example.com/v2") });
    await launchpad.api();
    expect(warnings.join()).toContain(
      "api.yaml line 3: servers: https://example.com/v2 is ignored: Launchpad serves the paths below /things/v2, as the configuration says",
    );
  });

  it("has the major version of the model", async () => {
    const { refusal } = await open("openapi: api.yaml", { "api.yaml": api("/").replace("2.0.0", "1.9.0") });
    expect(await refusal()).toBe(
      "api.yaml line 2: info: version: found 1.9.0, whose major version is 1, and the model's version in the configuration makes it v2: make them agree",
    );
  });
});
