import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import type { ApiDefinition, Resource } from "../../../src/api/definition.ts";
import { readOpenApi } from "../../../src/api/read/openapi.ts";
import { readRaml } from "../../../src/api/read/raml.ts";
import { createOpenApiDocument } from "../../../src/api/write/openapi.ts";
import { canonicalJson } from "../../../src/util/canonical-json.ts";

const raml = `#%RAML 1.0
title: Things
version: v1
types:
  Thing:
    properties:
      name: {type: string, minLength: 1}
      parts?: Thing[]
/things/{id}:
  displayName: A thing
  uriParameters: {id: integer}
  get:
    description: Looks at a thing
    queryParameters:
      unit?: {enum: [kg, lb], default: kg, description: In which unit, example: lb}
      near: {type: 'number[]', minItems: 1}
    headers: {X-Lab?: string}
    responses: {200: {description: The thing, body: {application/json: Thing}}}
/things:
  post:
    body:
      application/json:
        type: Thing[]
        example: [{name: stone}]
/uploads:
  post:
    body:
      multipart/form-data:
        properties:
          image: {type: file, fileTypes: [image/png]}
          note?: string
`;

/** What OpenAPI cannot say in one place: what both methods ask is described for each. */
const byMethod = ({ resources, ...rest }: ApiDefinition) => ({
  ...rest,
  resources: resources.flatMap((resource) =>
    resource.methods.map((method): Resource => ({ ...resource, methods: [method] })),
  ),
});

describe("a parameter of an OpenAPI file", () => {
  const object = { type: "object", properties: { from: { type: "number" }, to: { type: "number" } } };
  const styles: [string, object][] = [
    ["properties one by one", { schema: object }],
    ["properties one by one, described elsewhere", { schema: { $ref: "#/components/schemas/Range" } }],
    ["a deep object", { style: "deepObject", explode: true, schema: object }],
    ["an object in one text", { explode: false, schema: object }],
    ["JSON", { content: { "application/json": { schema: object } } }],
    ["a list by repetition", { schema: { type: "array", items: { type: "number" } } }],
    ["a list between bars", { style: "pipeDelimited", schema: { type: "array", items: { type: "number" } } }],
  ];
  it.each(styles)("is documented as it was described: %s", (_, described) => {
    const parameters = [{ name: "range", in: "query", ...described }];
    const api = {
      openapi: "3.1.0",
      info: { title: "T", version: "1.0.0" },
      paths: { "/a": { get: { parameters, responses: { 200: { description: "It" } } } } },
      components: { schemas: { Range: object } },
    };
    const definition = readOpenApi(JSON.stringify(api), { file: "a.json" });
    const document = createOpenApiDocument(definition, { server: "/t/v1", version: "1.0.0" });
    const again = readOpenApi(JSON.stringify(document), { file: "b.json" });
    expect(again.resources[0]?.parameters).toEqual(definition.resources[0]?.parameters);
  });
});

describe("the OpenAPI document of an API", () => {
  const definition = readRaml(raml, { file: "things.raml" });
  const document = createOpenApiDocument(definition, { server: "/things/v1", version: "1.0.0" });
  const again = () =>
    readOpenApi(JSON.stringify(document), { file: "things.json", version: "v1", basePath: "/things/v1" });

  it("is valid, says another validator", async () => {
    expect(await new Validator().validate(JSON.parse(JSON.stringify(document)))).toMatchObject({ valid: true });
  });

  it("is an API file: read again, it takes and answers the same", () => {
    const meaning = (one: ApiDefinition) =>
      byMethod(one).resources.map(({ path, methods, parameters, body, result }) => ({
        path,
        methods,
        parameters: parameters
          .map(({ name, required, schema, file }) => canonicalJson({ name, required, schema, file }))
          .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
        body: body?.schema,
        result: result?.schema ?? {},
      }));
    expect(meaning(again())).toEqual(meaning(definition));
    expect(again().schemas).toMatchObject({ Thing: definition.schemas?.Thing });
  });
});
