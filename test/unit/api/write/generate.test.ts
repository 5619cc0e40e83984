import { Validator } from "@seriousme/openapi-schema-validator";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ApiDefinition, Parameter } from "../../../../src/api/definition.ts";
import { readOpenApi } from "../../../../src/api/read/openapi.ts";
import { readRaml } from "../../../../src/api/read/raml.ts";
import { type ApiFileOptions, generateApiFile } from "../../../../src/api/write/generate.ts";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import type { ColumnInput, Frame } from "../../../../src/data/types.ts";
import { createLogger } from "../../../../src/log.ts";

type Given = Partial<Omit<ApiFileOptions, "batches">>;

const generate = (columns: Record<string, ColumnInput> | Iterable<Frame>, more: Given = {}) =>
  generateApiFile({
    language: "raml",
    source: "petals",
    batches: Symbol.iterator in columns ? (columns as Iterable<Frame>) : [createFrame(columns)],
    name: "iris",
    version: "2.1.0",
    ...more,
  });

const warnings: string[] = [];
const log = createLogger((_level, _name, message) => warnings.push(message));

/** What the reader makes of a generated file. */
async function readBack(columns: Parameters<typeof generate>[0], more: Given = {}): Promise<ApiDefinition> {
  const text = await generate(columns, more);
  const read = more.language === "openapi" ? readOpenApi : readRaml;
  return read(text, { file: "generated", version: "v2", basePath: "/iris/v2", log });
}

async function parametersOf(columns: Parameters<typeof generate>[0], more: Given = {}): Promise<readonly Parameter[]> {
  return (await readBack(columns, more)).resources[0]?.parameters ?? [];
}

/** Names of columns as they turn up in files. */
const columnName = fc
  .oneof(
    fc.constantFrom(
      "sepal.length",
      "Länge (cm)",
      "a: b",
      "x:y",
      "- a",
      "#1",
      "1",
      "1.0",
      "true",
      "null",
      "~",
      "*a",
      "&a",
    ),
    fc.constantFrom(
      "?",
      "!b",
      "%",
      "@",
      "`",
      "'",
      '"',
      "a'b\"c",
      " a ",
      "{x}",
      "[x]",
      "a,b",
      "日本",
      "\u{1F338}",
      "a\tb",
      "a\nb",
      "=",
      "",
    ),
    fc.constantFrom("constructor", "__proto__", "toString", "no", "0x10", "1e3", "2026-01-02", "---", "...", ".inf"),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
  )
  // The readers take it for a merge key of YAML, in quotes too.
  .filter((name) => name !== "<<" && name !== "");

const column = (rows: number): fc.Arbitrary<ColumnInput> => {
  const of = <T>(value: fc.Arbitrary<T>) =>
    fc.array(fc.option(value, { freq: 5 }), {
      minLength: rows,
      maxLength: rows,
    }) as unknown as fc.Arbitrary<ColumnInput>;
  return fc.oneof(
    of(fc.double({ noNaN: true, noDefaultInfinity: true })),
    of(fc.maxSafeInteger()),
    fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: rows, maxLength: rows }),
    of(fc.boolean()),
    of(fc.string({ unit: "grapheme" })),
    of(fc.constantFrom("yes", "no", "1.10", "null", "a: b", "", " ", "#")),
    of(fc.date({ noInvalidDate: true, min: new Date("1900-01-01"), max: new Date("2100-01-01") })),
  );
};

const table = fc
  .integer({ min: 1, max: 8 })
  .chain((rows) =>
    fc
      .uniqueArray(fc.tuple(columnName, column(rows)), { minLength: 1, maxLength: 6, selector: ([name]) => name })
      .map((columns) => Object.fromEntries(columns)),
  );

describe("a generated API file", () => {
  it("has a parameter for each column, with type, choices, range and example", async () => {
    const columns = {
      length: [4.9, 5.5, 7, 6.1],
      count: [3, 1, 2, 2],
      fresh: [true, false, true, true],
      colour: ["red", "blue", "red", "blue"],
      remark: ["a", "b", "c", "d"],
    };
    const { source: _, ...definition } = await readBack(columns);
    expect(definition).toEqual({
      title: "iris",
      version: "v2",
      resources: [
        {
          path: "/predictions",
          methods: ["GET", "POST"],
          description: "Make a prediction",
          additional: false,
          parameters: [
            {
              name: "length",
              in: "query",
              required: true,
              schema: { type: "number" },
              description: "From 4.9 to 7 in petals",
              example: 4.9,
            },
            {
              name: "count",
              in: "query",
              required: true,
              schema: { type: "integer" },
              description: "From 1 to 3 in petals",
              example: 3,
            },
            { name: "fresh", in: "query", required: true, schema: { type: "boolean" }, example: true },
            {
              name: "colour",
              in: "query",
              required: true,
              schema: { type: "string", enum: ["blue", "red"] },
              example: "red",
            },
            { name: "remark", in: "query", required: true, schema: { type: "string" }, example: "a" },
          ],
        },
      ],
    });
  });

  it("does not ask for what some rows lack, and takes its examples from one row that lacks nothing", async () => {
    const parameters = await parametersOf({ a: [1.5, 2.5, 3.5], b: [null, "x", "y"], c: [null, null, null] });
    expect(parameters).toMatchObject([
      { name: "a", required: true, example: 1.5 },
      { name: "b", required: false, example: "x" },
      { name: "c", required: false, schema: { type: "string" } },
    ]);
    const whole = await parametersOf({ a: [1.5, 2.5, 3.5], b: [null, "x", "y"] });
    expect(whole.map(({ example }) => example)).toEqual([2.5, "x"]);
  });

  it("describes the target as the result, in either language", async () => {
    const columns = { size: [1, 2, 3, 4], variety: ["Setosa", "Virginica", "Setosa", "Virginica"] };
    const schema = {
      type: "object",
      properties: { variety: { type: "string", enum: ["Setosa", "Virginica"] } },
      required: ["variety"],
    };
    const expected = { description: "The prediction", example: { variety: "Setosa" } };
    const raml = await readBack(columns, { target: "variety" });
    expect(raml.resources).toMatchObject([{ description: "Predict variety", result: { ...expected, schema } }]);
    expect(raml.resources[0]?.parameters.map(({ name }) => name)).toEqual(["size"]);
    const openapi = await readBack(columns, { target: "variety", language: "openapi" });
    expect(openapi.schemas).toMatchObject({ Prediction: schema });
    for (const { result, parameters } of openapi.resources) {
      expect(result).toMatchObject({ ...expected, schema: { $ref: "#/components/schemas/Prediction" } });
      expect(parameters.map(({ name }) => name)).toEqual(["size"]);
    }
  });

  it("keeps whole numbers past 2^53, and dates, as text", async () => {
    const columns = {
      id: [9007199254740993n, 1n],
      day: [new Date("2026-01-02"), new Date("2025-12-31")],
      time: [new Date("2026-01-02T03:04:05Z"), new Date("2026-01-01")],
    };
    const expected = [
      { schema: { type: "string", pattern: "^-?[0-9]+$" }, example: "9007199254740993" },
      { schema: { type: "string" }, description: "From 2025-12-31 to 2026-01-02 in petals", example: "2026-01-02" },
      { schema: { type: "string" }, example: "2026-01-02T03:04:05.000Z" },
    ];
    expect(await parametersOf(columns)).toMatchObject(expected);
    expect(await parametersOf(columns, { language: "openapi" })).toMatchObject([
      expected[0],
      { ...expected[1], schema: { type: "string", format: "date" } },
      { ...expected[2], schema: { type: "string", format: "date-time" } },
    ]);
  });

  it("takes no choices from a part of the data: the rest may have others", async () => {
    const batch = createFrame({ colour: Array.from({ length: 10_000 }, (_, row) => (row % 2 ? "red" : "blue")) });
    const whole = await parametersOf([batch]);
    expect(whole[0]?.schema).toEqual({ type: "string", enum: ["blue", "red"] });
    let batches = 0;
    const many = (function* () {
      for (;;) {
        batches += 1;
        yield batch;
      }
    })();
    const text = await generate(many);
    expect(text).toContain("the first 10000 rows of the data source petals");
    expect(readRaml(text, { file: "generated" }).resources[0]?.parameters[0]).toMatchObject({
      schema: { type: "string" },
      description: "Such as blue, red in petals",
    });
    expect(batches).toBe(2);
  });

  it("has many values as text, and no choice of those that are there once", async () => {
    const texts = (count: number, times: number) =>
      Array.from({ length: count * times }, (_, row) => `v${row % count}`);
    const schemaOf = async (values: string[]) => (await parametersOf({ a: values }))[0]?.schema;
    expect(await schemaOf(texts(12, 2))).toMatchObject({ enum: expect.any(Array) });
    expect(await schemaOf(texts(13, 2))).toEqual({ type: "string" });
    expect(await schemaOf(texts(3, 1))).toEqual({ type: "string" });
  });

  it("reads back whatever columns are called and hold, without a warning", async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), async (columns, withTarget) => {
        const names = Object.keys(columns);
        const target = withTarget && names.length > 1 ? names.at(-1) : undefined;
        const arguments_ = names.filter((name) => name !== target);
        const raml = await readBack(columns, { target });
        expect(raml.resources.map(({ parameters }) => parameters.map(({ name }) => name))).toEqual([arguments_]);
        const openapi = await readBack(columns, { target, language: "openapi" });
        for (const { parameters } of openapi.resources) {
          expect(parameters.map(({ name }) => name).sort()).toEqual([...arguments_].sort());
          for (const { name, required, schema, example } of parameters) {
            const other = raml.resources[0]?.parameters.find((one) => one.name === name);
            const { format: _, ...plain } = schema as Record<string, unknown>;
            expect({ required, schema: plain, example }).toEqual({
              required: other?.required,
              schema: other?.schema,
              example: other?.example,
            });
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(warnings).toEqual([]);
  });

  it("is OpenAPI in the eyes of somebody else", async () => {
    await fc.assert(
      fc.asyncProperty(table, async (columns) => {
        const validator = new Validator();
        const document = parse(await generate(columns, { language: "openapi" }));
        const { valid, errors } = await validator.validate(document);
        expect(valid, JSON.stringify(errors)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("says what is wrong with a target, a resource, a table without rows", async () => {
    const failing = (columns: Record<string, ColumnInput>, more: Given = {}) =>
      generate(columns, more).then(
        () => "",
        ({ code, message }) => `${code}: ${message}`,
      );
    expect(await failing({ width: [1], length: [2] }, { target: "widht" })).toBe(
      'COLUMN_UNKNOWN: --target: petals has no column "widht"; did you mean "width"? there are "width", "length"',
    );
    expect(await failing({ a: [1] }, { resource: "{id}" })).toMatch(/^USAGE: --resource: the path \/\{id\} has a/);
    expect(await failing({ a: [1] }, { resource: "a b" })).toMatch(/^USAGE: --resource: the path \/a b has a segment/);
    expect(await failing({ a: [] })).toBe(
      "DATA_INVALID: petals: no row found, expected some: they tell what the columns hold",
    );
  });

  it("has the resource that was asked for", async () => {
    expect((await readBack({ a: [1] }, { resource: "varieties" })).resources[0]?.path).toBe("/varieties");
    expect((await readBack({ a: [1] }, { resource: "/a/b", language: "openapi" })).resources[0]?.path).toBe("/a/b");
  });
});
