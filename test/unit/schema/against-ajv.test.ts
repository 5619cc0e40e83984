import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refused, type ValidationState } from "../../../src/schema/check.ts";
import { compileSchema } from "../../../src/schema/compile.ts";
import type { JsonSchema } from "../../../src/schema/json-schema.ts";

const run = (): ValidationState & { faults: string[] } => {
  const faults: string[] = [];
  return { faults, quiet: 0, full: false, report: (_, message) => void faults.push(message) };
};

/** Without `__proto__`, of which ajv reads nothing, and `toString`, on which it fails; another test has them. */
const keys = fc.constantFrom("a", "b", "c", "length", "a b");
const scalars = fc.oneof(
  fc.integer({ min: -3, max: 6 }),
  fc.constantFrom(0.5, -0, 2.25, 1e20),
  fc.constantFrom("", "a", "ab", "b", "🌷", "🌷🌷", "1", "x y"),
  fc.boolean(),
  fc.constant(null),
);
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(keys, tie("value"), { maxKeys: 4 }).map((object) => JSON.parse(JSON.stringify(object)) as object),
  ),
}));

const count = fc.nat({ max: 3 });
const optional = { requiredKeys: [] as [] };
const typeNames = fc.constantFrom("null", "boolean", "integer", "number", "string", "array", "object");
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength: 3 });
const unique = <T>(arbitrary: fc.Arbitrary<T>, minLength = 1) => fc.uniqueArray(arbitrary, { minLength, maxLength: 3 });

const { schema: schemas } = fc.letrec<{ schema: JsonSchema }>((tie) => {
  const schema = tie("schema");
  return {
    schema: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.record({ type: fc.oneof(typeNames, unique(typeNames)) }, optional),
      fc.record(
        {
          type: fc.constantFrom("integer", "number", ["number", "string"]),
          minimum: fc.integer({ min: -2, max: 2 }),
          maximum: fc.integer({ min: 0, max: 5 }),
          exclusiveMinimum: fc.integer({ min: -2, max: 2 }),
          exclusiveMaximum: fc.integer({ min: 0, max: 5 }),
          multipleOf: fc.constantFrom(1, 2, 0.5),
        },
        optional,
      ),
      fc.record(
        { minLength: count, maxLength: count, pattern: fc.constantFrom("^a", "b$", "^.$", "\\p{L}", "\\d") },
        optional,
      ),
      fc.record({ enum: fc.array(tie("constant"), { minLength: 1, maxLength: 4 }) }),
      fc.record({ const: tie("constant") }),
      fc.boolean(),
      fc.constantFrom({ $ref: "#/$defs/tree" }, { $ref: "#/$defs/small" }),
      fc.record(
        {
          items: schema,
          prefixItems: some(schema),
          minItems: count,
          maxItems: count,
          uniqueItems: fc.boolean(),
        },
        optional,
      ),
      fc.record({ contains: schema, minContains: count, maxContains: count }, { requiredKeys: ["contains"] }),
      fc.record(
        {
          properties: fc.dictionary(keys, schema, { maxKeys: 3 }),
          required: unique(keys),
          additionalProperties: schema,
          patternProperties: fc.dictionary(fc.constantFrom("^a", "b", "o"), schema, { maxKeys: 2 }),
          propertyNames: fc.record({ pattern: fc.constantFrom("^[abc]$", "b"), maxLength: count }, optional),
          minProperties: count,
          maxProperties: count,
          dependentRequired: fc.dictionary(keys, unique(keys, 0), { maxKeys: 2 }),
          dependentSchemas: fc.dictionary(keys, schema, { maxKeys: 2 }),
        },
        optional,
      ),
      fc.record({ allOf: some(schema), anyOf: some(schema) }, optional),
      fc.record({ oneOf: some(schema), not: schema }, optional),
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits it.
      fc.record({ if: schema, then: schema, else: schema }, { requiredKeys: ["if"] }),
    ) as fc.Arbitrary<JsonSchema>,
    constant: values,
  };
});

const $defs = {
  tree: {
    anyOf: [
      { type: "integer" },
      { type: "array", items: { $ref: "#/$defs/tree" } },
      { type: "object", additionalProperties: { $ref: "#/$defs/tree" } },
    ],
  },
  small: { type: ["number", "string"], maximum: 2, maxLength: 1 },
};
const judge = new Ajv2020({ strict: false, logger: false, ownProperties: true });

describe("a compiled schema", () => {
  it("says of a value what ajv says", () => {
    const verdicts = { fits: 0, faulty: 0 };
    fc.assert(
      fc.property(schemas, fc.array(values, { minLength: 1, maxLength: 8 }), (schema, several) => {
        const whole = typeof schema === "boolean" ? schema : { ...schema, $defs };
        // Through text, so that neither sees what JSON cannot say.
        const document = JSON.parse(JSON.stringify(whole)) as JsonSchema;
        const validate = judge.compile(document as object);
        const check = compileSchema(document);
        for (const given of several) {
          const value = JSON.parse(JSON.stringify(given)) as unknown;
          if (hasUnsafe(value)) continue;
          const expected = verdictOf(validate, value);
          if (expected === undefined) continue;
          const before = JSON.stringify(value);
          const one = run();
          const result = check(value, { key: "" }, one);
          expect(result !== refused, JSON.stringify({ document, value })).toBe(expected);
          // Every refusal says why, and nothing else is a fault.
          expect(one.faults.length > 0, JSON.stringify({ document, value })).toBe(!expected);
          if (expected) expect(result).toBe(value);
          expect(JSON.stringify(value)).toBe(before);
          verdicts[expected ? "fits" : "faulty"]++;
        }
      }),
      { numRuns: 3000 },
    );
    // A judge that always says the same would prove nothing.
    expect(Math.min(verdicts.fits, verdicts.faulty)).toBeGreaterThan(2000);
  }, 60_000);
});

/** ajv 8.20 fails on a few schemas: what it generates for `oneOf` around `prefixItems` names a variable that it lacks. */
function verdictOf(validate: (value: unknown) => unknown, value: unknown): boolean | undefined {
  try {
    return validate(value) === true;
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** Whole numbers past 2^53 are refused here: JSON.parse has already changed their digits. */
function hasUnsafe(value: unknown): boolean {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnsafe);
}
