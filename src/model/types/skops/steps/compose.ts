import type { Contributions } from "../../file-model.ts";
import type { Estimator, Input, Predictor, Read, Reader, Step } from "../estimator.ts";
import { Fields } from "../file/fields.ts";
import { isMapping, type Value } from "../file/values.ts";
import { beside, type Data, matrixOf, select } from "../math/matrix.ts";

/** Name and estimator of a step, which may be a word instead. */
function named(fields: Fields, name: string): readonly (readonly [string, Fields | string, Value | undefined])[] {
  return fields.list(name).map((item) => {
    if (!Array.isArray(item) || typeof item[0] !== "string") throw fields.wrong(name, "names and estimators");
    const key: string = item[0];
    const part: Value | undefined = item[1];
    if (part instanceof Fields) return [key, part, item[2]];
    if (part === null) return [key, "passthrough", item[2]];
    if (typeof part === "string") return [key, part, item[2]];
    throw fields.wrong(name, "names and estimators");
  });
}

/** One step after another, and at the end a model or one more step. */
export const pipeline: Reader = (fields, read) => {
  const parts = named(fields, "steps").flatMap(([, part]) => {
    if (part === "passthrough") return [];
    if (typeof part === "string") throw fields.refuse(`a Pipeline with the step ${part}`);
    return [{ fields: part, estimator: read(part) }];
  });
  const last = parts.pop();
  if (!last) throw fields.wrong("steps", "a step");
  let before: Step | undefined;
  for (const { fields: part, estimator } of parts) {
    if (!estimator.step) throw part.refuse(`${part.name} as a step`);
    before = before ? chain(before, estimator.step, part) : estimator.step;
  }
  if (!before) return last.estimator;
  const { step, predictor } = last.estimator;
  return {
    ...(step ? { step: chain(before, step, last.fields) } : {}),
    ...(predictor ? { predictor: after(before, predictor, last.fields) } : {}),
  };
};

function chain(first: Step, second: Step, fields: Fields): Step {
  fits(first, second.inputs, fields);
  const { origin } = first;
  return {
    inputs: inputsOf(first, second.inputs),
    width: second.width,
    origin: origin && second.origin ? Array.from(second.origin, (at) => origin[at] as number) : undefined,
    transform: (data) => second.transform(first.transform(data)),
  };
}

function fits(step: Step, inputs: readonly Input[], fields: Fields): void {
  if (step.width !== inputs.length)
    throw fields.wrong("n_features_in_", `${step.width} features, as the step before makes`);
}

/** Inputs of a step; of columns that it passes on, with the kinds of the step after it. */
function inputsOf(step: Step, next: readonly Input[]): readonly Input[] {
  const { origin } = step;
  if (!origin) return step.inputs;
  return step.inputs.map((input, column) => {
    const places = Array.from(origin).flatMap((from, to) => (from === column ? [to] : []));
    const [place] = places;
    const after = places.length === 1 && place !== undefined ? next[place] : undefined;
    if (!after?.kind) return input;
    if (input.kind === undefined) return { ...after, missing: input.missing && after.missing };
    return input.kind === "text" && after.kind === "category" ? { ...after, missing: input.missing } : input;
  });
}

function after(step: Step, predictor: Predictor, fields: Fields): Predictor {
  fits(step, predictor.inputs, fields);
  const { origin } = step;
  const { explain, importances } = predictor;
  const width = step.inputs.length;
  const back = (values: Float64Array): Float64Array => {
    const out = new Float64Array((values.length / step.width) * width);
    values.forEach((value, at) => {
      const to = Math.floor(at / step.width) * width + (origin?.[at % step.width] ?? 0);
      out[to] = (out[to] as number) + value;
    });
    return out;
  };
  return {
    ...predictor,
    inputs: inputsOf(step, predictor.inputs),
    predict: (data) => predictor.predict(step.transform(data)),
    // What a step made of several inputs together has no share of each.
    explain:
      origin && explain
        ? (data): Contributions => {
            const { values, baseline } = explain(step.transform(data));
            return { values: back(values), baseline };
          }
        : undefined,
    importances: origin && importances ? () => back(importances()) : undefined,
  };
}

/** Part of a step that works on several steps side by side. */
interface Part {
  readonly step: Step;
  readonly columns: readonly number[];
}

function parallel(parts: readonly Part[], count: number, name: string): Step {
  const inputs = Array.from({ length: count }, (_, column): Input => {
    const own = parts.flatMap(({ step, columns }) =>
      columns.flatMap((at, place) => (at === column ? [step.inputs[place] as Input] : [])),
    );
    if (own.length === 0) return { missing: true, ignored: true };
    const kinds = own.filter(({ kind }) => kind);
    const best = kinds.find(({ kind }) => kind === "category") ?? kinds[0];
    return { ...best, missing: own.every(({ missing }) => missing) };
  });
  const all = parts.every(({ step }) => step.origin);
  return {
    inputs,
    width: parts.reduce((sum, { step }) => sum + step.width, 0),
    origin: all
      ? parts.flatMap(({ step, columns }) => Array.from(step.origin ?? [], (at) => columns[at] as number))
      : undefined,
    transform: (data) =>
      beside(
        parts.map(({ step, columns }) => step.transform(isAll(columns, data) ? data : select(data, columns))),
        data.rows,
        name,
      ),
  };
}

const isAll = (columns: readonly number[], data: Data) =>
  columns.length === data.width && columns.every((column, at) => column === at);

/** Step that passes columns on as they are. */
export const passed = (count: number): Step => ({
  inputs: Array.from({ length: count }, () => ({ missing: true })),
  width: count,
  origin: Array.from({ length: count }, (_, at) => at),
  transform: (data) => data,
});

const stepOf = (fields: Fields, read: Read): Step => {
  const { step } = read(fields);
  if (!step) throw fields.refuse(`${fields.name} as a step`);
  return step;
};

/** Steps of chosen columns, side by side. */
export const columnTransformer: Reader = (fields, read) => {
  const weights = fields.optional("transformer_weights");
  const count = fields.count("n_features_in_", 1);
  const places = fields.get("_transformer_to_input_indices");
  if (!isMapping(places)) throw fields.wrong("_transformer_to_input_indices", "columns of each step");
  const parts = named(fields, "transformers_").flatMap(([name, part]): Part[] => {
    const columns = places.get(name);
    if (!Array.isArray(columns) || !columns.every((at) => Number.isInteger(at) && at >= 0 && at < count))
      throw fields.wrong("_transformer_to_input_indices", `columns below ${count}`);
    if (part === "drop" || columns.length === 0) return [];
    if (part === "passthrough") return [{ columns, step: scaledBy(passed(columns.length), weights, name) }];
    if (typeof part === "string") throw fields.refuse(`a ColumnTransformer with ${part}`);
    const step = stepOf(part, read);
    if (step.inputs.length !== columns.length) throw part.wrong("n_features_in_", `${columns.length} features`);
    return [{ columns, step: scaledBy(step, weights, name) }];
  });
  return { step: parallel(parts, count, fields.name) };
};

/** Several steps of the same columns, side by side. */
export const featureUnion: Reader = (fields, read): Estimator => {
  const weights = fields.optional("transformer_weights");
  const parts = named(fields, "transformer_list").flatMap(([name, part]) => {
    if (part === "drop") return [];
    // It takes as many columns as its neighbours.
    if (typeof part === "string") throw fields.refuse(`a FeatureUnion with ${part}`);
    return [scaledBy(stepOf(part, read), weights, name)];
  });
  const count = parts[0]?.inputs.length ?? 0;
  if (count === 0 || parts.some((step) => step.inputs.length !== count))
    throw fields.wrong("transformer_list", "steps of as many features");
  const columns = Array.from({ length: count }, (_, at) => at);
  return {
    step: parallel(
      parts.map((step) => ({ step, columns })),
      count,
      fields.name,
    ),
  };
};

function scaledBy(step: Step, weights: Value | undefined, name: string): Step {
  const weight = isMapping(weights) ? weights.get(name) : undefined;
  if (typeof weight !== "number") return step;
  return {
    ...step,
    transform: (data) => {
      const out = matrixOf(step.transform(data), "any");
      return { ...out, data: out.data.map((value) => value * weight) };
    },
  };
}

/** Search of parameters: the estimator that was best. */
export const search: Reader = (fields, read) => read(fields.object("best_estimator_"));
