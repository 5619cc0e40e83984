import { describe, expect, it } from "vitest";
import type { ApiDefinition, Parameter, Resource } from "../../../../src/api/definition.ts";
import { sampleArgs } from "../../../../src/api/validation/sample-args.ts";
import { createFrame } from "../../../../src/data/frame/frame.ts";

const parameter = (name: string, schema: object, rest: Partial<Parameter> = {}): Parameter => ({
  name,
  in: "query",
  required: true,
  schema: { ...schema },
  ...rest,
});

const api = (...resources: Partial<Resource>[]): ApiDefinition => ({
  title: "shop",
  version: "v1",
  resources: resources.map((one) => ({ path: "/prices", methods: ["GET"], parameters: [], additional: false, ...one })),
});

const frame = createFrame({
  size: [1, 2, 3, 4, 5, 6],
  shop: ["a", "b", null, "d", "e", "f"],
  day: Array.from({ length: 6 }, (_, day) => new Date(Date.UTC(2026, 0, day + 1))),
  price: [10, 20, 30, 40, 50, 60],
});

describe("arguments from data", () => {
  it("are the columns of an API's parameters, wherever these stand, of rows that are spread over the data", () => {
    const definition = api({
      path: "/{shop}/prices",
      parameters: [
        parameter("shop", { type: "string" }, { in: "path" }),
        parameter("size", { type: "integer" }),
        parameter("day", { type: "string", format: "date-time" }, { in: "header" }),
        parameter("colour", { type: "string", default: "red" }, { required: false }),
      ],
    });
    expect(sampleArgs(definition, frame, 2)).toEqual([
      { shop: "a", size: 1, day: "2026-01-01T00:00:00.000Z", colour: "red" },
      { shop: "d", size: 4, day: "2026-01-04T00:00:00.000Z", colour: "red" },
    ]);
  });

  it("leave out rows that the API refuses, and what is missing", () => {
    const needed = api({
      parameters: [parameter("shop", { type: "string" }), parameter("size", { type: "number", maximum: 4 })],
    });
    expect(sampleArgs(needed, frame, 100).map(({ size }) => size)).toEqual([1, 2, 4]);
    const optional = api({
      parameters: [parameter("shop", { type: "string" }, { required: false }), parameter("size", { type: "number" })],
    });
    expect(sampleArgs(optional, frame, 100)[2]).toEqual({ size: 3 });
  });

  it("are those of the first resource that can be asked", () => {
    const definition = api(
      { path: "/other", parameters: [parameter("weight", { type: "number" })] },
      { path: "/sizes", parameters: [parameter("size", { type: "number" })] },
    );
    expect(sampleArgs(definition, frame, 1)).toEqual([{ size: 1 }]);
  });

  it("are the properties of a body that is described as a whole", () => {
    const body = (schema: object) => ({ ...api({ body: { required: true, schema: { ...schema } } }) });
    const schema = { type: "object", properties: { size: { type: "number" } }, required: ["size"] };
    expect(sampleArgs(body(schema), frame, 1)).toEqual([{ size: 1 }]);
    const named = { ...body({ $ref: "#/components/schemas/Size" }), schemas: { Size: schema } };
    expect(sampleArgs(named, frame, 1)).toEqual([{ size: 1 }]);
  });

  it("say what is missing", () => {
    const weights = api({ path: "/weights", parameters: [parameter("weight", { type: "number" })] });
    expect(() => sampleArgs(weights, frame, 1)).toThrow(
      "/weights takes weight; found the columns size, shop, day, price",
    );
    expect(() => sampleArgs(api({ additional: true }), frame, 1)).toThrow("/prices takes what it does not name");
    const small = api({ parameters: [parameter("size", { type: "number", maximum: 0 })] });
    expect(() => sampleArgs(small, frame, 3)).toThrow(/\/prices takes no row there is; row 0: size: .*0/);
  });
});
