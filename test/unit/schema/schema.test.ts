import { describe, expect, it } from "vitest";
import { nameOf, refused } from "../../../src/schema/check.ts";
import { type CompileOptions, compileSchema } from "../../../src/schema/compile.ts";
import type { JsonSchema } from "../../../src/schema/json-schema.ts";
import { unsupportedKeywords } from "../../../src/schema/keywords.ts";

/** The value that a schema makes of another one, or its faults by place. */
const outcome = (schema: JsonSchema, value: unknown, options?: CompileOptions) => {
  const faults: string[] = [];
  const result = compileSchema(schema, options)(
    value,
    { key: "arg" },
    { quiet: 0, full: false, report: (at, message) => void faults.push(`${nameOf(at)}: ${message}`) },
  );
  return result === refused ? { faults } : { value: result };
};
const text = (schema: JsonSchema, value: unknown) => outcome(schema, value, { reading: "text" });
const argument = (schema: JsonSchema, value: unknown) => outcome(schema, value, { reading: "argument" });

describe("a schema's faults", () => {
  const rows: JsonSchema = {
    type: "array",
    minItems: 1,
    items: {
      type: "object",
      properties: {
        width: { type: "number", exclusiveMinimum: 0 },
        "unit name": { enum: ["cm", "in"] },
        kind: { type: ["string", "null"] },
      },
      required: ["width"],
      additionalProperties: false,
    },
  };

  it("are told all at once, each with its place", () => {
    const value = [{ width: 1 }, { width: "2", "unit name": "m" }, { wdth: 0, kind: 1 }, 5];
    expect(outcome(rows, value)).toEqual({
      faults: [
        "arg[1].width: expected a number",
        'arg[1]["unit name"]: expected one of cm, in',
        "arg[2].width: required: expected a number",
        "arg[2].kind: expected text or null",
        "arg[2].wdth: unknown property. Did you mean width?",
        "arg[3]: expected an object",
      ],
    });
  });

  const messages: [JsonSchema, unknown, string][] = [
    [{ type: "integer" }, 1.5, "expected a whole number from -9007199254740991 to 9007199254740991"],
    [{ type: "boolean" }, 1, "expected true or false"],
    [{ const: "a" }, "b", "expected a"],
    [{ minimum: 2 }, 1, "expected at least 2"],
    [{ maximum: 2 }, 3, "expected at most 2"],
    [{ exclusiveMinimum: 2 }, 2, "expected more than 2"],
    [{ exclusiveMaximum: 2 }, 2, "expected less than 2"],
    [{ multipleOf: 2 }, 3, "expected a multiple of 2"],
    [{ minLength: 2 }, "🌷", "expected 2 characters or more"],
    [{ maxLength: 1 }, "🌷🌷", "expected 1 characters or fewer"],
    [{ pattern: "^a" }, "b", "expected text that matches ^a"],
    [{ minItems: 1 }, [], "expected 1 values or more"],
    [{ maxItems: 1 }, [1, 2], "expected 1 values or fewer"],
    [
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      "expected no value twice",
    ],
    [{ contains: { type: "string" } }, [1], "expected 1 values or more that are text"],
    [{ contains: true, minContains: 0, maxContains: 1 }, [1, 2], "expected from 0 to 1 values that are another value"],
    [{ minProperties: 1 }, {}, "expected 1 properties or more"],
    [{ maxProperties: 0 }, { a: 1 }, "expected 0 properties or fewer"],
    [{ not: { enum: [1, 2] } }, 2, "expected anything but one of 1, 2"],
    [{ anyOf: [{ type: "number" }, { type: "string" }] }, null, "expected a number or text"],
    [{ anyOf: [{ type: "number", minimum: 3 }, { type: "string" }] }, 1, "expected at least 3"],
    [{ oneOf: [{ minimum: 0 }, { maximum: 9 }] }, 5, "expected to fit one of the alternatives, and fits several"],
    [false, 1, "expected no value"],
  ];
  it.each(messages)("%j says of %j: %s", (schema, value, message) => {
    expect(outcome(schema, value)).toEqual({ faults: [`arg: ${message}`] });
  });

  it("say what depends on what", () => {
    expect(outcome({ dependentRequired: { a: ["b"] } }, { a: 1 })).toEqual({
      faults: ["arg.b: required, because there is a"],
    });
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits it.
    expect(outcome({ if: { required: ["a"] }, then: { required: ["b"] } }, { a: 1 })).toEqual({
      faults: ["arg.b: required: expected a value"],
    });
  });
});

describe("text", () => {
  it.each<[JsonSchema, unknown, unknown]>([
    [{ type: "number" }, "1.5", 1.5],
    [{ type: ["number", "null"] }, "1", 1],
    [{ type: ["number", "string"] }, "1", 1],
    [{ type: ["string", "number"] }, "1", "1"],
    [{ type: ["number", "string"] }, "x", "x"],
    [{ enum: [1, 2] }, "2", 2],
    [{ enum: ["1", "2"] }, "2", "2"],
    [{ const: true }, "true", true],
    [{ anyOf: [{ type: "number", minimum: 10 }, { type: "string" }] }, "5", "5"],
    [{ oneOf: [{ type: "integer" }, { type: "string" }] }, "5", 5],
    [{ allOf: [{ minimum: 3 }, { type: "integer" }] }, "5", 5],
    [{ type: "array", items: { type: "integer" } }, ["1", "2"], [1, 2]],
    [{ type: "array", items: { type: "integer" } }, "1", [1]],
    [{ type: "object", properties: { a: { type: "integer" } } }, { a: "1" }, { a: 1 }],
    [{ type: "object", properties: { a: { type: "integer" } } }, '{"a": 1}', { a: 1 }],
  ])("is read by %j: %j", (schema, raw, value) => {
    expect(text(schema, raw)).toEqual({ value });
  });

  it("is checked after it is read", () => {
    expect(text({ allOf: [{ minimum: 3 }, { type: "integer" }] }, "1")).toEqual({
      faults: ["arg: expected at least 3"],
    });
    expect(text({ enum: [1, 2] }, "3")).toEqual({ faults: ["arg: expected one of 1, 2"] });
    expect(text({ type: "object" }, "{")).toEqual({ faults: ["arg: expected an object"] });
  });

  it("is text in JSON below an argument", () => {
    const schema: JsonSchema = { type: "object", properties: { a: { type: "integer" } } };
    expect(argument({ type: "integer" }, "1")).toEqual({ value: 1 });
    expect(argument(schema, { a: "1" })).toMatchObject({
      faults: [expect.stringContaining("arg.a: expected a whole")],
    });
    expect(argument({ type: "array", items: { type: "integer" } }, ["1"])).toEqual({ value: [1] });
    expect(argument({ type: "array", items: schema }, [{ a: "1" }])).toMatchObject({ faults: [expect.any(String)] });
  });
});

describe("defaults", () => {
  const schema: JsonSchema = {
    type: "object",
    properties: {
      a: { default: [1] },
      b: { type: "object", properties: { c: { type: "string", default: "x" } } },
    },
    required: ["a"],
  };

  it("are taken where a property is absent, however deep, and leave what was sent as it was", () => {
    const sent = { b: {} };
    expect(outcome(schema, sent)).toEqual({ value: { a: [1], b: { c: "x" } } });
    expect(sent).toEqual({ b: {} });
  });

  it("are new for everybody", () => {
    const first = outcome(schema, {}) as { value: { a: number[] } };
    first.value.a.push(2);
    expect(outcome(schema, {})).toEqual({ value: { a: [1] } });
  });

  it("are not taken from an alternative that does not fit", () => {
    const options: JsonSchema = {
      anyOf: [{ properties: { a: { default: 1 }, b: { type: "string" } } }, { properties: { c: { default: 2 } } }],
    };
    expect(outcome(options, { b: 1 })).toEqual({ value: { b: 1, c: 2 } });
  });
});

describe("property names", () => {
  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("can be %s", (name) => {
    const schema = JSON.parse(
      `{"properties": {"${name}": {"type": "integer", "default": 7}}, "additionalProperties": false}`,
    ) as JsonSchema;
    const entries = (value: string) => {
      const found = outcome(schema, JSON.parse(value)) as { value: object };
      return found.value && Object.entries(found.value);
    };
    expect(entries(`{"${name}": 1}`)).toEqual([[name, 1]]);
    expect(entries("{}")).toEqual([[name, 7]]);
    expect(outcome(schema, JSON.parse(`{"${name}": "x"}`))).toMatchObject({ faults: [expect.any(String)] });
    expect(outcome({ required: [name] }, {})).toMatchObject({ faults: [expect.any(String)] });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("references", () => {
  const schemas: Record<string, JsonSchema> = {
    size: { type: "number", minimum: 0 },
    "a/b~c": { type: "string" },
    tree: {
      type: "object",
      properties: { value: { $ref: "#/components/schemas/size" }, left: { $ref: "#/components/schemas/tree" } },
      required: ["value"],
    },
    local: { $ref: "#/$defs/x", $defs: { x: { const: "here" } } },
  };

  it("lead to schemas of the definition, with other keywords beside them", () => {
    const size: JsonSchema = { $ref: "#/components/schemas/size", maximum: 5 };
    expect(outcome(size, 3, { schemas })).toEqual({ value: 3 });
    expect(outcome(size, -1, { schemas })).toEqual({ faults: ["arg: expected at least 0"] });
    expect(outcome(size, 6, { schemas })).toEqual({ faults: ["arg: expected at most 5"] });
    expect(outcome({ $ref: "#/components/schemas/a~1b~0c" }, 1, { schemas })).toEqual({
      faults: ["arg: expected text"],
    });
    expect(outcome({ $ref: "#/components/schemas/size" }, "3", { schemas, reading: "text" })).toEqual({ value: 3 });
  });

  it("mean the schema in which they stand", () => {
    expect(outcome({ $ref: "#/components/schemas/local" }, "here", { schemas })).toEqual({ value: "here" });
    expect(outcome({ $defs: { x: { type: "null" } }, items: { $ref: "#/$defs/x" } }, [1])).toEqual({
      faults: ["arg[0]: expected null"],
    });
    expect(outcome({ properties: { next: { $ref: "#" } }, maxProperties: 1 }, { next: { a: 1, b: 2 } })).toEqual({
      faults: ["arg.next: expected 1 properties or fewer"],
    });
  });

  it("can lead back to where they are", () => {
    const tree: JsonSchema = { $ref: "#/components/schemas/tree" };
    const value = { value: 1, left: { value: 2, left: { value: -3 } } };
    expect(outcome(tree, value, { schemas })).toEqual({ faults: ["arg.left.left.value: expected at least 0"] });
  });

  it("do not make lists in lists without an end of one value", () => {
    const schema: JsonSchema = { anyOf: [{ type: "number" }, { type: "array", items: { $ref: "#" } }] };
    expect(text(schema, "x")).toMatchObject({ faults: [expect.any(String)] });
    expect(text(schema, "5")).toEqual({ value: 5 });
    expect(argument({ type: "array", items: { $ref: "#" } }, "x")).toMatchObject({ faults: [expect.any(String)] });
    expect(argument({ type: "array" }, null)).toEqual({ faults: ["arg: expected a list"] });
  });

  it("are followed once for each value, however many alternatives ask", () => {
    const branch = { properties: { next: { $ref: "#" } } };
    const schema: JsonSchema = {
      anyOf: [
        { ...branch, required: ["x"] },
        { ...branch, required: ["y"] },
      ],
    };
    let value: object = {};
    for (let depth = 0; depth < 90; depth++) value = { next: value, x: 1, y: 1 };
    const started = performance.now();
    expect(outcome(schema, value)).toMatchObject({ faults: [expect.any(String)] });
    expect(outcome({ allOf: [branch, branch, branch], required: ["x"] }, value)).toMatchObject({
      faults: [expect.any(String)],
    });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("what is no schema", () => {
  it.each<[string, JsonSchema]>([
    ["type: expected one of null, boolean", { type: "text" }],
    ["properties.a.minimum: expected a number", { properties: { a: { minimum: "1" } } }],
    ["exclusiveMinimum: expected a number", { exclusiveMinimum: true }],
    ["items: expected a schema", { items: [{}] }],
    ["required: expected a list", { required: true }],
    ["allOf[1].pattern: expected a regular expression", { allOf: [{}, { pattern: "(" }] }],
    ["patternProperties: expected a regular expression", { patternProperties: { "(": true } }],
    ["minLength: expected a whole number", { minLength: -1 }],
    ["multipleOf: expected a number above 0", { multipleOf: 0 }],
    ["enum: expected a list of one value or more", { enum: [] }],
    ["anyOf: expected a list of one schema or more", { anyOf: [] }],
    ["$ref: expected the place of a schema, and there is none at #/$defs/x", { $ref: "#/$defs/x" }],
    ["$ref: expected a place in the same file", { $ref: "other.json" }],
    ["expected a schema that does not lead back to itself", { $ref: "#" }],
    [
      "expected a schema that does not lead back to itself",
      { $defs: { a: { allOf: [{ $ref: "#/$defs/b" }] }, b: { anyOf: [{ $ref: "#/$defs/a" }] } }, $ref: "#/$defs/a" },
    ],
  ])("is an error: %s", (message, schema) => {
    expect(() => compileSchema(schema)).toThrow(message);
    expect(() => compileSchema(schema, { reading: "text" })).toThrow(message);
  });
});

describe("formats", () => {
  const fitting: Record<string, string[]> = {
    date: ["2024-02-29"],
    "date-time": ["2026-01-31T12:00:00Z", "2026-01-31t12:00:00.123+01:00"],
    time: ["12:00:00Z", "23:59:60Z"],
    duration: ["P1D", "PT1H30M", "P3W", "P1Y2M3DT4H5M6S"],
    email: ["a@example.com"],
    uri: ["https://example.com/a?b=c#d", "urn:isbn:1"],
    uuid: ["123e4567-e89b-12d3-a456-426614174000"],
    ipv4: ["127.0.0.1"],
    ipv6: ["::1", "2001:db8::1"],
    hostname: ["localhost", "a.example.com"],
    byte: ["aGk=", ""],
  };
  const faulty: Record<string, string[]> = {
    date: ["2025-02-29", "2025-13-01", "25-01-01", "2025-01-01T00:00:00Z", ""],
    "date-time": ["2026-01-31", "2026-01-31T12:00:00", "2026-02-31T12:00:00Z", "2026-01-31T25:00:00Z"],
    time: ["12:00", "24:00:00Z"],
    duration: ["P", "PT", "1D", "P1H"],
    email: ["a", "a@", "@b", `${"a".repeat(300)}@example.com`],
    uri: ["/a", "example.com", "https://exa mple.com", "http://["],
    uuid: ["123"],
    ipv4: ["256.0.0.1", "1.2.3"],
    ipv6: [":::", "1.2.3.4"],
    hostname: ["-a", "a..b", "a_b", ""],
    byte: ["aGk", "?"],
  };
  it.each(Object.keys(fitting))("%s holds", (format) => {
    for (const value of fitting[format] ?? []) expect(outcome({ format }, value)).toEqual({ value });
    for (const value of faulty[format] ?? [])
      expect(outcome({ format }, value)).toEqual({ faults: [expect.stringContaining("arg: expected ")] });
    expect(outcome({ format }, 5)).toEqual({ value: 5 });
  });

  it("int32 holds for numbers", () => {
    expect(outcome({ format: "int32" }, 2 ** 31 - 1)).toEqual({ value: 2 ** 31 - 1 });
    expect(outcome({ format: "int32" }, 2 ** 31)).toEqual({ faults: ["arg: expected a whole number of 32 bits"] });
  });

  it("answer at once to long texts", () => {
    const started = performance.now();
    for (const format of Object.keys(fitting)) {
      for (const piece of ["a", "1", ":", ".", "a@", "P1", "%41", "-"]) outcome({ format }, piece.repeat(100_000));
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe("what a schema says in vain", () => {
  it("is found wherever it stands", () => {
    expect(
      unsupportedKeywords({
        unevaluatedProperties: false,
        "x-mine": 1,
        properties: { a: { format: "colour", minimun: 1 }, b: { items: { $dynamicRef: "#x" } } },
        anyOf: [{ contentEncoding: "base64" }, { dependencies: {} }],
        $defs: { c: { format: "date", nullable: true } },
        enum: [{ minimun: 1 }],
        description: "text",
      }),
    ).toEqual([
      { keyword: "unevaluatedProperties", where: "" },
      { keyword: "format: colour", where: "properties.a" },
      { keyword: "minimun", where: "properties.a" },
      { keyword: "$dynamicRef", where: "properties.b.items" },
      { keyword: "dependencies", where: "anyOf[1]" },
      { keyword: "nullable", where: "$defs.c" },
    ]);
  });
});
