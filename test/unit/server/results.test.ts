import { describe, expect, it } from "vitest";
import { readOpenApi } from "../../../src/api/read/openapi.ts";
import { readRaml } from "../../../src/api/read/raml.ts";
import { type ApiDefinition, createLaunchpad } from "../../../src/index.ts";
import { createLogger } from "../../../src/log.ts";
import { testHost } from "../../support/host.ts";
import { sumModel } from "../../support/project.ts";

const header = 'openapi: 3.0.3\ninfo: { title: t, version: "1" }\npaths:\n  /p:\n    post:\n';
const openApi = (responses: string, example = "") => {
  const parameter = `{ name: x, in: query, required: true, schema: { type: number }${example} }`;
  return readOpenApi(`${header}      parameters: [${parameter}]\n      responses: ${responses}\n`, {
    file: "./api.yaml",
  });
};
const described = (required: string) =>
  `{ "200": { description: ok, content: { application/json: { schema: { type: object, required: [${required}] } } } } }`;

const serve = async (definition: ApiDefinition, api: object = {}) => {
  const lines: string[] = [];
  const log = createLogger((level, name, message) => lines.push(`${level} ${name}: ${message}`));
  const launchpad = createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      model: { name: "m", version: "1.0.0", module: "m" },
      api: { name: "m", ...api },
    },
    model: { ...sumModel, predict: () => ({ y: 1 }) },
    host: { ...testHost(), log },
    api: definition,
  });
  await launchpad.train();
  const trained = lines.splice(0);
  await launchpad.ready();
  const started = lines.splice(0);
  const response = await launchpad.fetch(new Request("http://a.test/m/v1/p?x=1", { method: "POST" }));
  const document = await (await launchpad.fetch(new Request("http://a.test/openapi.json"))).json();
  return { status: response.status, body: await response.json(), document, lines, trained, started };
};
const warnings = (lines: readonly string[]) => lines.filter((line) => line.startsWith("warning launchpad.api")).join();

describe("a result that does not fit the file", () => {
  it("is an error of the file, with its line", async () => {
    const { status, body, lines } = await serve(openApi(described("sum")));
    expect([status, body]).toMatchObject([500, { code: "RESULT_INVALID" }]);
    expect(JSON.stringify(body)).not.toContain("api.yaml");
    expect(lines.join()).toContain("./api.yaml line 7, /p: what predict returned does not fit");
  });

  it("is a warning or nothing, if the configuration says so", async () => {
    const warned = await serve(openApi(described("sum")), { results: "warn" });
    expect([warned.status, warned.body]).toEqual([200, { y: 1 }]);
    expect(warnings(warned.lines)).toContain("./api.yaml line 7");
    const off = await serve(openApi(described("sum")), { results: "off" });
    expect([off.status, warnings(off.lines)]).toEqual([200, ""]);
  });

  it("is a warning for RAML 0.8, as ML Launchpad never looked, and an error for 1.0", async () => {
    const raml = (version: string) => {
      const schema = `${version === "0.8" ? "schema" : "type"}: '{"type": "object", "required": ["sum"]}'`;
      const query = "queryParameters: { x: { type: number } }";
      return readRaml(
        `#%RAML ${version}\n---\ntitle: t\nversion: v1\n/p:\n  post:\n    ${query}\n    responses: { 200: { body: { application/json: { ${schema} } } } }\n`,
        { file: "./api.raml" },
      );
    };
    expect((await serve(raml("0.8"))).status).toBe(200);
    expect((await serve(raml("1.0"))).status).toBe(500);
    expect((await serve(raml("0.8"), { results: "check" })).status).toBe(500);
  });

  it("is said after a training and at the start, where the file has an example", async () => {
    const { trained, started } = await serve(openApi(described("sum"), ", example: 2"));
    for (const lines of [trained, started]) {
      expect(warnings(lines)).toMatch(/the example of \.\/api\.yaml line 7, \/p cannot be answered: .*required/);
    }
    expect(warnings((await serve(openApi(described("sum")))).trained)).toBe("");
    expect(warnings((await serve(openApi(described("y"), ", example: 2"))).started)).toBe("");
  });
});

describe("a described status", () => {
  it("is answered, and stands in the document", async () => {
    const { status, body, document } = await serve(openApi('{ "201": { description: made } }'));
    expect([status, body]).toEqual([201, { y: 1 }]);
    expect(Object.keys(document.paths["/p"].post.responses)).toContain("201");
    expect(Object.keys(document.paths["/p"].post.responses)).not.toContain("200");
  });

  it("gives way to 200, and to a body, with a warning", () => {
    const told: string[] = [];
    const log = createLogger((_, __, message) => told.push(message));
    const read = (responses: string) =>
      readOpenApi(`${header}      responses: ${responses}\n`, { file: "api.yaml", log }).resources[0]?.status;
    expect(read('{ "201": { description: a }, "200": { description: b } }')).toBeUndefined();
    expect(read('{ "204": { description: a } }')).toBeUndefined();
    expect(told.join()).toContain("201 is not answered: Launchpad answers 200");
    expect(told.join()).toContain("204 has no body, and a prediction is one: Launchpad answers 200");
  });
});
