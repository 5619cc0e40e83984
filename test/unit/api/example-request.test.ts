import { describe, expect, it } from "vitest";
import { type ApiDefinition, openDefinition, type Parameter } from "../../../src/api/definition.ts";
import { exampleRequest } from "../../../src/api/example-request.ts";
import type { JsonSchema } from "../../../src/schema/json-schema.ts";

const parameter = ({
  name = "x",
  in: place = "query",
  required = true,
  example,
  ...schema
}: Partial<Parameter> & Record<string, unknown>): Parameter => ({
  name,
  in: place,
  required,
  schema: { type: "number", ...schema },
  ...(example !== undefined && { example }),
});

const api = (path: string, parameters: Parameter[], methods: ("GET" | "POST")[] = ["GET", "POST"]): ApiDefinition => ({
  title: "t",
  version: "v1",
  resources: [{ path, methods, parameters, additional: false }],
});

describe("exampleRequest", () => {
  it("takes examples, then defaults, choices and minima, then makes something up", () => {
    const definition = api("/things", [
      parameter({ name: "a b", example: 4.9, default: 1 }),
      parameter({ name: "b", default: 2 }),
      parameter({ name: "c", type: "string", enum: ["red & blue", "green"] }),
      parameter({ name: "d", minimum: 10 }),
      parameter({ name: "e", type: "boolean" }),
      parameter({ name: "f", type: "array", items: { type: "number" }, example: [7, 8] }),
      parameter({ name: "optional", required: false }),
    ]);
    expect(exampleRequest(definition, "/x/v1")).toEqual({
      method: "GET",
      url: "/x/v1/things?a+b=4.9&b=2&c=red+%26+blue&d=10&e=true&f=7",
    });
  });

  it("fills in the path", () => {
    const definition = api("/things/{id}", [parameter({ name: "id", in: "path", type: "string", example: "a/b" })]);
    expect(exampleRequest(definition, "/x/v1")?.url).toBe("/x/v1/things/a%2Fb");
  });

  it("posts where nothing can be got, with a body where nobody described the arguments", () => {
    expect(exampleRequest(openDefinition("x", "v1"), "/x/v1")).toEqual({
      method: "POST",
      url: "/x/v1/predictions",
      body: "{}",
    });
    expect(exampleRequest(api("/things", [], ["POST"]), "/x/v1")).toEqual({ method: "POST", url: "/x/v1/things" });
  });

  it("sends what has no text, or none in a query, in a body", () => {
    const size: JsonSchema = { type: "object", properties: { w: { type: "integer" } }, required: ["w"] };
    const definition: ApiDefinition = {
      ...api(
        "/things",
        [
          parameter({ name: "q" }),
          parameter({ name: "h", in: "header", type: "integer", minimum: 3 }),
          { name: "size", in: "body", required: true, schema: { $ref: "#/components/schemas/size" } },
        ],
        ["POST"],
      ),
      schemas: { size },
    };
    expect(exampleRequest(definition, "")).toEqual({
      method: "POST",
      url: "/things?q=1.5",
      headers: { h: "3" },
      body: '{"size":{"w":1}}',
    });
    const whole = api("/things", [], ["POST"]);
    const body = { required: true, schema: { type: "array", items: size } };
    expect(exampleRequest({ ...whole, resources: whole.resources.map((one) => ({ ...one, body })) }, "")).toMatchObject(
      {
        body: '[{"w":1}]',
      },
    );
  });

  it("sends files in a form", () => {
    const file: Parameter = {
      name: "f",
      in: "body",
      required: true,
      schema: { type: "string", format: "binary" },
      file: {},
    };
    expect(exampleRequest(api("/things", [file, parameter({ in: "body" })]), "")).toEqual({
      method: "POST",
      url: "/things",
      form: { f: "@f", x: "1.5" },
    });
  });

  it("has none for an API without resources", () => {
    expect(exampleRequest({ title: "t", version: "v1", resources: [] }, "/x/v1")).toBeUndefined();
  });
});
