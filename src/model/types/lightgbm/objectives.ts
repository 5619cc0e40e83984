import type { Task } from "../file-model.ts";
import { exp, log1p } from "../trees/exact.ts";

/** Objective of a model: what its predictions are, and how scores become them, in place. */
export interface Objective {
  readonly name: string;
  readonly task: Task;
  /** Number of classes; 0 if a prediction is a number. */
  readonly classes: number;
  /** Whether a second class is one less the probability of the first score. */
  readonly binary: boolean;
  /** Makes predictions of the scores of a row. */
  convert(scores: Float64Array, start: number): void;
}

const sigmoid = (score: number, slope: number) => 1 / (1 + exp(-slope * score));

const each = (make: (score: number) => number) => (scores: Float64Array, start: number) => {
  scores[start] = make(scores[start] as number);
};

const same = () => {};
const exponential = each(exp);

const regressions = ["regression", "regression_l1", "huber", "fair", "quantile", "mape", "custom"];
const exponentials = ["poisson", "gamma", "tweedie"];
const rankings = ["lambdarank", "rank_xendcg"];

/** Names of all objectives, for messages. */
export const objectiveNames: readonly string[] = [
  ...regressions,
  ...exponentials,
  ...rankings,
  "binary",
  "multiclass",
  "multiclassova",
  "cross_entropy",
  "cross_entropy_lambda",
];

/**
 * Finds what the objective of a file means.
 *
 * @param text Name and parameters, as in "binary sigmoid:1".
 * @param outputs Scores of a row.
 *
 * @returns The objective; undefined for a name or parameters that LightGBM has not.
 */
export function objectiveOf(text: string, outputs: number): Objective | undefined {
  const [name = "", ...words] = text.split(" ").filter((word) => word !== "");
  const parameters = new Map(words.map((word) => [word.split(":")[0], word.split(":")[1]] as const));
  const slope = Number(parameters.get("sigmoid") ?? Number.NaN);
  const number = { name, task: "regression", classes: 0, binary: false } as const;
  if (name === "binary" && outputs === 1 && slope > 0) {
    const convert = each((score) => sigmoid(score, slope));
    return { name, task: "classification", classes: 2, binary: true, convert };
  }
  if (name === "multiclass" && outputs > 1 && parameters.get("num_class") === String(outputs)) {
    const convert = (scores: Float64Array, start: number) => softmax(scores, start, outputs);
    return { name, task: "classification", classes: outputs, binary: false, convert };
  }
  if (name === "multiclassova" && outputs > 1 && slope > 0 && parameters.get("num_class") === String(outputs)) {
    const convert = (scores: Float64Array, start: number) => {
      for (let i = start; i < start + outputs; i++) scores[i] = sigmoid(scores[i] as number, slope);
    };
    return { name, task: "classification", classes: outputs, binary: false, convert };
  }
  if (name === "custom") return { ...number, convert: same };
  if (outputs !== 1) return undefined;
  if (name === "cross_entropy") return { ...number, convert: each((score) => sigmoid(score, 1)) };
  if (name === "cross_entropy_lambda") return { ...number, convert: each((score) => log1p(exp(score))) };
  if (rankings.includes(name)) return { ...number, task: "ranking", convert: same };
  if (exponentials.includes(name)) return { ...number, convert: exponential };
  if (!regressions.includes(name)) return undefined;
  // Huber has no square root, whatever its parameters say.
  const squared = words.includes("sqrt") && name !== "huber";
  return { ...number, convert: squared ? each((score) => Math.sign(score) * score * score) : same };
}

/** Makes probabilities of the scores of a row. */
function softmax(scores: Float64Array, start: number, count: number): void {
  let greatest = scores[start] as number;
  for (let i = start + 1; i < start + count; i++) greatest = Math.max(greatest, scores[i] as number);
  let sum = 0;
  for (let i = start; i < start + count; i++) {
    const power = exp((scores[i] as number) - greatest);
    scores[i] = power;
    sum += power;
  }
  for (let i = start; i < start + count; i++) scores[i] = (scores[i] as number) / sum;
}
