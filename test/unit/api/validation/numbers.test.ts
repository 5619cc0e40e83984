import { describe, expect, it } from "vitest";
import type { ApiDefinition, Parameter } from "../../../../src/api/definition.ts";
import { numbersOnly } from "../../../../src/api/validation/numbers.ts";
import { compileResource } from "../../../../src/api/validation/resource.ts";
import { compileRow, rowResource } from "../../../../src/api/validation/row.ts";

const parameter = (name: string, schema: Parameter["schema"], more: object = {}): Parameter => ({
  name,
  in: "query",
  required: true,
  schema,
  ...more,
});
const definition = (parameters: readonly Parameter[]): ApiDefinition => ({
  title: "T",
  version: "v1",
  resources: [{ path: "/a", methods: ["POST"], additional: false, parameters }],
});

const numbers = definition([
  parameter("size", { type: "number", minimum: 0, maximum: 10 }),
  parameter("rooms", { type: "integer", minimum: -2 }),
]);

/** What may stand in a row, right and wrong. */
const values = [
  ...[0, -0, 1, 10, 10.5, -1, -2, -3, 0.1, 1e300, 2 ** 53, 2 ** 53 - 1, Number.NaN, Number.POSITIVE_INFINITY],
  ...[null, undefined, "1", "a", "", true, [], [1], {}, 5n],
];

describe("rows of numbers", () => {
  it("are what validation makes of them, whatever stands in them", () => {
    const found = rowResource(numbers);
    if (found === undefined) throw new Error("no resource");
    const slow = compileResource(found.resource, {});
    const quick = compileRow(numbers);
    let taken = 0;
    for (const size of values) {
      for (const rooms of values) {
        for (const row of [
          { size, rooms },
          { rooms, size },
          { size },
          { size, rooms, more: 1 },
          { size, room: rooms },
        ]) {
          const expected = slow({ query: [], path: {}, body: { json: row } });
          const actual = quick(row);
          expect(actual).toEqual(expected);
          if (!actual.faults && !expected.faults) {
            expect(Object.keys(actual.args)).toEqual(Object.keys(expected.args));
          }
          if (numbersOnly(found.resource)?.(row)) taken += 1;
        }
      }
    }
    for (const row of [[], [1, 2], null, 1, "a", Object.create({ size: 1, rooms: 1 })]) {
      expect(quick(row)).toEqual(slow({ query: [], path: {}, body: { json: row } }));
    }
    expect(taken).toBeGreaterThan(50);
  });

  it.each([
    ["a text", parameter("a", { type: "string" })],
    ["one that may be absent", parameter("a", { type: "number" }, { required: false })],
    ["another keyword", parameter("a", { type: "number", multipleOf: 2 })],
    ["several types", parameter("a", { type: ["number", "null"] })],
    ["a name that objects have", parameter("constructor", { type: "number" })],
  ])("are left to validation where there is %s", (_, one) => {
    const found = rowResource(definition([one]));
    expect(found && numbersOnly(found.resource)).toBeUndefined();
  });
});
