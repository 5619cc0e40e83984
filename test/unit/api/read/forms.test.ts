import { Validator } from "@seriousme/openapi-schema-validator";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ApiDefinition } from "../../../../src/api/definition.ts";
import { definitionOf } from "../../../../src/api/read/from-model.ts";
import { readOpenApi } from "../../../../src/api/read/openapi.ts";
import { readRaml } from "../../../../src/api/read/raml.ts";
import { isLaunchpadError } from "../../../../src/errors.ts";
import { silentLogger } from "../../../../src/log.ts";
import { createApi } from "../../../../src/server/handler.ts";

const raml08 = `#%RAML 0.8
title: iris
version: v1
traits:
  - measured:
      queryParameters:
        sepal.length: {type: number, required: true, minimum: 0, description: In cm}
/varieties:
  get:
    is: [measured]
    queryParameters:
      petals: {type: number, repeat: true}
      unit: {enum: [cm, inch], default: cm}
      sure: {type: boolean}
    responses:
      200:
        body:
          application/json:
            schema: '{"type": "object", "properties": {"variety": {"type": "string"}}, "required": ["variety"]}'
`;

const raml1 = `#%RAML 1.0
title: iris
version: v1
types:
  Length: {type: number, minimum: 0, displayName: A length}
/varieties:
  get:
    queryParameters:
      sepal.length: Length
      petals?: number[]
      unit?: {enum: [cm, inch], default: cm}
      sure: {type: boolean, required: false}
    responses:
      200:
        body:
          application/json:
            properties: {variety: string}
`;

const parameters = `
        - { name: sepal.length, in: query, required: true, schema: { type: number, minimum: 0 } }
        - { name: petals, in: query, schema: { type: array, items: { type: number } } }
        - { name: unit, in: query, schema: { type: string, enum: [cm, inch], default: cm } }
        - { name: sure, in: query, schema: { type: boolean } }`;
const responses =
  'responses: { "200": { description: It, content: { application/json: { schema: { type: object, properties: { variety: { type: string } }, required: [variety] } } } } }';
const openapi30 = `openapi: 3.0.3
info: { title: iris, version: 1.0.0 }
paths:
  /varieties:
    get:
      parameters:${parameters}
      ${responses}
    post:
      parameters:${parameters}
      ${responses}
`;

const schema = { type: "object", properties: { variety: { type: "string" } }, required: ["variety"] };
const openapi31 = JSON.stringify({
  openapi: "3.1.0",
  info: { title: "iris", version: "1.0.0" },
  paths: {
    "/varieties": {
      parameters: [
        { name: "sepal.length", in: "query", required: true, schema: { type: "number", minimum: 0 } },
        { name: "petals", in: "query", schema: { type: "array", items: { type: "number" } } },
        { name: "unit", in: "query", schema: { type: "string", enum: ["cm", "inch"], default: "cm" } },
        { name: "sure", in: "query", schema: { type: "boolean" } },
      ],
      get: { responses: { 200: { description: "It", content: { "application/json": { schema } } } } },
      post: { responses: { 200: { description: "It", content: { "application/json": { schema } } } } },
    },
  },
});

const input = v.object({
  "sepal.length": v.pipe(v.number(), v.minValue(0), v.description("In cm")),
  petals: v.optional(v.array(v.number())),
  unit: v.optional(v.picklist(["cm", "inch"]), "cm"),
  sure: v.optional(v.boolean()),
});

const forms: Readonly<Record<string, () => ApiDefinition | Promise<ApiDefinition>>> = {
  "RAML 0.8": () => readRaml(raml08, { file: "iris.raml" }),
  "RAML 1.0": () => readRaml(raml1, { file: "iris.raml" }),
  "OpenAPI 3.0": () => readOpenApi(openapi30, { file: "iris.yaml" }),
  "OpenAPI 3.1": () => readOpenApi(openapi31, { file: "iris.json" }),
  "schemas in code": () =>
    definitionOf({
      input,
      output: v.object({ variety: v.string() }),
      title: "iris",
      version: "v1",
      resource: "varieties",
    }),
};

/** Without what is said to people; a trait adds its parameters after those of a method. */
const bare = ({ resources, ...rest }: ApiDefinition) => ({
  ...rest,
  resources: resources.map(({ description: _, result, ...resource }) => ({
    ...resource,
    parameters: resource.parameters
      .map(({ description: __, displayName: ___, ...parameter }) => parameter)
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    result: { schema: result?.schema },
  })),
});

describe("an API that is described in another form", () => {
  it.each(Object.entries(forms))("is the same definition: %s", async (_, create) => {
    const { source: _source, ...definition } = await create();
    expect(bare(definition)).toEqual({
      title: "iris",
      version: "v1",
      resources: [
        {
          path: "/varieties",
          methods: ["GET", "POST"],
          additional: false,
          parameters: [
            { name: "petals", in: "query", required: false, schema: { type: "array", items: { type: "number" } } },
            { name: "sepal.length", in: "query", required: true, schema: { type: "number", minimum: 0 } },
            { name: "sure", in: "query", required: false, schema: { type: "boolean" } },
            {
              name: "unit",
              in: "query",
              required: false,
              schema: { type: "string", enum: ["cm", "inch"], default: "cm" },
            },
          ],
          result: { schema },
        },
      ],
    });
  });

  it.each(Object.entries(forms))("answers the same: %s", async (_, create) => {
    const api = createApi({
      definition: await create(),
      basePath: "/iris/v1",
      predict: async (args) => ({ variety: JSON.stringify(Object.entries(args).sort()) }),
      ready: async () => {},
      log: silentLogger,
    });
    const ask = async (query: string, init: RequestInit = {}) => {
      const response = await api.fetch(new Request(`http://launchpad.test/iris/v1/varieties${query}`, init));
      const body = (await response.json()) as { variety?: string; errors?: { name: string }[] };
      return [response.status, body.variety ?? body.errors?.map(({ name }) => name).sort()];
    };
    const post = (body: object) => ({
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    expect(await ask("?sepal.length=1.5&petals=1&petals=2&sure=true")).toEqual([
      200,
      '[["petals",[1,2]],["sepal.length",1.5],["sure",true],["unit","cm"]]',
    ]);
    expect(await ask("", post({ "sepal.length": 2, unit: "inch" }))).toEqual([
      200,
      '[["sepal.length",2],["unit","inch"]]',
    ]);
    expect(await ask("?sepal.length=-1&unit=m&sure=maybe&other=1")).toEqual([
      400,
      ["other", "sepal.length", "sure", "unit"],
    ]);
    expect(await ask("", post({}))).toEqual([400, ["sepal.length"]]);
  });
});

describe("the OpenAPI files of these tests", () => {
  it.each([["3.0", openapi30] as const, ["3.1", openapi31] as const])(
    "are valid, says another validator: %s",
    async (_, text) => {
      const result = await new Validator().validate(parse(text));
      expect(result).toMatchObject({ valid: true });
    },
  );
});

describe("a reader of any text", () => {
  const readers = {
    RAML: (text: string) =>
      readRaml(text, { file: "any.raml", version: "v1", url: new URL("file:///any.raml"), included: new Map() }),
    OpenAPI: (text: string) => readOpenApi(text, { file: "any.yaml", version: "v1", basePath: "/any/v1" }),
  };
  const serve = (definition: ApiDefinition) =>
    createApi({ definition, basePath: "/any/v1", predict: async () => ({}), ready: async () => {}, log: silentLogger });
  const survives = (text: string) => {
    for (const read of Object.values(readers)) {
      let definition: ApiDefinition;
      try {
        definition = read(text);
      } catch (error) {
        if (!isLaunchpadError(error) || error.code !== "API_INVALID") throw error;
        for (const line of error.message.split("\n")) expect(line).toMatch(/^any\.(raml|yaml) line \d+: /);
        continue;
      }
      try {
        serve(definition);
      } catch (error) {
        if (!isLaunchpadError(error) || error.code !== "API_INVALID") throw error;
      }
    }
  };

  it("throws nothing but API_INVALID, with a line for each problem", () => {
    const beginnings = ["", "#%RAML 0.8\n", "#%RAML 1.0\n", "openapi: 3.1.0\n", "openapi: 3.0.0\n"];
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), fc.string({ unit: "binary", maxLength: 200 }), (first, rest) =>
        survives(first + rest),
      ),
      { numRuns: 500 },
    );
  }, 60_000);

  it("throws nothing else for a file in which something is amiss", () => {
    const files = [raml08, raml1, openapi30, JSON.stringify(JSON.parse(openapi31), null, 2)];
    const words = raml08.concat(raml1, openapi30).match(/[\w./$#-]+|[[\]{}:,|&*!<>-]/g) ?? [];
    const pieces = fc.oneof(
      fc.constantFrom(
        ...words,
        "$ref: '#/paths'",
        "&a",
        "*a",
        "!include x",
        "type: [a, b]",
        "~",
        "<<x>>",
        "A | B[]",
        "null",
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    );
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(20), by: pieces });
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 4 }), (file, changes) => {
        let text = file;
        for (const { at, length, by } of changes) {
          const start = Math.floor(at * text.length);
          text = text.slice(0, start) + by + text.slice(start + length);
        }
        survives(text);
      }),
      { numRuns: 700 },
    );
  }, 60_000);

  it("throws nothing else for data of any shape", () => {
    const keys = [
      ...[
        "openapi",
        "info",
        "paths",
        "/a",
        "get",
        "post",
        "parameters",
        "schema",
        "requestBody",
        "content",
        "responses",
      ],
      ...[
        "application/json",
        "properties",
        "items",
        "type",
        "$ref",
        "allOf",
        "200",
        "name",
        "in",
        "required",
        "examples",
      ],
    ];
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom<unknown>(null, true, 1, "#/paths/~1a", "#", "query", "object", "string", ""),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie("any"), { maxKeys: 5 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, value, (paths, more) => {
        const api = { openapi: "3.1.0", info: { title: "a", version: "1" }, paths: { "/a": paths }, components: more };
        survives(JSON.stringify(api));
        survives(`#%RAML 1.0\n${JSON.stringify({ title: "a", version: "v1", "/a": paths, types: more })}`);
        survives(
          `#%RAML 0.8\n${JSON.stringify({ title: "a", version: "v1", "/a": paths, schemas: more, traits: more })}`,
        );
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});
