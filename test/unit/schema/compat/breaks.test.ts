import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Direction, schemaBreaks } from "../../../../src/schema/compat/breaks.ts";

const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });
const a = (schema: unknown, more: object = {}) => object({ a: schema }, more);
const text = { type: "string" };
const number = { type: "number" };

const tree = { $ref: "#/$defs/node", $defs: { node: object({ left: { $ref: "#/$defs/node" }, value: number }) } };
const textTree = { $ref: "#/$defs/node", $defs: { node: object({ left: { $ref: "#/$defs/node" }, value: text }) } };

const responses: readonly (readonly [line: string, before: unknown, after: unknown])[] = [
  ["x.a is gone", a(text), object({})],
  ["x.a is gone", a(text), object({}, { additionalProperties: false })],
  ["x.a can be missing now", a(text, { required: ["a"] }), a(text)],
  ["x.a can be missing now", a({ ...text, required: true }), a(text)],
  ["x.a was of type string, now number", a(text), a(number)],
  ["x.a was of type integer, now number", a({ type: "integer" }), a(number)],
  ["x.a was of type string, now any", a(text), a({})],
  ["x.a was of type string, now string or number", a(text), a({ type: ["string", "number"] })],
  ["x.a was of type string, now string or number", a(text), a({ anyOf: [text, number] })],
  ["x.a can be null now", a(text), a({ type: ["string", "null"] })],
  ["x.a can be null now", a(text), a({ ...text, nullable: true })],
  ["x can be c now", { enum: ["a", "b"] }, { enum: ["a", "c", "b"] }],
  ["x can be b now", { const: "a" }, { const: "b" }],
  ["x can be any string now, was a, b", { enum: ["a", "b"] }, text],
  ["x has no maximum any more, which was 1", { ...number, maximum: 1 }, number],
  ["x has a maximum of 2, which was 1", { ...number, maximum: 1 }, { ...number, maximum: 2 }],
  ["x has a minimum of 0, which was more than 0", { ...number, exclusiveMinimum: 0 }, { ...number, minimum: 0 }],
  [
    "x has a minimum of 0, which was more than 0",
    { ...number, minimum: 0, exclusiveMinimum: true },
    { ...number, minimum: 0 },
  ],
  ["x has no format any more, which was date", { ...text, format: "date" }, text],
  ["x has another pattern, ^b, which was ^a", { ...text, pattern: "^a" }, { ...text, pattern: "^b" }],
  ["x has a multipleOf of 2, which was 4", { ...number, multipleOf: 4 }, { ...number, multipleOf: 2 }],
  ["x has no maxItems any more, which was 2", { type: "array", maxItems: 2 }, { type: "array" }],
  ["x[] was of type string, now number", { type: "array", items: text }, { type: "array", items: number }],
  ["x[1] was of type number, now string", { prefixItems: [text, number] }, { prefixItems: [text, text] }],
  ["x[1] was of type number, now string", { items: [text, number] }, { items: [text, text] }],
  [
    "x has no maxItems any more, which was 2",
    { prefixItems: [text, text], items: false },
    { prefixItems: [text, text], items: text },
  ],
  ["x can have other keys now", a(text, { additionalProperties: false }), a(text)],
  [
    "x.b is new, where there were no other keys",
    a(text, { additionalProperties: false }),
    object({ a: text, b: text }, { additionalProperties: false }),
  ],
  ["x.* was of type number, now string", { additionalProperties: number }, { additionalProperties: text }],
  ["x.a was of type string, now number", a(text), { allOf: [{ type: "object" }, a(number)] }],
  ["x.value was of type number, now string", tree, textTree],
];

const requests: readonly (readonly [line: string, before: unknown, after: unknown])[] = [
  ["x.a is required now", a(text), a(text, { required: ["a"] })],
  ["x.a is new and required", object({}), a(text, { required: ["a"] })],
  ["x.a is gone", a(text, { additionalProperties: false }), object({}, { additionalProperties: false })],
  ["x takes no other keys any more", a(text), a(text, { additionalProperties: false })],
  ["x was of type number, now integer", number, { type: "integer" }],
  ["x was of type string or number, now number", { type: ["string", "number"] }, number],
  ["x cannot be null any more", { type: ["string", "null"] }, text],
  ["x takes only 1, 2 now", number, { ...number, enum: [1, 2] }],
  ["x does not take 2 any more", { enum: [1, 2] }, { enum: [1, 3] }],
  ["x has a minimum of 1, which was 0", { ...number, minimum: 0 }, { ...number, minimum: 1 }],
  ["x has a maximum of 9, where there was none", number, { ...number, maximum: 9 }],
  ["x has a maximum of 1, which was 2", { enum: [1, 2] }, { ...number, maximum: 1 }],
  ["x has another pattern, b, where there was none", text, { ...text, pattern: "b" }],
  ["x has a format of email, where there was none", text, { ...text, format: "email" }],
  ["x has a minLength of 2, where there was none", text, { ...text, minLength: 2 }],
  ["x[] has a minimum of 1", { items: number }, { items: { ...number, minimum: 1 } }],
  ["x.value was of type number, now string", tree, textTree],
];

const harmless: readonly (readonly [what: string, direction: Direction, before: unknown, after: unknown])[] = [
  ["a new key", "response", a(text), object({ a: text, b: text }, { required: ["b"] })],
  ["a key that is always there", "response", a(text), a(text, { required: ["a"] })],
  ["a narrower type", "response", a(number), a({ type: "integer" })],
  ["fewer choices", "response", { enum: ["a", "b"] }, { enum: ["a"] }],
  ["choices instead of text", "response", text, { enum: ["a"] }],
  ["never null", "response", { ...text, nullable: true }, text],
  ["narrower bounds", "response", { ...number, minimum: 0 }, { ...number, minimum: 1, maximum: 3 }],
  ["a multiple of more", "response", { ...number, multipleOf: 2 }, { ...number, multipleOf: 4 }],
  [
    "a key below what all keys are",
    "response",
    { additionalProperties: number },
    a({ type: "integer" }, { additionalProperties: false }),
  ],
  ["nothing at all", "response", text, { allOf: [text, number] }],
  ["a new optional key", "request", a(text), object({ a: text, b: text })],
  ["an optional key", "request", a(text, { required: ["a"] }), a(text)],
  ["a key that is not described any more", "request", a(text), object({})],
  ["a wider type", "request", { type: "integer" }, number],
  ["any type", "request", a(text), {}],
  ["more choices", "request", { enum: ["a"] }, { enum: ["a", "b"] }],
  ["text instead of choices", "request", { enum: ["abc"] }, { ...text, maxLength: 3 }],
  ["single values as alternatives", "request", { enum: ["a", "b"] }, { oneOf: [{ const: "a" }, { const: "b" }] }],
  ["true and false as alternatives", "request", { type: "boolean" }, { anyOf: [{ const: true }, { const: false }] }],
  ["wider bounds", "request", { ...number, minimum: 1 }, { ...number, minimum: 0 }],
  ["a bound that everything keeps", "request", text, { ...text, minLength: 0 }],
  [
    "parts instead of the whole",
    "request",
    a(text),
    { allOf: [{ type: "object" }, a({ $ref: "#/$defs/t" })], $defs: { t: text } },
  ],
  ["notes", "request", text, { ...text, title: "T", description: "D", default: "d", examples: ["e"] }],
  ["a reference that leads nowhere", "request", text, { $ref: "#/nowhere" }],
  ["a schema that is nothing but itself", "request", { $ref: "#" }, { allOf: [{ $ref: "#" }] }],
];

/** The same pairs at every run; other seeds were tried when this was written. */
const seed = 1;

const options = (direction: Direction) => ({ direction, at: "x" });

/** Schemas of few keywords and values, so that many pairs of them have to do with each other. */
const schemas = fc.letrec<{ any: object; deep: object; plain: object }>((tie) => ({
  plain: fc.oneof(
    fc.record(
      {
        type: fc.constantFrom("integer", "number"),
        minimum: fc.nat(2),
        maximum: fc.integer({ min: 1, max: 4 }),
        exclusiveMinimum: fc.nat(2),
      },
      { requiredKeys: ["type"] },
    ),
    fc.record({ type: fc.constant("string"), minLength: fc.nat(2), maxLength: fc.nat(2) }, { requiredKeys: ["type"] }),
    fc.record({ enum: fc.uniqueArray(fc.constantFrom<unknown>(1, 2, 0.5, "", "a", null, true), { minLength: 1 }) }),
    fc.constantFrom(
      {},
      { type: "boolean" },
      { type: "null" },
      { type: ["string", "null"] },
      { const: "a" },
      { const: 1 },
    ),
  ),
  deep: fc.oneof(
    fc
      .record({ a: tie("any"), b: tie("any"), closed: fc.boolean(), required: fc.subarray(["a", "b"]) })
      .map(({ a, b, closed, required }) =>
        object(closed ? { a, b } : { a }, { required, additionalProperties: closed ? false : b }),
      ),
    tie("any").map((items) => ({ type: "array", items })),
    fc.tuple(tie("any"), tie("any")).map(([first, items]) => ({ type: "array", prefixItems: [first], items })),
    fc.tuple(tie("any"), tie("any")).map((anyOf) => ({ anyOf })),
    fc.tuple(tie("any"), tie("any")).map((allOf) => ({ allOf })),
  ),
  any: fc.oneof({ depthSize: "small", withCrossShrink: true }, tie("plain"), tie("deep")),
})).any;

const leaves = [null, true, false, 0, 1, 2, 3, 0.5, 1.5, 5, "", "a", "bb", "ccc"] as const;
const pairs = [null, true, 1, 0.5, "a", "bb", 5];
const values: readonly unknown[] = [
  ...leaves,
  ...[[], {}, [[]], [{}], { a: {} }, { a: [] }],
  ...leaves.flatMap((one) => [[one], { a: one }, { b: one }, { a: { a: one } }, [[one]], { a: [one] }, [{ a: one }]]),
  ...pairs.flatMap((one) => pairs.flatMap((other) => [[one, other], { a: one, b: other }])),
];

describe("a schema that becomes another one", () => {
  it.each(responses)("breaks who reads a response: %s (%j, %j)", (line, before, after) => {
    expect(schemaBreaks(before, after, options("response"))).toEqual([line]);
  });

  it.each(requests)("breaks who makes a request: %s (%j, %j)", (line, before, after) => {
    const found = schemaBreaks(before, after, options("request"));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(line);
  });

  it.each(harmless)("breaks nobody by %s in a %s (%j, %j)", (_, direction, before, after) => {
    expect(schemaBreaks(before, after, options(direction))).toEqual([]);
  });

  it("finds what references mean", () => {
    const before = a({ $ref: "#/components/schemas/Age" });
    const lookups = {
      lookupBefore: (ref: string) => ({ "#/components/schemas/Age": number })[ref],
      lookupAfter: (ref: string) => ({ "#/components/schemas/Age": text })[ref],
    };
    expect(schemaBreaks(before, before, { direction: "response", at: "result", ...lookups })).toEqual([
      "result.a was of type number, now string",
    ]);
    expect(schemaBreaks(text, number, { direction: "response" })).toEqual(["was of type string, now number"]);
  });

  it("keeps its promise, by the judgement of another validator", () => {
    const ajv = new Ajv2020({ strict: false });
    let compared = 0;
    let safe = 0;
    let broken = 0;
    const check = (before: object, after: object) => {
      const [was, is] = [ajv.compile(before), ajv.compile(after)];
      for (const [direction, inner, outer] of [
        ["request", was, is],
        ["response", is, was],
      ] as const) {
        compared++;
        const lines = schemaBreaks(before, after, options(direction));
        const lost = values.find((value) => inner(value) && !outer(value));
        if (lines.length === 0) {
          safe++;
          expect({ direction, before, after, lost }).toEqual({ direction, before, after, lost: undefined });
        } else if (lost !== undefined) broken++;
      }
      ajv.removeSchema();
    };
    fc.assert(fc.property(schemas, schemas, check), { seed, numRuns: 2000 });
    // A schema and one that lets in more, so that not all pairs break.
    fc.assert(
      fc.property(schemas, schemas, (one, other) => check(one, { anyOf: [one, other] })),
      { seed, numRuns: 700 },
    );
    fc.assert(
      fc.property(schemas, (one) => {
        expect(schemaBreaks(one, structuredClone(one), options("response"))).toEqual([]);
      }),
    );
    console.log(
      `${compared} comparisons of schemas: ${safe} safe, none of them wrongly; of the others, ${broken} shown by a value`,
    );
    expect(Math.min(safe, broken)).toBeGreaterThan(500);
  });

  it("ends, however much there is to compare", () => {
    const wide = (depth: number): object =>
      depth === 0 ? text : { anyOf: Array.from({ length: 6 }, (_, at) => object({ [`k${at}`]: wide(depth - 1) })) };
    const started = performance.now();
    schemaBreaks(wide(5), wide(5), options("response"));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
