import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { definitionOf } from "../../../../src/api/read/from-model.ts";
import { createLaunchpad, defineModel } from "../../../../src/index.ts";
import { testHost } from "../../../support/host.ts";

const about = { title: "iris", version: "v1", resource: "varieties" };
const resourceOf = async (input?: v.GenericSchema, output?: v.GenericSchema) =>
  (await definitionOf({ ...about, input, output })).resources[0];
/** The schema of the one argument `p`. */
const schemaOf = async (schema: v.GenericSchema) => (await resourceOf(v.object({ p: schema })))?.parameters[0]?.schema;

describe("the schemas of a model", () => {
  it("are a definition with one resource, for GET and POST", async () => {
    const input = v.object({
      "petal.length": v.pipe(
        v.number(),
        v.minValue(0),
        v.title("Petal length"),
        v.description("In cm"),
        v.examples([3.3]),
      ),
      unit: v.optional(v.picklist(["cm", "inch"]), "cm"),
      tags: v.optional(v.array(v.pipe(v.string(), v.minLength(1)))),
    });
    const output = v.pipe(v.object({ variety: v.picklist(["Setosa", "Virginica"]) }), v.description("The variety"));
    expect(await definitionOf({ ...about, input, output })).toEqual({
      title: "iris",
      version: "v1",
      resources: [
        {
          path: "/varieties",
          methods: ["GET", "POST"],
          additional: false,
          parameters: [
            {
              name: "petal.length",
              in: "query",
              required: true,
              displayName: "Petal length",
              description: "In cm",
              example: 3.3,
              schema: { type: "number", minimum: 0 },
            },
            {
              name: "unit",
              in: "query",
              required: false,
              schema: { type: "string", enum: ["cm", "inch"], default: "cm" },
            },
            {
              name: "tags",
              in: "query",
              required: false,
              schema: { type: "array", items: { type: "string", minLength: 1 } },
            },
          ],
          result: {
            description: "The variety",
            schema: {
              type: "object",
              properties: { variety: { type: "string", enum: ["Setosa", "Virginica"] } },
              required: ["variety"],
            },
          },
        },
      ],
    });
  });

  it("say whether further arguments are passed on", async () => {
    expect((await resourceOf(v.looseObject({})))?.additional).toBe(true);
    expect((await resourceOf(v.strictObject({})))?.additional).toBe(false);
  });

  it("may describe the result only", async () => {
    expect(await resourceOf(undefined, v.object({ y: v.number() }))).toEqual({
      path: "/varieties",
      methods: ["POST"],
      parameters: [],
      additional: true,
      result: { schema: { type: "object", properties: { y: { type: "number" } }, required: ["y"] } },
    });
  });

  it("that are no plain object are a body as a whole", async () => {
    const input = v.variant("kind", [
      v.object({ kind: v.literal("a"), x: v.number() }),
      v.object({ kind: v.literal("b"), y: v.string() }),
    ]);
    expect(await resourceOf(input)).toMatchObject({
      methods: ["POST"],
      parameters: [],
      body: { required: true, schema: { oneOf: [{ properties: { kind: { type: "string", const: "a" } } }, {}] } },
    });
  });

  it("that are several objects in one are one", async () => {
    const input = v.intersect([v.object({ a: v.number() }), v.object({ b: v.optional(v.string()) })]);
    expect((await resourceOf(input))?.parameters).toMatchObject([
      { name: "a", required: true },
      { name: "b", required: false },
    ]);
  });

  it("that refer to themselves are named", async () => {
    interface Tree {
      name: string;
      parts?: Tree[] | undefined;
    }
    const tree: v.GenericSchema<Tree> = v.object({ name: v.string(), parts: v.optional(v.array(v.lazy(() => tree))) });
    const { resources, schemas } = await definitionOf({ ...about, input: v.object({ tree: v.lazy(() => tree) }) });
    expect(resources[0]).toMatchObject({
      methods: ["POST"],
      parameters: [{ name: "tree", in: "body", schema: { $ref: "#/components/schemas/Input0" } }],
    });
    expect(schemas).toMatchObject({
      Input0: { properties: { parts: { type: "array", items: { $ref: "#/components/schemas/Input0" } } } },
    });
  });

  it("have files, which are posted", async () => {
    const png = v.pipe(v.file(), v.mimeType(["image/png", "image/jpeg"]), v.maxSize(1000));
    const resource = await resourceOf(v.object({ image: png, more: v.array(v.blob()), x: v.number() }));
    expect(resource?.methods).toEqual(["POST"]);
    expect(resource?.parameters).toEqual([
      {
        name: "image",
        in: "body",
        required: true,
        schema: { type: "string", format: "binary" },
        file: { mediaTypes: ["image/png", "image/jpeg"], maxBytes: 1000 },
      },
      {
        name: "more",
        in: "body",
        required: true,
        schema: { type: "array", items: { type: "string", format: "binary" } },
        file: {},
      },
      { name: "x", in: "body", required: true, schema: { type: "number" } },
    ]);
  });

  const open: [string, v.GenericSchema, object][] = [
    ["a date", v.date(), {}],
    ["a bigint", v.bigint(), {}],
    [
      "a check in code",
      v.pipe(
        v.number(),
        v.check((x) => x % 2 === 1),
      ),
      { type: "number" },
    ],
    [
      "what holds after a change",
      v.pipe(v.string(), v.maxLength(9), v.trim(), v.maxLength(3)),
      { type: "string", maxLength: 9 },
    ],
    ["what another type is made of", v.pipe(v.string(), v.transform(Number), v.maxValue(3)), { type: "string" }],
    ["a regular expression with flags", v.pipe(v.string(), v.regex(/^[a-z]+$/i)), { type: "string" }],
    ["a default that is made for each request", v.optional(v.string(), () => crypto.randomUUID()), { type: "string" }],
    ["a default that is no JSON", v.optional(v.date(), new Date(0)), {}],
    [
      "metadata of other tools",
      v.pipe(v.number(), v.metadata({ ui: "slider", check: () => true })),
      { type: "number" },
    ],
  ];
  it.each(open)("leave open what JSON Schema cannot say: %s", async (_, schema, expected) => {
    expect(await schemaOf(schema)).toEqual(expected);
  });

  const toNumber = v.pipe(v.string(), v.transform(Number));
  const results: [string, v.GenericSchema, object][] = [
    ["what code makes of a value", toNumber, {}],
    [
      "a property that code makes",
      v.object({ y: toNumber, z: v.number() }),
      { type: "object", properties: { y: {}, z: { type: "number" } }, required: ["y", "z"] },
    ],
    ["a union with what code makes", v.union([toNumber, v.boolean()]), { anyOf: [{}, { type: "boolean" }] }],
    [
      "alternatives, of which code may make the same",
      v.variant("kind", [
        v.pipe(
          v.object({ kind: v.literal("a") }),
          v.transform(() => ({ kind: "b" })),
        ),
        v.object({ kind: v.literal("b") }),
      ]),
      {
        anyOf: [{}, { type: "object", properties: { kind: { type: "string", const: "b" } }, required: ["kind"] }],
      },
    ],
    ["what is checked after code", v.pipe(toNumber, v.number(), v.maxValue(3)), { type: "number", maximum: 3 }],
    [
      "text, of which other conditions held before it was changed",
      v.pipe(v.string(), v.description("A name"), v.minLength(3), v.trim(), v.maxLength(9)),
      { type: "string", maxLength: 9 },
    ],
    ["what a name is given to", v.pipe(v.string(), v.minLength(3), v.brand("name")), { type: "string", minLength: 3 }],
  ];
  it.each(results)("say of a result what is certain: %s", async (_, output, schema) => {
    expect((await resourceOf(undefined, output))?.result?.schema).toEqual(schema);
  });

  const closed: [string, v.GenericSchema, object][] = [
    [
      "a nullable number",
      v.nullish(v.pipe(v.number(), v.minValue(1)), null),
      { type: ["number", "null"], minimum: 1, default: null },
    ],
    ["a regular expression", v.pipe(v.string(), v.regex(/^\p{Lu}/u)), { type: "string", pattern: "^\\p{Lu}" }],
    ["a union", v.union([v.number(), v.string()]), { anyOf: [{ type: "number" }, { type: "string" }] }],
    ["a whole number", v.pipe(v.number(), v.integer()), { type: "integer" }],
    ["a literal", v.literal(3), { type: "number", const: 3 }],
  ];
  it.each(closed)("say in JSON Schema: %s", async (_, schema, expected) => {
    expect(await schemaOf(schema)).toEqual(expected);
  });
});

describe("a model with schemas", () => {
  const create = (api: object = { name: "areas" }) =>
    createLaunchpad({
      config: { model_store: { location: "memory:" }, model: { name: "m", version: "2.0.0", module: "m" }, api },
      host: testHost(),
      model: defineModel({
        input: v.object({
          width: v.pipe(v.number(), v.minValue(0)),
          height: v.optional(v.number(), 2),
          odd: v.optional(
            v.pipe(
              v.number(),
              v.check((x) => x % 2 === 1, "expected an odd number"),
            ),
          ),
        }),
        output: v.object({ area: v.number() }),
        train: () => ({}),
        test: () => ({}),
        predict: (_, { width, height }) => ({ area: width * height }),
      }),
    });
  const get = (path: string) => new Request(`http://launchpad.test${path}`);

  it("serves them without a file", async () => {
    const launchpad = create();
    await launchpad.train();
    const response = await launchpad.fetch(get("/areas/v2/predictions?width=1.5"));
    expect([response.status, await response.json()]).toEqual([200, { area: 3 }]);
    const body = JSON.stringify({ width: 2, height: 3 });
    const headers = { "content-type": "application/json" };
    const posted = await launchpad.fetch(
      new Request("http://launchpad.test/areas/v2/predictions", { method: "POST", body, headers }),
    );
    expect(await posted.json()).toEqual({ area: 6 });
  });

  it("refuses what does not fit them, what only code can check too", async () => {
    const launchpad = create();
    await launchpad.train();
    const errorsOf = async (query: string) => {
      const response = await launchpad.fetch(get(`/areas/v2/predictions?${query}`));
      expect(response.status).toBe(400);
      return (await response.json()).errors;
    };
    expect(await errorsOf("width=-1&heigth=2")).toMatchObject([
      { in: "query", name: "width" },
      { in: "query", name: "heigth", message: "unknown parameter. Did you mean height?" },
    ]);
    expect(await errorsOf("width=1&odd=2")).toEqual([
      { in: "argument", name: "odd", message: "expected an odd number", received: 2 },
    ]);
  });

  it("has the resource that the configuration names", async () => {
    const launchpad = create({ name: "areas", resource: "rectangles" });
    await launchpad.train();
    expect((await launchpad.fetch(get("/areas/v2/rectangles?width=1"))).status).toBe(200);
    expect((await launchpad.fetch(get("/areas/v2/predictions?width=1"))).status).toBe(404);
  });
});
