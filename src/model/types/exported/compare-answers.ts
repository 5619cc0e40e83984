import { toPlain } from "../../../data/to-json.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { Sample } from "../../define.ts";
import type { FileContents } from "../file/contents.ts";

/**
 * Checks that the file of a model answers as the module's own `predict` does: what that adds to an estimator is in no file.
 *
 * @param samples Arguments, and what the file answers.
 * @param answers What the module answered, in the same order.
 * @param contents The model.
 *
 * @throws SAMPLES_DIFFER naming the first part of an answer that is not the same.
 */
export function compareAnswers(
  samples: readonly Sample[],
  answers: readonly unknown[],
  { options, target, labels, model }: FileContents,
): void {
  const leastScale = labels && model.format === "onnx" ? 1 : 0;
  for (const [at, sample] of samples.entries()) {
    const own = toPlain(answers[at]);
    const found = differenceOf(own, toPlain(sample.prediction), "");
    if (found === undefined) continue;
    const name = typeof own === "object" && own !== null && !Array.isArray(own) ? nameOfTarget(own, sample) : undefined;
    const advice =
      name !== undefined && name !== target
        ? `Write "target: ${name}" below model, so that the answer of the file has that name`
        : "What predict does besides is in no file: put it into the estimator (a Pipeline), or leave predict out of the module, " +
          "whose API is then the answer of the file. Or leave out model.export";
    throw new LaunchpadError(
      "SAMPLES_DIFFER",
      `model.export: predict of the module answers ${shown(own)}, the exported file ${shown(toPlain(sample.prediction))}${found && ` (${found})`}, ` +
        `expected the same. ${advice}.`,
      { detail: "The exported model does not answer as the module does." },
    );
  }

  /** Every part of what the module answers must be in the answer of the file, which may say more. */
  function differenceOf(own: unknown, file: unknown, path: string): string | undefined {
    if (typeof own === "number" && typeof file === "number") {
      const scale = Math.max(Math.abs(own), Math.abs(file), leastScale);
      return own === file || Math.abs(own - file) <= options.tolerance * scale ? undefined : path;
    }
    if (typeof own !== "object" || own === null) return own === file ? undefined : path;
    if (typeof file !== "object" || file === null || Array.isArray(own) !== Array.isArray(file)) return path;
    for (const [key, value] of Object.entries(own)) {
      const inner = differenceOf(value, (file as Record<string, unknown>)[key], path === "" ? key : `${path}.${key}`);
      if (inner !== undefined) return inner;
    }
    return undefined;
  }

  function nameOfTarget(own: object, { prediction }: Sample): string | undefined {
    const value = (prediction as Record<string, unknown>)[target];
    return Object.entries(own).find(([, one]) => differenceOf(one, value, "") === undefined)?.[0];
  }
}

/** Long answers say no more than their beginning. */
function shown(answer: unknown): string {
  const text = JSON.stringify(answer) ?? String(answer);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
