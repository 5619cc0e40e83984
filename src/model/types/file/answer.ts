import type { AnyFileModel, Contributions, Predictions } from "../file-model.ts";

type Label = string | number | boolean;

/**
 * Answers of a model as the API gives them.
 *
 * @param model The model.
 * @param predictions What it predicted.
 * @param labels Labels of its classes.
 * @param target Name of the prediction.
 *
 * @returns One object for each row: the prediction, and probabilities by label where the library gives them.
 */
export function answersOf(
  model: AnyFileModel,
  { length, values, labels: indices, probabilities }: Predictions,
  labels: readonly Label[] | undefined,
  target: string,
): Record<string, unknown>[] {
  const width = model.outputs.length || 1;
  return Array.from({ length }, (_, row) => {
    const answer: Record<string, unknown> = {};
    if (labels && indices) answer[target] = labels[indices[row] as number];
    else if (values)
      answer[target] = width === 1 ? values[row] : Array.from(values.subarray(row * width, (row + 1) * width));
    if (labels && probabilities) {
      const own: Record<string, number> = {};
      for (const [index, label] of labels.entries())
        own[String(label)] = probabilities[row * labels.length + index] as number;
      answer.probabilities = own;
    }
    return answer;
  });
}

/**
 * Contributions as the API gives them: by feature; where there are several scores, by label or output first.
 *
 * @param model The model.
 * @param explained Contributions of one row.
 * @param names Names of the features in the API.
 * @param labels Labels of its classes.
 *
 * @returns `contributions` and `baseline`: their sum is the raw score.
 */
export function explanationOf(
  model: AnyFileModel,
  { values, baseline }: Contributions,
  names: readonly string[],
  labels: readonly Label[] | undefined,
): { readonly contributions: object; readonly baseline: unknown } {
  const ofScore = (score: number) =>
    Object.fromEntries(names.map((name, index) => [name, values[score * names.length + index] as number]));
  if (baseline.length === 1) return { contributions: ofScore(0), baseline: baseline[0] };
  const scores = Array.from(baseline, (_, score) => String(labels?.[score] ?? model.outputs[score] ?? score));
  return {
    contributions: Object.fromEntries(scores.map((name, score) => [name, ofScore(score)])),
    baseline: Object.fromEntries(scores.map((name, score) => [name, baseline[score]])),
  };
}
