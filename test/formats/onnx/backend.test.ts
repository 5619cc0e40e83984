import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { OnnxFault } from "../../../src/model/types/onnx/fault.ts";
import { planOf } from "../../../src/model/types/onnx/graph.ts";
import { domains } from "../../../src/model/types/onnx/operators/table.ts";
import { readModel } from "../../../src/model/types/onnx/proto/model.ts";
import { runner } from "../../../src/model/types/onnx/run.ts";
import type { Tensor } from "../../../src/model/types/onnx/tensor.ts";
import { type BackendCase, backendCases } from "./corpus.ts";

const json = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));

/** Cases that are left out, each with the reason: types that the reader has not, and versions before it. */
const excluded: Readonly<Record<string, string>> = json("./backend-excluded.json");

function differences(found: Tensor | undefined, expected: Tensor, { rtol, atol }: BackendCase): string[] {
  if (found?.type !== expected.type || String(found.dims) !== String(expected.dims)) {
    return [`expected ${expected.type} [${expected.dims}], found ${found?.type} [${found?.dims}]`];
  }
  return [...expected.data].flatMap((value, at) => {
    const other = found.data[at];
    if (Object.is(value, other) || value === other) return [];
    const near =
      typeof value === "number" &&
      typeof other === "number" &&
      Math.abs(value - other) <= atol + rtol * Math.abs(value);
    return near ? [] : [`at ${at}: expected ${value}, found ${other}`];
  });
}

/** What went wrong, or the reason why a case cannot run. */
function outcome(each: BackendCase): { differences: string[] } | { reason: string } {
  try {
    const model = readModel(each.file);
    const outputs = model.graph.outputs.map(({ name }) => name);
    const run = runner(
      planOf(model, outputs),
      model.graph.inputs.map(({ name }) => name),
      outputs,
    );
    const sets = each.sets.map((set) => {
      if (set === undefined) throw new OnnxFault("values that are no tensors", "unsupported");
      const found = run(set.inputs());
      return set.outputs().flatMap((expected, at) => differences(found[at], expected, each));
    });
    return { differences: sets.flat() };
  } catch (cause) {
    if (cause instanceof OnnxFault && cause.blame === "unsupported") return { reason: cause.message };
    throw cause;
  }
}

describe("backend tests of ONNX", () => {
  const cases = backendCases();
  const reasons: Record<string, string> = {};

  it("are those of all operators of the reader", () => {
    const known = Object.entries(domains).map(([domain, { operators }]) => [domain, Object.keys(operators).sort()]);
    expect(json("./operators.json")).toEqual(Object.fromEntries(known));
    expect(cases.length).toBeGreaterThan(900);
  });

  it("pass", () => {
    const failed: Record<string, string[]> = {};
    let passed = 0;
    for (const each of cases) {
      const found = outcome(each);
      if ("reason" in found) reasons[each.name] = found.reason;
      else if (found.differences.length > 0) failed[each.name] = found.differences.slice(0, 3);
      else passed += 1;
    }
    expect(failed).toEqual({});
    expect(passed).toBe(cases.length - Object.keys(excluded).length);
  });

  it("are left out only for the reasons that are listed", () => {
    expect(reasons).toEqual(excluded);
  });
});
