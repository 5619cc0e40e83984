import { defineModel, type Frame, type ModelConfig, type Row } from "mllaunchpad";
import { average, encode, type Feature, learnFeatures } from "./features.ts";
import { fitLogistic, fitRidge, probabilities, score, type Weights } from "./linear.ts";

/** What is predicted: a number, or one of the values that the target had. */
type Label = number | string | boolean;

/** What training makes, and the model store keeps. */
interface Baseline {
  readonly features: readonly Feature[];
  /** One for each class; a single one for a regression. */
  readonly weights: readonly Weights[];
  /** Empty for a regression. */
  readonly classes: readonly Label[];
  /** What would be predicted without looking at any column: the mean, or the most frequent class. */
  readonly usual: Label;
}

/** Which column is predicted, and how: keys of `model` in launchpad.yml. */
const settings = (config: ModelConfig) => ({
  target: String(config.target),
  isRegression: config.task === "regression",
});

export default defineModel({
  async train({ source, config, report }): Promise<Baseline> {
    const { target, isRegression } = settings(config);
    const frame = await source("data").frame();
    report("data", frame);
    const { rows, labels } = split(frame, target).training;
    const features = learnFeatures(rows, frame.drop(target).dtypes);
    const encoded = rows.map((row) => encode(features, row));
    if (isRegression) {
      const numbers = labels.map(Number);
      return { features, weights: [fitRidge(encoded, numbers)], classes: [], usual: average(numbers) };
    }
    const counts = new Map<Label, number>();
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    const classes = [...counts.keys()].sort();
    const [[usual] = [""]] = [...counts].sort(([, a], [, b]) => b - a);
    const indices = labels.map((label) => classes.indexOf(label));
    return { features, weights: fitLogistic(encoded, indices, classes.length), classes, usual };
  },

  /** Measures predictions for the rows that training did not see, beside the simplest that could be predicted. */
  async test(model, { source, config }) {
    const { target, isRegression } = settings(config);
    const { rows, labels } = split(await source("data").frame(), target).holdout;
    const predicted = rows.map((row) => predictOne(model, row));
    if (!isRegression) {
      const accuracy = (guesses: readonly Label[]) => average(labels.map((label, i) => (label === guesses[i] ? 1 : 0)));
      const usual = labels.map(() => model.usual);
      return { rows: labels.length, accuracy: accuracy(predicted), accuracy_of_usual: accuracy(usual) };
    }
    const numbers = labels.map(Number);
    const mean = average(numbers);
    const errors = numbers.map((number, i) => number - Number(predicted[i]));
    const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0);
    const variation = squares(numbers.map((number) => number - mean));
    return {
      rows: labels.length,
      // Of values that do not vary, there is nothing to explain.
      r2: variation > 0 ? 1 - squares(errors) / variation : null,
      mae: average(errors.map(Math.abs)),
      mae_of_usual: average(numbers.map((number) => Math.abs(number - Number(model.usual)))),
    };
  },

  predict: (model, args, { config }) => ({ [settings(config).target]: predictOne(model, args) }),
});

function predictOne({ features, weights, classes }: Baseline, row: Readonly<Record<string, unknown>>): Label {
  const encoded = encode(features, row);
  if (classes.length === 0) return score(weights[0] ?? [], encoded);
  const likely = probabilities(weights, encoded);
  return classes[likely.indexOf(Math.max(...likely))] ?? "";
}

/** Splits the rows that have a label: every fifth is held out for testing. */
function split(frame: Frame, target: string) {
  const labelled = [...frame.rows()].filter((row) => row[target] !== null && !Number.isNaN(row[target]));
  const part = (rows: readonly Row[]) => ({ rows, labels: rows.map((row) => labelOf(row[target])) });
  return {
    training: part(labelled.filter((_, i) => i % 5 !== 1)),
    holdout: part(labelled.filter((_, i) => i % 5 === 1)),
  };
}

/** JSON has no integers past 2^53. */
function labelOf(cell: unknown): Label {
  return typeof cell === "string" || typeof cell === "boolean" ? cell : Number(cell);
}
