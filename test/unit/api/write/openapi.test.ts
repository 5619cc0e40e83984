import { readFile } from "node:fs/promises";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ApiDefinition,
  type Method,
  openDefinition,
  type Parameter,
  type Resource,
} from "../../../../src/api/definition.ts";
import { readOpenApi } from "../../../../src/api/read/openapi.ts";
import { readRaml } from "../../../../src/api/read/raml.ts";
import { createOpenApiDocument } from "../../../../src/api/write/openapi.ts";
import { anyDefinition, pointer } from "../../../support/definitions.ts";

const documentOf = (definition: ApiDefinition) => createOpenApiDocument(definition, { server: "./test/v1" });

const validator = new Validator();

/** Whether the document is one, in the eyes of somebody else. */
async function faultsOf(document: object): Promise<unknown> {
  const { valid, errors } = await validator.validate(structuredClone(document) as Record<string, unknown>);
  return valid ? [] : errors;
}

const text = (name: string, more: Partial<Parameter> = {}): Parameter => ({
  name,
  in: "query",
  required: false,
  schema: { type: "string" },
  ...more,
});

const api = (...resources: (Partial<Resource> & Pick<Resource, "path">)[]): ApiDefinition => ({
  title: "Test",
  version: "v1",
  resources: resources.map((resource) => ({
    methods: ["GET", "POST"],
    parameters: [],
    additional: false,
    ...resource,
  })),
});

// biome-ignore lint/suspicious/noExplicitAny: a document is read here as its readers would read it
const parts = (document: object) => document as any;

/** Every reference of a document that leads nowhere. */
function dangling(document: object): string[] {
  const found: string[] = [];
  const walk = (value: unknown, isData: boolean) => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "$ref" && typeof inner === "string" && !isData && !leadsSomewhere(document, inner)) found.push(inner);
      walk(inner, isData || ((key === "example" || key === "examples") && !Array.isArray(value)));
    }
  };
  walk(document, false);
  return found;
}

function leadsSomewhere(document: object, ref: string): boolean {
  let at: unknown = document;
  for (const token of ref.slice(2).split("/")) {
    const key = decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return false;
    at = (at as Record<string, unknown>)[key];
  }
  return true;
}

describe("the OpenAPI document", () => {
  for (const file of [
    "examples/iris/iris.raml",
    "examples/addition/addition.raml",
    "test/runtimes/fixture/fixture.raml",
  ]) {
    it(`is valid for ${file}`, async () => {
      const raml = await readFile(new URL(`../../../../${file}`, import.meta.url), "utf8");
      expect(await faultsOf(documentOf(readRaml(raml, { file })))).toEqual([]);
    });

    it(`describes the same API as ${file}, when it is read as an API file`, async () => {
      const raml = readRaml(await readFile(new URL(`../../../../${file}`, import.meta.url), "utf8"), { file });
      const openapi = readOpenApi(JSON.stringify(documentOf(raml)), { file: "openapi.json" });
      const argumentsOf = ({ resources }: ApiDefinition, path: string, method: Method) =>
        resources
          .filter((resource) => resource.path === path && resource.methods.includes(method))
          .flatMap(({ parameters }) => parameters.map(({ in: _, ...parameter }) => parameter));
      for (const { path, methods, result } of raml.resources) {
        for (const method of methods) {
          const given = argumentsOf(raml, path, method);
          expect(given.length).toBeGreaterThan(0);
          expect(argumentsOf(openapi, path, method)).toEqual(given);
        }
        const read = openapi.resources.find((resource) => resource.path === path);
        expect(read?.result?.schema ?? {}).toEqual(result?.schema ?? {});
      }
    });
  }

  it("is valid for an API that nobody described, and takes any object", async () => {
    const document = documentOf(openDefinition("prices", "v1"));
    expect(await faultsOf(document)).toEqual([]);
    const { post, get } = parts(document).paths["/predictions"];
    expect(get).toBeUndefined();
    expect(post.requestBody).toMatchObject({ required: false });
    expect(parts(document).components.schemas.PredictionsArguments).toEqual({ type: "object", properties: {} });
  });

  it("is valid for whatever a definition can hold, and no reference leads nowhere", async () => {
    await fc.assert(
      fc.asyncProperty(anyDefinition, async (definition) => {
        const document = documentOf(definition);
        expect(await faultsOf(document)).toEqual([]);
        expect(dangling(document)).toEqual([]);
        const ids = Object.values(document.paths).flatMap((item) =>
          Object.values(item as object).map(({ operationId }) => operationId),
        );
        expect(new Set(ids).size).toBe(ids.length);
        // Plain JSON: what is served is what was made.
        expect(JSON.parse(JSON.stringify(document))).toEqual(document);
      }),
      { numRuns: 150 },
    );
  });

  it("says title, description, version and where the API is", () => {
    const definition = { ...api({ path: "/x" }), description: "## About" };
    const document = createOpenApiDocument(definition, { server: "./iris/v0", version: "0.0.2" });
    expect(document).toMatchObject({
      openapi: "3.1.0",
      info: { title: "Test", description: "## About", version: "0.0.2" },
      servers: [{ url: "./iris/v0" }],
    });
    expect(documentOf(definition).info.version).toBe("v1");
  });

  it("has all arguments in the query for GET, and in a body of either type for POST", () => {
    const size = text("size", {
      required: true,
      schema: { type: "number", minimum: 0 },
      example: 1.5,
      description: "cm",
    });
    const many = text("many", { in: "body", schema: { type: "array", items: { type: "integer" } } });
    const place = text("id", { in: "path", required: true });
    const client = text("x-client", { in: "header", deprecated: true });
    const document = documentOf(api({ path: "/leaves/{id}", parameters: [place, size, many, client] }));
    const { get, post } = parts(document).paths["/leaves/{id}"];
    const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
    const header = { name: "x-client", in: "header", deprecated: true, schema: { type: "string" } };
    expect(get.parameters).toEqual([
      id,
      {
        name: "size",
        in: "query",
        required: true,
        description: "cm",
        schema: { type: "number", minimum: 0 },
        example: 1.5,
      },
      {
        name: "many",
        in: "query",
        style: "form",
        explode: true,
        schema: { type: "array", items: { type: "integer" } },
      },
      header,
    ]);
    expect(get.requestBody).toBeUndefined();
    expect(post.parameters).toEqual([id, header]);
    const schema = { $ref: "#/components/schemas/LeavesByIdArguments" };
    expect(post.requestBody).toEqual({
      required: true,
      content: {
        "application/json": { schema, example: { size: 1.5 } },
        "application/x-www-form-urlencoded": {
          schema,
          example: { size: 1.5 },
          encoding: { many: { style: "form", explode: true } },
        },
      },
    });
    expect(parts(document).components.schemas.LeavesByIdArguments).toEqual({
      type: "object",
      properties: {
        size: { type: "number", minimum: 0, description: "cm", examples: [1.5] },
        many: { type: "array", items: { type: "integer" } },
      },
      required: ["size"],
      additionalProperties: false,
    });
    expect([get.operationId, post.operationId]).toEqual(["getLeavesById", "postLeavesById"]);
  });

  it("leaves a parameter of the query in the query where there is only POST", () => {
    const document = documentOf(
      api({ path: "/x", methods: ["POST"], parameters: [text("q"), text("b", { in: "body" })] }),
    );
    const { post } = parts(document).paths["/x"];
    expect(post.parameters).toMatchObject([{ name: "q", in: "query" }]);
    expect(Object.keys(parts(document).components.schemas.XArguments.properties)).toEqual(["b"]);
  });

  it("does not ask for what has a default", () => {
    const scale = text("scale", { required: true, schema: { type: "number", default: 2 } });
    const document = documentOf(api({ path: "/x", parameters: [scale] }));
    const { get, post } = parts(document).paths["/x"];
    expect(get.parameters).toEqual([{ name: "scale", in: "query", schema: { type: "number", default: 2 } }]);
    expect(post.requestBody.required).toBe(false);
    expect(parts(document).components.schemas.XArguments).not.toHaveProperty("required");
  });

  it("sends files in parts, with their media types and their largest size", () => {
    const schema = { type: "string", format: "binary" };
    const photo: Parameter = {
      name: "photo",
      in: "body",
      required: true,
      schema,
      file: { mediaTypes: ["image/png", "image/*"], maxBytes: 1000 },
    };
    const of = (...parameters: Parameter[]) => documentOf(api({ path: "/x", parameters }));
    const needed = of(photo, text("note"));
    expect(Object.keys(parts(needed).paths["/x"])).toEqual(["post"]);
    expect(parts(needed).paths["/x"].post.requestBody.content).toEqual({
      "multipart/form-data": {
        schema: { $ref: "#/components/schemas/XArgumentsWithFiles" },
        encoding: { photo: { contentType: "image/png, image/*" } },
      },
    });
    expect(parts(needed).components.schemas.XArgumentsWithFiles.properties).toEqual({
      photo: { ...schema, maxLength: 1000 },
      note: { type: "string" },
    });
    const possible = of({ ...photo, required: false }, text("note"));
    expect(Object.keys(parts(possible).paths["/x"].post.requestBody.content)).toEqual([
      "application/json",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
    ]);
    expect(parts(possible).paths["/x"].get.parameters).toMatchObject([{ name: "note" }]);
    expect(Object.keys(parts(possible).components.schemas.XArguments.properties)).toEqual(["note"]);
  });

  it("describes a body that is no object, with its example", () => {
    const body = { required: true, schema: { type: "array", items: { type: "number" } }, example: [1, 2] };
    const document = documentOf(api({ path: "/x", methods: ["POST"], parameters: [text("q")], body }));
    expect(parts(document).paths["/x"].post.requestBody).toEqual({
      required: true,
      content: { "application/json": { schema: body.schema, example: [1, 2] } },
    });
  });

  it("says what a prediction is, which model made it, and what can go wrong", () => {
    const result = { description: "The variety", schema: { type: "object" }, example: { variety: "Setosa" } };
    const document = documentOf(api({ path: "/x", result }));
    const { get, post } = parts(document).paths["/x"];
    expect(get.responses[200]).toEqual({
      description: "The variety",
      headers: {
        "x-request-id": { $ref: "#/components/headers/RequestId" },
        "x-model": { $ref: "#/components/headers/Model" },
      },
      content: { "application/json": { schema: { type: "object" }, example: { variety: "Setosa" } } },
    });
    expect(Object.keys(get.responses)).toEqual(["200", "400", "500", "503", "504"]);
    expect(Object.keys(post.responses)).toEqual(["200", "400", "413", "415", "500", "503", "504"]);
    expect(get.responses[400]).toEqual({ $ref: "#/components/responses/BadRequest" });
    const { responses, schemas } = parts(document).components;
    expect(responses.BadRequest.content["application/problem+json"]).toMatchObject({
      schema: { $ref: "#/components/schemas/Problem" },
      example: { title: "Bad Request", status: 400, code: "ARGUMENTS_INVALID" },
    });
    const fits = new Ajv2020().compile(schemas.Problem);
    for (const response of Object.values(responses)) {
      const { example } = parts(response as object).content["application/problem+json"];
      expect(fits(example), JSON.stringify(fits.errors)).toBe(true);
    }
  });

  it("makes one path of two resources that a client cannot tell apart", () => {
    const at = (name: string) => text(name, { in: "path", required: true });
    const document = documentOf(
      api(
        { path: "/x/{a}/{b}", methods: ["GET"], parameters: [at("a"), at("b")] },
        { path: "/x/{b}/{c}", methods: ["POST"], parameters: [at("b"), at("c"), text("q")] },
      ),
    );
    expect(Object.keys(document.paths)).toEqual(["/x/{a}/{b}"]);
    const { get, post } = parts(document).paths["/x/{a}/{b}"];
    expect(get.parameters.map(({ name }: Parameter) => name)).toEqual(["a", "b"]);
    expect(post.parameters.map(({ name }: Parameter) => name)).toEqual(["a", "b", "q"]);
  });

  it("keeps operation ids apart, the same for the same API", () => {
    const document = documentOf(
      api({ path: "/a-b", methods: ["GET"] }, { path: "/a.b" }, { path: "/größe" }, { path: "/日" }),
    );
    const ids = Object.values(parts(document).paths).flatMap((item) =>
      Object.values(item as Record<string, { operationId: string }>).map(({ operationId }) => operationId),
    );
    expect(ids).toEqual(["getAB", "getAB2", "postAB", "getGrE", "postGrE", "get", "post"]);
  });

  it("gives names that OpenAPI does not know other ones, and leads references there", () => {
    const name = "Länge/~ 1";
    const ref = { $ref: `#/components/schemas/${pointer(name)}` };
    const definition = {
      ...api({ path: "/x", parameters: [text("q", { schema: ref })] }),
      schemas: { [name]: { type: "string" }, L_nge_1: { enum: [ref], properties: { enum: ref } } },
    };
    const { components, paths } = parts(documentOf(definition));
    expect(components.schemas.L_nge_12).toEqual({ type: "string" });
    // What is data stays as it is, what is a property of that name does not.
    expect(components.schemas.L_nge_1).toEqual({
      enum: [ref],
      properties: { enum: { $ref: "#/components/schemas/L_nge_12" } },
    });
    expect(paths["/x"].get.parameters[0].schema).toEqual({ $ref: "#/components/schemas/L_nge_12" });
  });

  it("gives a name to a schema that refers to itself", () => {
    const schema = {
      type: "object",
      properties: { next: { $ref: "#" }, size: { $ref: "#/$defs/size" } },
      $defs: { size: {} },
    };
    const { components, paths } = parts(documentOf(api({ path: "/x", result: { schema } })));
    const ref = "#/components/schemas/XResult";
    for (const method of ["get", "post"]) {
      expect(paths["/x"][method].responses[200].content["application/json"].schema).toEqual({ $ref: ref });
    }
    expect(components.schemas.XResult).toMatchObject({
      properties: { next: { $ref: ref }, size: { $ref: `${ref}/$defs/size` } },
    });
  });

  it("leaves a name of the user's to the user", () => {
    const definition = {
      ...api({ path: "/x" }),
      schemas: { Problem: { type: "string" }, XArguments: { type: "null" } },
    };
    const { components } = parts(
      documentOf({ ...definition, resources: api({ path: "/x", additional: true }).resources }),
    );
    expect(components.schemas.Problem).toEqual({ type: "string" });
    expect(components.schemas.XArguments).toEqual({ type: "null" });
    expect(components.responses.BadRequest.content["application/problem+json"].schema.$ref).toMatch(/Problem2$/);
  });
});
