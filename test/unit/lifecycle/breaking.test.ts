import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { breakingChanges } from "../../../src/api/compat/breaking.ts";
import {
  type ApiDefinition,
  createLaunchpad,
  defineModel,
  type JsonSchema,
  type Parameter,
  type Resource,
  refusalOf,
} from "../../../src/internal.ts";
import { inputBreaks } from "../../../src/lifecycle/train/breaking.ts";
import { structureOf } from "../../../src/lifecycle/train/input-structure.ts";
import { schemaBreaks } from "../../../src/schema/compat/breaks.ts";
import { outputDocumentOf } from "../../../src/schema/from-valibot.ts";
import type { Json } from "../../../src/util/json.ts";
import { testHost } from "../../support/host.ts";

type Described = Partial<Parameter> & Record<string, unknown>;

const parameter = ({ name = "x", in: place = "query", required = false, ...schema }: Described = {}): Parameter => ({
  name,
  in: place,
  required,
  schema: { type: "number", ...schema },
});
const resource = (parameters: readonly Parameter[], over: Partial<Resource> = {}): Resource => ({
  path: "/sums",
  methods: ["GET", "POST"],
  additional: false,
  ...over,
  parameters,
});
const api = (...resources: Resource[]): ApiDefinition => ({ title: "sum", version: "v1", resources });
const one = (over: Described = {}) => api(resource([parameter(over)]));

/** The same with a resource for each method, as an OpenAPI file has it. */
const split = (over: Described = {}) =>
  api(
    resource([parameter(over)], { methods: ["GET"] }),
    resource([parameter({ ...over, in: "body" })], { methods: ["POST"] }),
  );

const number: JsonSchema = { type: "number" };
const binary: JsonSchema = { type: "string", format: "binary" };
const whole = (over: object = {}) =>
  api(resource([], { body: { required: false, schema: { type: "array" }, ...over } }));
const described = (over: Partial<Parameter>) => api(resource([{ ...parameter(), ...over }]));
const sized = (properties: object, required: string[] = []) =>
  described({ in: "body", schema: { type: "object", properties, required } });
const listed = (over: Partial<Parameter> = {}) => described({ schema: { type: "array", items: number }, ...over });
const uploaded = (file: object = {}) => described({ in: "body", schema: binary, file });

describe("an API", () => {
  it.each<[string, ApiDefinition, ApiDefinition]>([
    ["a resource is gone", one(), api(resource([parameter()], { path: "/others" }))],
    ["method POST is gone", one(), api(resource([parameter()], { methods: ["GET"] }))],
    ["method GET is gone", split(), api(resource([parameter()], { methods: ["POST"] }))],
    ["parameter x is required now", one(), split({ required: true })],
    ["parameter x is gone", one(), api(resource([]))],
    ["parameter y is new and required", one(), api(resource([parameter(), parameter({ name: "y", required: true })]))],
    ["parameter x is required now", one(), one({ required: true })],
    ["was of type number, now integer", one(), one({ type: "integer" })],
    ["was of type array, now number", one({ type: "array", items: { type: "number" } }), one()],
    ["takes only 1, 2 now", one(), one({ enum: [1, 2] })],
    ["does not take 2 any more", one({ enum: [1, 2] }), one({ enum: [1, 3] })],
    ["minimum of 1, which was 0", one({ minimum: 0 }), one({ minimum: 1 })],
    ["maximum of 9, where there was none", one(), one({ maximum: 9 })],
    ["minLength of 2", one({ type: "string" }), one({ type: "string", minLength: 2 })],
    ["maxLength of 2", one({ type: "string", maxLength: 3 }), one({ type: "string", maxLength: 2 })],
    ["cannot be null", one({ type: ["number", "null"] }), one()],
    ["x.w is required now", sized({ w: number }), sized({ w: number }, ["w"])],
    ["is given in another style", listed(), listed({ style: "pipeDelimited", explode: false })],
    ["the parameter x is gone", one({ in: "header" }), one()],
    ["is a file now", one({ type: "string" }), uploaded()],
    ["is no file any more", uploaded(), one({ type: "string" })],
    ["takes only 9 bytes now", uploaded({ maxBytes: 10 }), uploaded({ maxBytes: 9 })],
    ["takes only image/png now", uploaded({ mediaTypes: ["image/*"] }), uploaded({ mediaTypes: ["image/png"] })],
    ["the body is required now", whole(), whole({ required: true })],
    ["the body was of type array, now object", whole(), whole({ schema: { type: "object" } })],
    ["the body is gone", whole(), api(resource([]))],
    ["another pattern", one({ type: "string", pattern: "a" }), one({ type: "string", pattern: "b" })],
    ["not described are refused now", api(resource([], { additional: true })), api(resource([]))],
    [
      "was of type number, now boolean",
      api(resource([parameter({ name: "id", in: "path" })], { path: "/sums/{id}" })),
      api(resource([parameter({ name: "key", in: "path", type: "boolean" })], { path: "/sums/{key}" })),
    ],
  ])("breaks its clients: %s", (problem, before, after) => {
    const found = breakingChanges(JSON.parse(JSON.stringify(before)), after);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem.replace(/^a resource/, "the resource"));
  });

  it.each<[string, ApiDefinition, ApiDefinition]>([
    ["nothing", one(), one()],
    ["nothing, method by method", split(), split()],
    ["describing methods apart", one(), split()],
    ["describing methods together", split(), one()],
    ["a new resource", one(), api(resource([parameter()]), resource([], { path: "/more" }))],
    ["a new optional parameter", one(), api(resource([parameter(), parameter({ name: "y" })]))],
    [
      "a new required parameter with a default",
      one(),
      api(resource([parameter(), parameter({ name: "y", required: true, default: 1 })])),
    ],
    ["a type or null", one({ type: ["number", "null"] }), one({ type: ["number", "null"] })],
    ["one more type", one(), one({ type: ["string", "number"] })],
    ["a list where there was one value", one(), listed()],
    ["a property that may be missing", sized({ w: number }), sized({ w: number, h: number })],
    ["another way to write a header", one({ name: "X-A", in: "header" }), one({ name: "x-a", in: "header" })],
    [
      "larger files, of more kinds",
      uploaded({ maxBytes: 9, mediaTypes: ["image/png"] }),
      uploaded({ mediaTypes: ["image/*"] }),
    ],
    ["a body of more kinds", whole(), whole({ schema: { type: ["array", "number"] } })],
    ["an optional one", one({ required: true }), one()],
    ["a wider type", one({ type: "integer" }), one({ type: "number" })],
    ["wider bounds", one({ minimum: 1, maximum: 2 }), one({ minimum: 0 })],
    ["more choices", one({ enum: [1] }), one({ enum: [1, 2] })],
    ["no pattern", one({ type: "string", pattern: "a" }), one({ type: "string" })],
    ["a body instead of a query", one(), one({ in: "body" })],
    ["a gone parameter that is passed on", one(), api(resource([], { additional: true }))],
    [
      "another name in a path",
      api(resource([parameter({ name: "id", in: "path" })], { path: "/sums/{id}" })),
      api(resource([parameter({ name: "key", in: "path" })], { path: "/sums/{key}" })),
    ],
  ])("does not break them by %s", (_, before, after) => {
    expect(breakingChanges(JSON.parse(JSON.stringify(before)), after)).toEqual([]);
  });

  it("breaks who relies on its results, and says in what", () => {
    const answering = (schema: JsonSchema) => api(resource([parameter()], { result: { schema } }));
    const before = answering({ type: "object", properties: { variety: { enum: ["a", "b"] } }, required: ["variety"] });
    expect(
      breakingChanges(before, answering({ type: "object", properties: { variety: { enum: ["a", "b", "c"] } } })),
    ).toEqual(["/sums: the result.variety can be missing now", "/sums: the result.variety can be c now"]);
    expect(breakingChanges(before, before)).toEqual([]);
    expect(breakingChanges(one(), before)).toEqual([]);
    expect(breakingChanges(before, one())).toEqual([]);
    const named = (Answer: JsonSchema) => ({
      ...answering({ $ref: "#/components/schemas/Answer" }),
      schemas: { Answer },
    });
    expect(breakingChanges(named({ type: "number" }), named({ type: "string" }))).toEqual([
      "/sums: the result was of type number, now string",
    ]);
  });

  it.each([[undefined], [null], [1], ["mine"], [[]], [{}], [{ resources: [null] }], [{ resources: [{ path: "/" }] }]])(
    "is not compared with what is no definition: %j",
    (before) => {
      expect(breakingChanges(before, one())).toEqual([]);
    },
  );
});

const breaks = (before: v.GenericSchema, after: v.GenericSchema) =>
  inputBreaks(JSON.parse(JSON.stringify(structureOf(before))) as Json, structureOf(after));

describe("the input of a model", () => {
  const base = v.object({ x: v.number(), name: v.optional(v.string()) });

  it.each<[string, v.GenericSchema, v.GenericSchema]>([
    ["input.y is new and required", base, v.object({ ...base.entries, y: v.number() })],
    ["input.name is required now", base, v.object({ x: v.number(), name: v.string() })],
    ["input.x was of type number, now string", base, v.object({ ...base.entries, x: v.string() })],
    ["input.x has a max_value of 5", base, v.object({ ...base.entries, x: v.pipe(v.number(), v.maxValue(5)) })],
    ["input.x must be integer now", base, v.object({ ...base.entries, x: v.pipe(v.number(), v.integer()) })],
    ["input takes no other keys", base, v.strictObject(base.entries)],
    ["input.name is gone", v.strictObject(base.entries), v.strictObject({ x: v.number() })],
    ["input cannot be b any more", v.picklist(["a", "b"]), v.picklist(["a"])],
    ["input was of type string, now choice", v.string(), v.literal("a")],
    ["input[] has a min_value of 1", v.array(v.number()), v.array(v.pipe(v.number(), v.minValue(1)))],
    ["input takes no string", v.union([v.string(), v.number()]), v.number()],
    ["input cannot be null", v.nullable(v.string()), v.string()],
    ["input was of type unknown", v.unknown(), v.string()],
    ["input must be regex /b/", v.pipe(v.string(), v.regex(/a/), v.regex(/c/)), v.pipe(v.string(), v.regex(/b/))],
  ])("breaks its callers: %s", (problem, before, after) => {
    expect(breaks(before, after).join("\n")).toContain(problem);
  });

  it.each<[string, v.GenericSchema, v.GenericSchema]>([
    ["nothing", base, base],
    ["a new optional key", base, v.object({ ...base.entries, y: v.optional(v.number(), 1) })],
    ["an optional key", base, v.object({ x: v.optional(v.number()), name: v.optional(v.string()) })],
    ["wider bounds", v.pipe(v.number(), v.minValue(3)), v.pipe(v.number(), v.minValue(2))],
    ["more types", v.number(), v.union([v.string(), v.number()])],
    ["any type", base, v.unknown()],
    ["text instead of a choice", v.picklist(["a"]), v.string()],
    ["what comes after a transformation", v.string(), v.pipe(v.string(), v.transform(Number), v.minValue(3))],
    [
      "a condition that is code",
      v.number(),
      v.pipe(
        v.number(),
        v.check((x) => x > 3),
      ),
    ],
    ["null", v.string(), v.nullish(v.string())],
  ])("does not break them by %s", (_, before, after) => {
    expect(breaks(before, after)).toEqual([]);
  });
});

const outputBreaks = async (before: v.GenericSchema, after: v.GenericSchema) =>
  schemaBreaks(await outputDocumentOf(before), await outputDocumentOf(after), { direction: "response", at: "output" });

interface Tree {
  readonly parts?: readonly Tree[] | undefined;
}
const nested = (leaf: v.GenericSchema) => {
  const tree: v.GenericSchema<Tree> = v.object({ leaf, parts: v.optional(v.array(v.lazy(() => tree))) });
  return v.object({ tree: v.lazy(() => tree) });
};

describe("the output of a model", () => {
  const base = v.object({ variety: v.picklist(["a", "b"]), note: v.optional(v.string()) });

  it.each<[string, v.GenericSchema, v.GenericSchema]>([
    ["output.note is gone", base, v.object({ variety: base.entries.variety })],
    [
      "output.variety can be missing now",
      base,
      v.object({ ...base.entries, variety: v.optional(base.entries.variety) }),
    ],
    ["output.variety can be c now", base, v.object({ ...base.entries, variety: v.picklist(["a", "b", "c"]) })],
    ["output.variety can be null now", base, v.object({ ...base.entries, variety: v.nullable(base.entries.variety) })],
    ["output can have other keys now", v.strictObject(base.entries), v.object(base.entries)],
    ["output was of type number, now string", v.number(), v.pipe(v.number(), v.transform(String), v.string())],
    ["output was of type string, now any", v.string(), v.pipe(v.string(), v.transform(Number))],
    ["output has no maximum any more", v.pipe(v.number(), v.maxValue(1)), v.number()],
    ["output.tree.leaf was of type number, now string", nested(v.number()), nested(v.string())],
  ])("breaks its callers: %s", async (problem, before, after) => {
    expect(await outputBreaks(before, after)).toEqual([expect.stringContaining(problem)]);
  });

  it.each<[string, v.GenericSchema, v.GenericSchema]>([
    ["nothing", base, base],
    ["a new key", base, v.object({ ...base.entries, more: v.number() })],
    ["a key that is always there", base, v.object({ ...base.entries, note: v.string() })],
    ["fewer choices", base, v.object({ ...base.entries, variety: v.literal("a") })],
    ["text without white space around it", v.string(), v.pipe(v.string(), v.trim())],
    ["what JSON Schema cannot say", v.object({ at: v.date() }), v.object({ at: v.date() })],
    [
      "a condition that is code",
      v.number(),
      v.pipe(
        v.number(),
        v.check((x) => x > 3),
      ),
    ],
  ])("does not break them by %s", async (_, before, after) => {
    expect(await outputBreaks(before, after)).toEqual([]);
  });
});

describe("a training that would break callers", () => {
  const setUp = (host = testHost()) => {
    const open = (definition: ApiDefinition, model: object = {}, input?: v.GenericSchema<{ x: number }>) =>
      createLaunchpad({
        config: {
          model_store: { location: "memory:" },
          model: { name: "sum", version: "1.0.0", module: "m", ...model },
          api: { name: "sum" },
        },
        model: defineModel({ train: () => 1, test: () => ({}), predict: () => 1, ...(input && { input }) }),
        host,
        api: definition,
      });
    return { host, open };
  };

  it("is kept and not made current, and says what breaks", async () => {
    const { open } = setUp();
    const first = await open(one()).train();
    expect(first.meta?.api).toEqual(JSON.parse(JSON.stringify(one())));
    const launchpad = open(one({ required: true }));
    const second = await launchpad.train();
    expect(second).toMatchObject({ promoted: false, breaks: ["/sums: the parameter x is required now"] });
    expect(await launchpad.store.current("sum", "1.0.0")).toBe(first.meta?.run);
    const refusal = refusalOf(second, second.meta);
    expect(refusal).toMatchObject({ code: "BREAKING_CHANGE", exitCode: 3 });
    expect(refusal?.message).toContain("breaking change: /sums: the parameter x is required now");
    expect(await open(one()).train()).toMatchObject({ promoted: true });
  });

  it("is made current when that is allowed", async () => {
    const { open } = setUp();
    await open(one()).train();
    expect(await open(one({ required: true }), { breaking: "allow" }).train()).toMatchObject({ promoted: true });
  });

  it("is only warned of in a version 0.x, unless the configuration says how", async () => {
    const host = testHost();
    const warnings = () =>
      host.records.flatMap(({ level, message }) => (level === "warning" && /breaking/.test(message) ? [message] : []));
    const { open } = setUp(host);
    const draft = (definition: ApiDefinition, more = {}) =>
      open({ ...definition, version: "v0" }, { version: "0.3.0", ...more });
    await draft(one()).train();
    expect(await draft(one({ required: true }), { breaking: "refuse" }).train()).toMatchObject({ promoted: false });
    expect(warnings()).toEqual([]);
    expect(await draft(one({ required: true })).train()).toMatchObject({ promoted: true, breaks: [] });
    expect(warnings()).toEqual(["sum 0.3.0: breaking change: /sums: the parameter x is required now"]);
    await open(one()).train();
    expect(await open(one({ required: true }), { breaking: "warn" }).train()).toMatchObject({ promoted: true });
  });

  it("is compared within one major version, also at the first training of a version", async () => {
    const { open } = setUp();
    await open(one(), { version: "1.9.0" }).train();
    await open({ ...api(resource([])), version: "v0" }, { version: "0.1.0" }).train();
    expect(await open(one({ required: true }), { version: "1.10.0" }).train()).toMatchObject({ promoted: false });
    const other = { ...one({ required: true }), version: "v2" };
    expect(await open(other, { version: "2.0.0" }).train()).toMatchObject({ promoted: true });
  });

  it("may break them by its input, too", async () => {
    const { open } = setUp();
    await open(one(), {}, v.object({ x: v.number() })).train();
    const { meta, ...second } = await open(one(), {}, v.object({ x: v.pipe(v.number(), v.minValue(1)) })).train();
    expect(second.breaks).toEqual(["input.x has a min_value of 1, where there was none"]);
    expect(meta?.input_schema).toMatchObject({ type: "object" });
  });

  it("may break them by its output, too", async () => {
    const { open, host } = setUp();
    const answering = (output: v.GenericSchema) =>
      createLaunchpad({
        config: open(one()).config,
        model: defineModel({ train: () => 1, test: () => ({}), predict: () => ({ sum: 1 }), output }),
        host,
        api: one(),
      });
    const { meta } = await answering(v.object({ sum: v.number() })).train();
    expect(meta?.output_schema).toMatchObject({ type: "object", properties: { sum: { type: "number" } } });
    const second = await answering(v.object({ sum: v.nullable(v.number()) })).train();
    expect(second).toMatchObject({ promoted: false, breaks: ["output.sum can be null now"] });
    expect(await answering(v.object({ sum: v.number(), more: v.optional(v.string()) })).train()).toMatchObject({
      promoted: true,
    });
  });

  it("tells a break of a result once, which the model's output describes", async () => {
    const { open, host } = setUp();
    const described = (output: v.GenericSchema) =>
      createLaunchpad({
        config: open(one()).config,
        model: defineModel({ train: () => 1, test: () => ({}), predict: () => ({ sum: 1 }), output }),
        host,
      });
    await described(v.object({ sum: v.number() })).train();
    const { breaks } = await described(v.object({ sum: v.nullable(v.number()) })).train();
    expect(breaks).toEqual(["/predictions: the result.sum can be null now"]);
  });

  it("may break them by another path", async () => {
    const { open, host } = setUp();
    await open(one()).train();
    const moved = createLaunchpad({
      config: {
        model_store: { location: "memory:" },
        model: { name: "sum", version: "1.0.0", module: "m" },
        api: { name: "totals" },
      },
      model: defineModel({ train: () => 1, test: () => ({}), predict: () => 1 }),
      host,
      api: one(),
    });
    expect((await moved.train()).breaks).toEqual(["the API was at /sum/v1, and is at /totals/v1 now"]);
  });

  it("does not begin with an API that is not as it should be", async () => {
    const launchpad = createLaunchpad({
      config: {
        model_store: { location: "memory:" },
        model: { name: "sum", version: "2.0.0", module: "m" },
        api: { name: "sum" },
      },
      model: defineModel({ train: () => expect.unreachable(), test: () => ({}), predict: () => 1 }),
      host: testHost(),
      api: one(),
    });
    await expect(launchpad.train()).rejects.toMatchObject({ code: "API_INVALID" });
  });
});
