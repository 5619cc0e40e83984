import { describe, expect, it } from "vitest";
import { diffMeta } from "../../../../src/store/runs/diff.ts";
import type { Meta } from "../../../../src/store/types.ts";

const meta = (over: object) => ({ metrics: {}, system: {}, config_snapshot: {}, ...over }) as unknown as Meta;

describe("diffMeta", () => {
  it("finds nothing between a run and itself", () => {
    const run = meta({ metrics: { accuracy: 0.9, confusion: [[1, 2]] }, data: [{ name: "petals" }] });
    expect(Object.values(diffMeta(run, structuredClone(run))).flat()).toEqual([]);
  });

  it("names every value that differs, is missing or is new, where it is", () => {
    const a = meta({
      metrics: { accuracy: 0.9, old: 1, confusion: [[7, 0]] },
      config_snapshot: { model: { name: "x" } },
      code: { sha256: "aa" },
      output_schema: { type: "string" },
    });
    const b = meta({
      metrics: { accuracy: 0.95, new: null, confusion: [[6, 0]] },
      config_snapshot: { model: "x" },
      code: { sha256: "aa" },
      api: { resources: [] },
      output_schema: { type: "number" },
    });
    expect(diffMeta(a, b)).toEqual({
      metrics: [
        { path: "metrics.accuracy", a: 0.9, b: 0.95 },
        { path: "metrics.old", a: 1, b: undefined },
        { path: "metrics.confusion.0.0", a: 7, b: 6 },
        { path: "metrics.new", a: undefined, b: null },
      ],
      data: [],
      code: [],
      config_snapshot: [{ path: "config_snapshot.model", a: { name: "x" }, b: "x" }],
      api: [{ path: "api", a: undefined, b: { resources: [] } }],
      input_schema: [],
      output_schema: [{ path: "output_schema.type", a: "string", b: "number" }],
      system: [],
    });
  });

  it("is not led astray by keys such as __proto__ or toString", () => {
    const a = meta({ metrics: JSON.parse('{"toString": 1, "__proto__": 2}') });
    expect(diffMeta(a, meta({})).metrics.map(({ path }) => path)).toEqual(["metrics.toString", "metrics.__proto__"]);
  });
});
