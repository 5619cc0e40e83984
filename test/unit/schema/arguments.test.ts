import { describe, expect, it } from "vitest";
import { refused as refusal } from "../../../src/schema/check.ts";
import { compileSchema } from "../../../src/schema/compile.ts";
import type { JsonSchema } from "../../../src/schema/json-schema.ts";

const outcome = (schema: JsonSchema, raw: unknown): { value?: unknown; expected?: string[] } => {
  const expected: string[] = [];
  const run = { quiet: 0, full: false, report: (_: unknown, message: string) => void expected.push(message) };
  const value = compileSchema(schema, { reading: "argument" })(raw, { key: "arg" }, run);
  return value === refusal ? { expected } : { value };
};
const accepted: [string, unknown, unknown][] = [
  ["number", "4.9", 4.9],
  ["number", " 1e3 ", 1000],
  ["number", "-.5", -0.5],
  ["number", "+2.", 2],
  ["number", 7, 7],
  ["integer", "7", 7],
  ["integer", " -12 ", -12],
  ["integer", 7, 7],
  ["integer", "9007199254740991", 9007199254740991],
  ["boolean", "true", true],
  ["boolean", "FALSE", false],
  ["boolean", "1", true],
  ["boolean", "0", false],
  ["boolean", false, false],
  ["boolean", 1, true],
  ["string", "", ""],
  ["string", " a b ", " a b "],
  ["string", 12.5, "12.5"],
];
const refused: [string, unknown][] = [
  ["number", ""],
  ["number", " "],
  ["number", "abc"],
  ["number", "0x10"],
  ["number", "Infinity"],
  ["number", "NaN"],
  ["number", "1e999"],
  ["number", "1_000"],
  ["number", "4,9"],
  ["number", Number.POSITIVE_INFINITY],
  ["number", true],
  ["number", [1]],
  ["integer", "7.5"],
  ["integer", "7.0"],
  ["integer", "1e3"],
  ["integer", 7.5],
  ["integer", "9007199254740993"],
  ["integer", 2 ** 53],
  ["boolean", "yes"],
  ["boolean", ""],
  ["boolean", 2],
  ["string", true],
  ["string", { a: 1 }],
  ["string", ["a"]],
];

describe("arguments of one value", () => {
  it.each(accepted)("takes as %s: %j", (type, raw, value) => {
    expect(outcome({ type }, raw)).toEqual({ value });
  });

  it.each(refused)("refuses as %s: %j", (type, raw) => {
    expect(outcome({ type }, raw).expected).toHaveLength(1);
  });

  it("refuse a JSON number as text when reading it has already changed its digits", () => {
    expect(outcome({ type: "string" }, JSON.parse("12345678901234567890")).expected).toEqual(["expected text"]);
  });

  it("hold minimum and maximum, both included", () => {
    const rules: JsonSchema = { type: "number", minimum: 0, maximum: 10 };
    expect(outcome(rules, "0")).toEqual({ value: 0 });
    expect(outcome(rules, "10")).toEqual({ value: 10 });
    expect(outcome(rules, "-0.1").expected).toEqual(["expected at least 0"]);
    expect(outcome(rules, "10.1").expected).toEqual(["expected at most 10"]);
  });

  it("count characters, not UTF-16 units", () => {
    const rules: JsonSchema = { type: "string", minLength: 2, maxLength: 2 };
    expect(outcome(rules, "🌷🌷")).toEqual({ value: "🌷🌷" });
    expect(outcome(rules, "🌷").expected).toEqual(["expected 2 characters or more"]);
    expect(outcome(rules, "🌷🌷🌷").expected).toEqual(["expected 2 characters or fewer"]);
  });

  it("compare an enum after the conversion", () => {
    const rules: JsonSchema = { type: "integer", enum: [1, 2] };
    expect(outcome(rules, "2")).toEqual({ value: 2 });
    expect(outcome(rules, "3").expected).toEqual(["expected one of 1, 2"]);
  });

  it("match a pattern anywhere unless it is anchored", () => {
    expect(outcome({ type: "string", pattern: "b" }, "abc")).toEqual({ value: "abc" });
    expect(outcome({ type: "string", pattern: "^b$" }, "abc").expected).toEqual(["expected text that matches ^b$"]);
    expect(outcome({ type: "string", pattern: "^\\p{Lu}$" }, "É")).toEqual({ value: "É" });
    expect(outcome({ type: "string", pattern: "^[\\w\\-\\_]+$" }, "a-b_c")).toEqual({ value: "a-b_c" });
  });

  it("name every constraint that does not hold", () => {
    expect(outcome({ type: "string", minLength: 3, pattern: "^x" }, "ab").expected).toEqual([
      "expected 3 characters or more",
      "expected text that matches ^x",
    ]);
  });

  it("answer at once to a long text that is almost a number", () => {
    expect(outcome({ type: "number" }, `${"1".repeat(200_000)}x`).expected).toHaveLength(1);
  });
});
