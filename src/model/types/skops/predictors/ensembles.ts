import {
  classesOf,
  type Input,
  type Outcome,
  type Predictor,
  predictorOf,
  type Read,
  type Reader,
} from "../estimator.ts";
import type { Fields } from "../file/fields.ts";
import { beside, type Data, made } from "../math/matrix.ts";
import { argmax } from "../math/special.ts";

/** Estimators of an ensemble, which all take the same inputs. */
export function members(fields: Fields, name: string, read: Read): readonly Predictor[] {
  const list = fields.objects(name).map((member) => predictorOf(member, read));
  const [first] = list;
  if (!first || list.some(({ inputs }) => inputs.length !== first.inputs.length))
    throw fields.wrong(name, "estimators of as many features");
  return list;
}

/** What all members take. */
export const common = (list: readonly Predictor[]): readonly Input[] =>
  (list[0] as Predictor).inputs.map((input, at) => ({
    ...input,
    missing: list.every(({ inputs }) => inputs[at]?.missing),
  }));

function weightsOf(fields: Fields, count: number): readonly number[] {
  if (fields.optional("weights") === undefined) return new Array(count).fill(1);
  const weights = fields.scalars("weights") as readonly number[];
  const kept = fields.list("estimators").map((item) => !(Array.isArray(item) && item[1] === "drop"));
  const used = weights.filter((_, at) => kept[at]);
  if (used.length !== count || used.some((weight) => typeof weight !== "number"))
    throw fields.wrong("weights", "a number for each estimator");
  return used;
}

/** Weighted mean of lists of numbers. */
export function mean(lists: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return (lists[0] as Float64Array).map(
    (_, at) => lists.reduce((sum, list, member) => sum + (list[at] as number) * (weights[member] as number), 0) / whole,
  );
}

/** Mean or vote of several models. */
export const voting: Reader = (fields, read) => {
  const list = members(fields, "estimators_", read);
  const weights = weightsOf(fields, list.length);
  const inputs = common(list);
  if (fields.name === "VotingRegressor") {
    if (list.some(({ targets }) => targets !== 1)) throw fields.refuse(`${fields.name} with several outputs`);
    const predict = (data: Data): Outcome => ({
      values: mean(
        list.map((one) => one.predict(data).values as Float64Array),
        weights,
      ),
    });
    return { predictor: { task: "regression", inputs, targets: 1, hasProbabilities: false, scores: 0, predict } };
  }
  const classes = classesOf(fields);
  const width = classes.length;
  const soft = fields.only("voting", "hard", "soft") === "soft";
  if (soft && list.some((one) => !one.hasProbabilities || one.classes?.length !== width))
    throw fields.wrong("estimators_", `probabilities of ${width} classes`);
  const codes = list.map((one) => codesOf(one, width, fields));
  const predict = (data: Data): Outcome => {
    if (soft) {
      const probabilities = mean(
        list.map((one) => one.predict(data).probabilities as Float64Array),
        weights,
      );
      return { labels: argmax(probabilities, width), probabilities };
    }
    const votes = new Float64Array(data.rows * width);
    list.forEach((one, member) => {
      one.predict(data).labels?.forEach((label, row) => {
        const to = row * width + (codes[member]?.[label] as number);
        votes[to] = (votes[to] as number) + (weights[member] as number);
      });
    });
    return { labels: argmax(votes, width) };
  };
  return {
    predictor: { task: "classification", inputs, targets: 0, classes, hasProbabilities: soft, scores: 0, predict },
  };
};

/** Numbers of a member's classes, which is what the ensemble's own labels were turned into. */
function codesOf(one: Predictor, width: number, fields: Fields): readonly number[] {
  const codes = one.classes ?? [];
  if (
    codes.length === 0 ||
    codes.some((code) => !(Number.isInteger(code) && Number(code) >= 0 && Number(code) < width))
  )
    throw fields.wrong("estimators_", `classifiers of classes from 0 to ${width - 1}`);
  return codes as readonly number[];
}

/** Models whose predictions are the inputs of another. */
export const stacking: Reader = (fields, read) => {
  const list = members(fields, "estimators_", read);
  const methods = fields.scalars("stack_method_", list.length);
  const final = predictorOf(fields.object("final_estimator_"), read);
  const inputs = common(list);
  const passes = fields.flag("passthrough");
  const classes = fields.name === "StackingClassifier" ? classesOf(fields) : undefined;
  const parts = list.map((one, at) => responseOf(one, methods[at], fields));
  const width = parts.reduce((sum, part) => sum + part.width, passes ? inputs.length : 0);
  if (final.inputs.length !== width) throw fields.wrong("final_estimator_", `a model of ${width} inputs`);
  const stacked = (data: Data): Data => {
    const all: Data[] = parts.map((part) => made(data.rows, part.width, part.of(data), fields.name));
    return beside(passes ? [...all, data] : all, data.rows, fields.name);
  };
  if (!classes)
    return {
      predictor: {
        ...final,
        explain: undefined,
        importances: undefined,
        inputs,
        predict: (data) => final.predict(stacked(data)),
      },
    };
  const codes = codesOf(final, classes.length, fields);
  if (codes.some((code, at) => code !== at)) throw fields.wrong("final_estimator_", "the classes of the ensemble");
  return {
    predictor: {
      ...final,
      explain: undefined,
      importances: undefined,
      inputs,
      classes,
      predict: (data) => final.predict(stacked(data)),
    },
  };
};

/** What a model says in one of several ways. */
export function responseOf(
  one: Predictor,
  method: unknown,
  fields: Fields,
): { width: number; of(data: Data): Float64Array } {
  const count = one.classes?.length ?? 0;
  if (method === "predict_proba" && one.hasProbabilities) {
    const width = count === 2 ? 1 : count;
    return {
      width,
      of: (data) => {
        const all = one.predict(data).probabilities as Float64Array;
        return width === 1 ? all.filter((_, at) => at % 2 === 1) : all;
      },
    };
  }
  if (method === "decision_function" && one.scores > 0)
    return { width: one.scores, of: (data) => one.predict(data).scores as Float64Array };
  if (method === "predict" && one.targets > 0)
    return { width: one.targets, of: (data) => one.predict(data).values as Float64Array };
  if (method === "predict" && one.classes?.every((label) => typeof label === "number"))
    return {
      width: 1,
      of: (data) => Float64Array.from(one.predict(data).labels ?? [], (label) => one.classes?.[label] as number),
    };
  throw fields.refuse(`${fields.name} of ${String(method)}`);
}
