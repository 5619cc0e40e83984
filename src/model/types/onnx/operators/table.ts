import type { Operator, Operators } from "../node.ts";
import { coreDomain } from "../proto/model.ts";
import { binary } from "./binary.ts";
import { casts } from "./cast.ts";
import { encoders } from "./labels.ts";
import { linear } from "./linear.ts";
import { matrices } from "./matrix.ts";
import { picking } from "./pick.ts";
import { reductions } from "./reduce.ts";
import { scaling } from "./scaling.ts";
import { selection } from "./select.ts";
import { shapes } from "./shape.ts";
import { machines } from "./svm.ts";
import { textual } from "./text.ts";
import { trees } from "./trees.ts";
import { unary } from "./unary.ts";

/** Set of operators: its operators, and the versions that this reader knows. */
interface OperatorSet {
  readonly versions: readonly [least: number, most: number];
  readonly operators: Operators;
}

/** Operators that this reader has, by domain. */
export const domains: Readonly<Record<string, OperatorSet>> = {
  // Before version 7 operators broadcast otherwise.
  [coreDomain]: {
    versions: [7, 28],
    operators: {
      ...unary,
      ...binary,
      ...casts,
      ...shapes,
      ...selection,
      ...picking,
      ...reductions,
      ...matrices,
      ...textual,
    },
  },
  "ai.onnx.ml": { versions: [1, 5], operators: { ...linear, ...machines, ...trees, ...scaling, ...encoders } },
};

/** Operator of a domain, or undefined. */
export function operatorOf(domain: string, name: string): Operator | undefined {
  const operators = domains[domain]?.operators;
  return operators && Object.hasOwn(operators, name) ? operators[name] : undefined;
}
