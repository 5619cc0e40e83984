import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openLaunchpad } from "../../runtimes/node.ts";
import { createProject } from "../build/project.ts";

/** What users reported, as they had it. The kinds of which these are examples have tests of their own, beside what they test. */

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const shows = `import { defineModel } from "mllaunchpad";
const shown = (x) => (x instanceof Date ? x.toISOString() : Number.isNaN(x) ? null : x);
export default defineModel({
  async train({ source }) {
    const frame = await source("d").frame();
    const columns = {};
    for (const name of frame.names) columns[name] = [frame.dtypes[name], ...Array.from(frame.column(name), shown)];
    return columns;
  },
  test: (columns) => ({ columns: JSON.stringify(columns) }),
  predict: (_, args) => args,
});
`;

async function trained(files: Readonly<Record<string, string>>) {
  const project = await createProject({ "package.json": '{ "type": "module" }', ...files });
  folders.push(project.folder);
  return { project, result: await project.launchpad("train") };
}

describe("a CSV file that was reported", () => {
  const read = async (text: string, options = "{}") => {
    const configuration = `datasources: { d: { type: csv, path: d.csv, options: ${options} } }
model_store: { location: "memory:" }
model: { name: m, version: "1.0.0", module: model.mjs }
`;
    const { result } = await trained({ "d.csv": text, "launchpad.yml": configuration, "model.mjs": shows });
    return result;
  };
  const columns: readonly (readonly [what: string, text: string, options: string, columns: object])[] = [
    ["numbers in na_values", "a\n1\n-999.00\n3\n", "{ na_values: -999 }", { a: ["float64", 1, null, 3] }],
    ["the code of Namibia", "c\nNA\nUS\n", "{ keep_default_na: false }", { c: ["str", "NA", "US"] }],
    ["None among numbers", "a\n1\nNone\n3\n", "{}", { a: ["float64", 1, null, 3] }],
    [
      "times as COPY of PostgreSQL writes them",
      "t\n2020-01-01 10:00:00+00\n",
      "{ dtype: { t: datetime } }",
      { t: ["datetime", "2020-01-01T10:00:00.000Z"] },
    ],
    ["text after a quotation", 'a,b\n"z"x,2\n"w"y,3\n', "{}", { a: ["str", "zx", "wy"], b: ["int64", 2, 3] }],
    [
      "a separator at the end of each line",
      "A,B,C\n1,4,7,\n2,5,8,\n",
      "{ index_col: false }",
      { A: ["int64", 1, 2], B: ["int64", 4, 5], C: ["int64", 7, 8] },
    ],
  ];
  it.each(columns)("is read: %s", async (_, text, options, expected) => {
    const { code, stdout, stderr } = await read(text, options);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(JSON.parse(stdout).columns)).toEqual(expected);
  });

  it("says which option reads it", async () => {
    const { code, stderr } = await read("A,B,C\n1,4,7,\n");
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringContaining("`index_col: false`")]);
    expect(code).not.toBe(0);
  });
});

describe("an API that was reported", () => {
  const echo = `import { defineModel } from "mllaunchpad";
export default defineModel({ train: () => ({}), test: () => ({}), predict: (_, args) => ({ got: args }) });
`;
  const configurationOf = (file: string) => `model_store: { location: ./store }
model: { name: m, version: "1.0.0", module: echo.mjs }
api: { name: m, ${file.endsWith("raml") ? "raml" : "openapi"}: ${file} }
`;
  const api = async (file: string, files: Readonly<Record<string, string>>) => {
    const { project, result } = await trained({
      ...files,
      "echo.mjs": echo,
      "launchpad.yml": configurationOf(file),
    });
    expect(result.code, result.stderr).toBe(0);
    const launchpad = await openLaunchpad({ config: join(project.folder, "launchpad.yml") });
    const { fetch } = await launchpad.api();
    return async (path: string, body?: object) => {
      const init = body && {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      };
      const response = await fetch(new Request(`http://x${path}`, init));
      return { status: response.status, body: await response.json() };
    };
  };
  const openApi = (paths: string) => `openapi: 3.0.3\ninfo: { title: t, version: "1" }\npaths:\n${paths}`;

  it("takes a separator that is escaped as part of a value", async () => {
    const ask = await api("api.yaml", {
      "api.yaml": openApi(`  /p:
    get:
      parameters: [{ name: b, in: query, explode: false, schema: { type: array, items: { type: string } } }]
      responses: { "200": { description: ok } }
`),
    });
    expect(await ask("/m/v1/p?b=x%2Cy,z")).toEqual({ status: 200, body: { got: { b: ["x,y", "z"] } } });
  });

  it("says what the chosen one of several lacks", async () => {
    const ask = await api("api.yaml", {
      "api.yaml": openApi(`  /p:
    post:
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
      responses: { "200": { description: ok } }
components:
  schemas:
    Cat: { type: object, required: [kind, meow], properties: { kind: { type: string, enum: [cat] }, meow: { type: boolean } } }
    Dog: { type: object, required: [kind, bark], properties: { kind: { type: string, enum: [dog] }, bark: { type: number } } }
    Pet:
      oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }]
      discriminator: { propertyName: kind }
`),
    });
    const { status, body } = await ask("/m/v1/p", { kind: "dog", meow: true });
    expect([status, body.detail]).toEqual([400, expect.stringContaining("bark: required")]);
  });

  it("has a path with a method of its own, and a status of its own", async () => {
    const ask = await api("api.yaml", {
      "api.yaml": openApi(`  /models/{model}:predict:
    post:
      parameters: [{ name: model, in: path, required: true, schema: { type: string } }]
      responses: { "201": { description: made } }
`),
    });
    expect(await ask("/m/v1/models/iris:predict", {})).toEqual({ status: 201, body: { got: { model: "iris" } } });
  });

  it("takes traits from a library", async () => {
    const ask = await api("api.raml", {
      "api.raml": "#%RAML 1.0\ntitle: t\nversion: v1\nuses: { lib: lib.raml }\n/items:\n  get:\n    is: [lib.paged]\n",
      "lib.raml":
        "#%RAML 1.0 Library\ntraits:\n  paged:\n    queryParameters: { page: { type: integer, required: false } }\n",
    });
    expect(await ask("/m/v1/items?page=2")).toEqual({ status: 200, body: { got: { page: 2 } } });
  });

  it("is refused at the start where no request can fit", async () => {
    const { result } = await trained({
      "echo.mjs": echo,
      "launchpad.yml": configurationOf("api.yaml"),
      "api.yaml": openApi(`  /p:
    get:
      parameters: [{ name: v, in: query, schema: { type: string, enum: [1, 2, true] } }]
      responses: { "200": { description: ok } }
`),
    });
    expect(result.code).not.toBe(0);
    expect(result.stderr).toMatch(/enum: found 1, 2, true, expected values of type string/);
  });
});

describe("a module that was reported", () => {
  const config = 'model_store: { location: "memory:" }\nmodel: { name: m, version: "1.0.0", module: model }\n';
  const model = (line: string, value = "k") => `${line}
export const train = () => ({ k: ${value} });
export const test = () => ({ k: ${value} });
export const predict = () => ({ k: ${value} });
`;

  it.each([
    [
      "./k.js means k.ts",
      { "k.ts": "export const k: number = 7;\n", "model.ts": model('import { k } from "./k.js";') },
    ],
    [
      "@/ is a path of tsconfig.json",
      {
        "lib/k.ts": "export const k: number = 7;\n",
        "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }',
        "model.ts": model('import { k } from "@/k";'),
      },
    ],
    ["what it prints is no output", { "model.ts": model('console.log("{ hello"); const k = 7;') }],
  ])("trains: %s", async (_, files) => {
    const { result } = await trained({ ...files, "launchpad.yml": config });
    expect(result.code, result.stderr).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual({ k: 7 });
  });
});
