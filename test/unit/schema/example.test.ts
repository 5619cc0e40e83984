import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refused } from "../../../src/schema/check.ts";
import { compileSchema } from "../../../src/schema/compile.ts";
import { exampleValue } from "../../../src/schema/example.ts";
import type { JsonSchema } from "../../../src/schema/json-schema.ts";

const fits = (schema: JsonSchema, value: unknown) =>
  compileSchema(schema)(value, { key: "" }, { quiet: 1, full: true, report() {} }) !== refused;

describe("a value made up from a schema", () => {
  it.each<[JsonSchema, unknown]>([
    [{ type: "number", example: 4.9, default: 1 }, 4.9],
    [{ type: "number", examples: [2], default: 1 }, 2],
    [{ type: "number", default: 1, enum: [3, 1] }, 1],
    [{ enum: ["a", "b"] }, "a"],
    [{ const: 7 }, 7],
    [{ type: ["null", "integer"] }, 1],
    [{ anyOf: [{ type: "boolean" }, { type: "string" }] }, true],
    [{ type: "object", properties: { a: { type: "integer" }, b: {} }, required: ["a"] }, { a: 1 }],
    [
      { type: "object", allOf: [{ type: "object", required: ["a"] }], required: ["b"] },
      { a: "text", b: "text" },
    ],
    [{ type: "array", items: { type: "integer" }, minItems: 2 }, [1, 1]],
    [{ type: "string", minLength: 6 }, "textxx"],
  ])("%j: %j", (schema, value) => {
    expect(exampleValue(schema)).toEqual(value);
    expect(fits(schema, value)).toBe(true);
  });

  it("ends, though its schema contains itself", () => {
    const node: JsonSchema = {
      type: "object",
      properties: { next: { $ref: "#/components/schemas/node" } },
      required: ["next"],
    };
    expect(JSON.stringify(exampleValue({ $ref: "#/components/schemas/node" }, { node })).length).toBeLessThan(200);
  });

  it("fits each format", () => {
    for (const format of [
      "date",
      "date-time",
      "time",
      "duration",
      "email",
      "uri",
      "uuid",
      "ipv4",
      "ipv6",
      "hostname",
      "byte",
    ]) {
      const schema = { type: "string", format };
      expect(fits(schema, exampleValue(schema))).toBe(true);
    }
  });

  it("fits its bounds", () => {
    const bound = fc.integer({ min: -5, max: 5 });
    const bounds = fc.record(
      {
        type: fc.constantFrom("integer", "number"),
        minimum: bound,
        exclusiveMinimum: bound,
        multipleOf: fc.constantFrom(1, 2, 0.5),
      },
      { requiredKeys: ["type"] },
    );
    fc.assert(fc.property(bounds, (schema) => fits(schema, exampleValue(schema))));
    const upper = fc.record(
      { type: fc.constantFrom("integer", "number"), maximum: bound, exclusiveMaximum: bound },
      { requiredKeys: ["type"] },
    );
    fc.assert(fc.property(upper, (schema) => fits(schema, exampleValue(schema))));
  });
});
