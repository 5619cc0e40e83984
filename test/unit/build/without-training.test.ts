import { describe, expect, it } from "vitest";
import { withoutTraining } from "../../../runtimes/build/without-training.ts";

const compact = (code: string) => code.replace(/\s+/g, " ").trim();

describe("withoutTraining", () => {
  const cases: Record<string, readonly [string, string]> = {
    "defineModel by default": [
      "export default defineModel({ train() { return fit(); }, test: async () => ({}), predict: (m) => m });",
      "export default defineModel({ predict: (m) => m });",
    ],
    "a plain object, with training last": [
      "export default { predict: (m) => m, test() {}, train() {} }",
      "export default { predict: (m) => m, }",
    ],
    "a variable": [
      "const model = { train, predict }; export default model;",
      "const model = { predict }; export default model;",
    ],
    "a variable that is exported as default": [
      "const model = defineModel({ train: () => 1, predict }); export { model as default };",
      "const model = defineModel({ predict }); export { model as default };",
    ],
    "imports and functions that only training used, in turn": [
      'import fs, { readFileSync } from "node:fs"; import { a, b } from "x"; const load = () => helper(readFileSync); function helper(x) { return a(x, fs); } export default { train: () => load(), predict: () => b };',
      'import { b } from "x"; export default { predict: () => b };',
    ],
    "nothing that prediction uses as well": [
      'import { a } from "x"; const both = () => a; export default { train: () => both(), predict: () => both() };',
      'import { a } from "x"; const both = () => a; export default { predict: () => both() };',
    ],
    "no import for its effects, and none that nothing used before": [
      'import "effects"; import { unused } from "y"; export default { train() {}, predict };',
      'import "effects"; import { unused } from "y"; export default { predict };',
    ],
    "no value that does something when it is made": [
      "const started = begin(); export default { train: () => started, predict };",
      "const started = begin(); export default { predict };",
    ],
  };
  for (const [what, [code, expected]] of Object.entries(cases)) {
    it(`understands ${what}`, async () => {
      const stripped = await withoutTraining(code);
      expect(stripped.removed).toBe(true);
      expect(compact(stripped.code)).toBe(expected);
    });
  }

  it("keeps every line where it was", async () => {
    const { code } = await withoutTraining(
      "export default {\n  train() {\n    go();\n  },\n  predict() { throw 1; }\n}",
    );
    expect(code.split("\n").findIndex((line) => line.includes("throw"))).toBe(4);
  });

  const left = [
    "export default create();",
    "export default { predict }",
    "export default { ...parts, predict }",
    "export default { train() {}, predict() { return this.train(); } }",
    "const model = { test() {}, predict: () => model.test() }; export default model;",
    'export { default } from "./other.js";',
    "this is not JavaScript",
  ];
  for (const code of left) {
    it(`leaves ${code} as it is`, async () => {
      expect(await withoutTraining(code)).toEqual({ code, removed: false });
    });
  }
});
