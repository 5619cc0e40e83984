import { classesOf, numbers, type Reader } from "../estimator.ts";
import { argmax } from "../math/special.ts";

/** Constant predictions, with which boosting begins. */
export const dummy: Reader = (fields) => {
  // Those with which boosting began before 1.5 do not tell of how many features they are.
  const inputs = numbers(fields.get("n_features_in_") === undefined ? 0 : fields.count("n_features_in_", 1), true);
  if (fields.name === "DummyRegressor") {
    fields.only("strategy", "mean", "median", "quantile", "constant");
    const { data: values, shape } = fields.matrix("constant_", 1, null);
    const targets = shape[1] ?? 1;
    return {
      predictor: {
        task: "regression",
        inputs,
        targets,
        hasProbabilities: false,
        scores: 0,
        predict: ({ rows }) => ({
          values: Float64Array.from({ length: rows * targets }, (_, at) => values[at % targets] as number),
        }),
      },
    };
  }
  const classes = classesOf(fields);
  const strategy = fields.only("strategy", "prior", "most_frequent", "constant");
  const prior = fields.numbers("class_prior_", classes.length);
  const best = argmax(prior, classes.length)[0] as number;
  const label = strategy === "constant" ? classes.indexOf(fields.scalars("constant")[0] ?? null) : best;
  const row = strategy === "prior" ? prior : prior.map((_, at) => Number(at === label));
  return {
    predictor: {
      task: "classification",
      inputs,
      targets: 0,
      classes,
      hasProbabilities: true,
      scores: 0,
      predict: ({ rows }) => ({
        labels: new Int32Array(rows).fill(label),
        probabilities: Float64Array.from(
          { length: rows * classes.length },
          (_, at) => row[at % classes.length] as number,
        ),
      }),
    },
  };
};
