import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import type { ApiDefinition, Resource } from "../../../src/api/definition.ts";
import { sorted } from "../../../src/api/described.ts";
import { readOpenApi } from "../../../src/api/openapi.ts";
import { createOpenApiDocument } from "../../../src/api/openapi-document.ts";
import { readRaml } from "../../../src/api/raml.ts";

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
          .map(({ name, required, schema, file }) => sorted({ name, required, schema, file }))
          .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
        body: body?.schema,
        result: result?.schema ?? {},
      }));
    expect(meaning(again())).toEqual(meaning(definition));
    expect(again().schemas).toMatchObject({ Thing: definition.schemas?.Thing });
  });
});
