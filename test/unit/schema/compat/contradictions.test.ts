import { describe, expect, it } from "vitest";
import { readOpenApi } from "../../../../src/api/read/openapi.ts";
import { readRaml } from "../../../../src/api/read/raml.ts";
import { createLogger } from "../../../../src/log.ts";
import { contradictionsIn } from "../../../../src/schema/compat/contradictions.ts";

describe("what no value can keep", () => {
  it.each([
    [{ minimum: 5, maximum: 4 }, "5 is above maximum 4: no value fits both"],
    [{ minimum: 5, exclusiveMaximum: 5 }, "5 is not below exclusiveMaximum 5: no value fits both"],
    [{ minLength: 2, maxLength: 1 }, "2 is above maxLength 1: no value fits both"],
    [{ type: "string", enum: [1, 2, true] }, "no request can have any of them. Write quotation marks around them"],
    [{ type: "integer", enum: ["a"] }, 'found "a", expected values of type integer'],
    [{ type: "integer", maximum: 3, const: 4 }, "found 4"],
    [{ required: ["a"], additionalProperties: false }, "a is no property"],
    [{ allOf: [{ type: "string" }, { type: "number" }] }, "found parts of different types"],
  ])("is found in %j", (schema, message) => {
    expect(contradictionsIn(schema)).toMatchObject([{ fatal: true }]);
    expect(contradictionsIn(schema)[0]?.message).toContain(message);
  });

  it.each([
    [{ minimum: 5, maximum: 5 }],
    [{ type: ["string", "null"], enum: ["a", null] }],
    [{ type: "number", enum: [1, 2.5] }],
    [{ required: ["a"], properties: { a: {} }, additionalProperties: false }],
    [{ allOf: [{ type: "integer" }, { type: "number" }] }],
    [{ $ref: "#/components/schemas/A", enum: [1] }],
  ])("is not found in %j", (schema) => {
    expect(contradictionsIn(schema)).toEqual([]);
  });

  it("is only in vain where other choices fit", () => {
    expect(contradictionsIn({ type: "string", enum: ["a", 2] })).toMatchObject([{ keyword: "enum", fatal: false }]);
  });

  it("is told of each kind of file, with its line", () => {
    const openApi = (schema: string, warn: (text: string) => void = () => {}) =>
      readOpenApi(
        `openapi: 3.0.3\ninfo: { title: t, version: "1" }\npaths:\n  /p:\n    get: { parameters: [{ name: v, in: query, schema: ${schema} }] }\n`,
        { file: "api.yaml", log: createLogger((_, __, message) => warn(message)) },
      );
    expect(() => openApi("{ type: string, enum: [1, 2, true] }")).toThrow(
      /api\.yaml line 5: .* enum: found 1, 2, true/,
    );
    const warnings: string[] = [];
    openApi("{ type: string, enum: [a, 2] }", (text) => warnings.push(text));
    expect(warnings.join()).toMatch(/line 5: .*enum: found 2, expected values of type string/);
    const raml = (facets: string) =>
      readRaml(`#%RAML 1.0\ntitle: t\n/p:\n  get:\n    queryParameters:\n      v: ${facets}\n`, {
        file: "api.raml",
        version: "v1",
      });
    expect(() => raml("{ type: integer, enum: [a, b] }")).toThrow(/api\.raml line 6: .*enum: found "a", "b"/);
    expect(() => raml("{ type: integer, minimum: 3, maximum: 2 }")).toThrow(/line 6: .*minimum: 3 is above maximum 2/);
  });
});
