import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type ApiDefinition, openDefinition, type Parameter, type Resource } from "../../../src/api/definition.ts";
import { definitionOf } from "../../../src/api/read/from-model.ts";
import { signatureOf } from "../../../src/api/signature.ts";
import type { JsonSchema } from "../../../src/schema/json-schema.ts";

const parameter = (name: string, schema: JsonSchema, more: Partial<Parameter> = {}): Parameter => ({
  name,
  in: "query",
  required: true,
  schema,
  ...more,
});

const api = (resource: Partial<Resource>, schemas: ApiDefinition["schemas"] = {}): ApiDefinition => ({
  title: "t",
  version: "v1",
  resources: [{ path: "/p", methods: ["POST"], parameters: [], additional: false, ...resource }],
  schemas,
});

const outputs = (schema: JsonSchema, schemas?: ApiDefinition["schemas"]) =>
  signatureOf(api({ result: { schema } }, schemas)).outputs;

/** Name, datatype and shape of each field, as a table is read. */
const table = (fields: readonly { name: string; dtype: string; shape: readonly number[] }[]) =>
  fields.map(({ name, dtype, shape }) => `${name} ${dtype} [${shape}]`);

describe("signatureOf", () => {
  it("has parameters in their order, wherever a request has them", () => {
    const { inputs } = signatureOf(
      api({
        parameters: [
          parameter("id", { type: "string" }, { in: "path" }),
          parameter("width", { type: "number", minimum: 0 }),
          parameter("count", { type: "integer", default: 1 }),
          parameter("fresh", { type: ["boolean", "null"] }, { in: "body", required: false }),
          parameter("image", { type: "string", format: "binary" }, { in: "body" }),
        ],
      }),
    );
    expect(inputs.form).toBe("fields");
    expect(inputs.additional).toBe(false);
    expect(table(inputs.fields)).toEqual([
      "id str []",
      "width float64 []",
      "count int64 []",
      "fresh bool []",
      "image bytes []",
    ]);
    expect(inputs.fields.map(({ optional }) => optional)).toEqual([false, false, true, true, false]);
    expect(inputs.fields.map(({ nullable }) => nullable)).toEqual([false, false, false, true, false]);
    expect(inputs.fields[1]?.schema).toEqual({ type: "number", minimum: 0 });
  });

  it("follows references, and gives lists their shape", () => {
    const { inputs } = signatureOf(
      api(
        {
          parameters: [
            parameter("pixels", { $ref: "#/components/schemas/Pixels" }),
            parameter("tags", { type: "array", items: { type: "string" } }),
            parameter("grid", {
              type: "array",
              items: { type: "array", items: { type: "integer" }, minItems: 2, maxItems: 2 },
            }),
            parameter("things", { type: "array", items: { type: "object" } }),
            parameter("holes", { type: "array", items: { type: ["number", "null"] } }),
          ],
        },
        { Pixels: { type: "array", items: { type: "number" }, minItems: 4, maxItems: 4 } },
      ),
    );
    expect(table(inputs.fields)).toEqual([
      "pixels float64 [4]",
      "tags str [-1]",
      "grid int64 [-1,2]",
      "things json []",
      "holes json []",
    ]);
  });

  it("has the choices of a schema that lists them", () => {
    const { fields } = outputs({
      type: "object",
      properties: {
        variety: { type: "string", enum: ["Setosa", "Virginica"] },
        label: { anyOf: [{ const: 0 }, { const: 1 }, { type: "null" }] },
        share: { enum: [0.5, 1] },
        mixed: { enum: ["a", 1] },
      },
      required: ["variety"],
    });
    expect(table(fields)).toEqual(["variety str []", "label int64 []", "share float64 []", "mixed json []"]);
    expect(fields.map(({ choices }) => choices)).toEqual([
      ["Setosa", "Virginica"],
      [0, 1],
      [0.5, 1],
      ["a", 1],
    ]);
    expect(fields.map(({ nullable }) => nullable)).toEqual([false, true, false, false]);
  });

  it("has probabilities by label as one field with the names of its numbers", () => {
    const { form, fields } = outputs(
      { $ref: "#/components/schemas/Answer" },
      {
        Answer: {
          type: "object",
          properties: {
            variety: { type: "string" },
            probabilities: {
              type: "object",
              properties: { b: { type: "number" }, a: { type: "number" } },
              required: ["a", "b"],
            },
            some: { type: "object", properties: { a: { type: "number" } } },
          },
          required: ["variety", "probabilities"],
        },
      },
    );
    expect(form).toBe("fields");
    expect(table(fields)).toEqual(["variety str []", "probabilities float64 [2]", "some json []"]);
    expect(fields[1]?.keys).toEqual(["b", "a"]);
    expect(fields[1]?.optional).toBe(false);
  });

  it("tells what is no object, and what nobody described", () => {
    expect(outputs({ type: "number" })).toMatchObject({
      form: "value",
      fields: [{ name: "prediction", dtype: "float64", shape: [], optional: false }],
    });
    expect(outputs(true).form).toBe("open");
    expect(outputs({ type: "object" }).form).toBe("open");
    expect(outputs({ anyOf: [{ type: "string" }, { type: "object" }] }).form).toBe("open");
    const open = signatureOf(openDefinition("t", "v1"));
    expect(open.inputs).toEqual({ form: "open", fields: [], additional: true });
    expect(signatureOf({ title: "t", version: "v1", resources: [] })).toEqual(open);
  });

  it("reads a body that is described as a whole", () => {
    const body = (schema: JsonSchema) => signatureOf(api({ body: { required: true, schema } })).inputs;
    expect(body({ type: "array", items: { type: "number" } })).toMatchObject({
      form: "value",
      fields: [{ name: "body", dtype: "float64", shape: [-1], optional: false }],
    });
    const object = body({ type: "object", properties: { a: { type: "number" } }, required: ["a"], minProperties: 1 });
    expect(object.form).toBe("fields");
    expect(table(object.fields)).toEqual(["a float64 []"]);
  });

  it("reads what a model declares in code", async () => {
    const definition = await definitionOf({
      input: v.object({
        width: v.pipe(v.number(), v.minValue(0)),
        kind: v.optional(v.picklist(["a", "b"]), "a"),
        size: v.nullish(v.number()),
      }),
      output: v.object({
        label: v.union([v.literal("x"), v.literal("y")]),
        probabilities: v.object({ x: v.number(), y: v.number() }),
      }),
      title: "t",
      version: "v1",
      resource: "predictions",
    });
    const { inputs, outputs } = signatureOf(definition);
    expect(table(inputs.fields)).toEqual(["width float64 []", "kind str []", "size float64 []"]);
    expect(inputs.fields.map(({ optional }) => optional)).toEqual([false, true, true]);
    expect(inputs.fields.map(({ choices }) => choices)).toEqual([undefined, ["a", "b"], undefined]);
    expect(table(outputs.fields)).toEqual(["label str []", "probabilities float64 [2]"]);
    expect(outputs.fields[1]?.keys).toEqual(["x", "y"]);
  });

  it("reads local references and schemas that contain themselves", () => {
    const { fields } = outputs({
      type: "object",
      $defs: { inner: { type: "integer" }, tree: { type: "object", properties: { left: { $ref: "#/$defs/tree" } } } },
      properties: {
        n: { $ref: "#/$defs/inner" },
        list: { type: "array", items: { $ref: "#/$defs/inner" } },
        t: { $ref: "#/$defs/tree" },
      },
    });
    expect(table(fields)).toEqual(["n int64 []", "list int64 [-1]", "t json []"]);
  });
});
