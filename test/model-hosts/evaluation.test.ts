import { afterEach, describe, expect, it } from "vitest";
import { evaluation } from "../../src/metrics.ts";
import { pythons } from "../support/python.ts";
import { configText, type HostedProject, hostedProject } from "./project.ts";

let project: HostedProject | undefined;
afterEach(async () => {
  await project?.close();
  project = undefined;
});

const labels = ["yes", "no", "yes", "no", "yes"];
const predictions = ["yes", "no", "no", "yes", "yes"];
const scores = [0.9, 0.2, 0.4, 0.6, 0.7];
const region = ["north", "north", "south", "south", "south"];

/** Rows of classes and of numbers, as each language has them: factors and vectors, arrays and series. */
const programs = {
  Python: `
import numpy as np
import pandas as pd

def train(run):
    return {}

def test(model, run):
    if run.config.get("wrong"):
        return {"evaluation": {"labels": ["yes", None], "predictions": ["yes", "no"]}}
    return {
        "seen": 5,
        "evaluation": {
            "labels": pd.Series(${JSON.stringify(labels)}),
            "predictions": np.array(${JSON.stringify(predictions)}),
            "scores": np.array(${JSON.stringify(scores)}),
            "classes": ["no", "yes"],
            "by": {"region": pd.Series(${JSON.stringify(region)}, dtype="category")},
        },
    }

def predict(model, args, run):
    return {}
`,
  R: `
train <- function(run) list(trained = TRUE)
test <- function(model, run) {
  if (isTRUE(run$config$wrong)) {
    return(list(evaluation = list(labels = c("yes", NA), predictions = c("yes", "no"))))
  }
  list(
    seen = 5,
    evaluation = list(
      labels = factor(c(${JSON.stringify(labels).slice(1, -1)})),
      predictions = c(${JSON.stringify(predictions).slice(1, -1)}),
      scores = c(${JSON.stringify(scores).slice(1, -1)}),
      classes = c("no", "yes"),
      by = list(region = factor(c(${JSON.stringify(region).slice(1, -1)})))
    )
  )
}
predict <- function(model, args, run) list()
`,
};

async function make(language: keyof typeof programs, model = "") {
  const python = (await pythons("default"))[0]?.path;
  const isPython = language === "Python";
  project = await hostedProject({
    "launchpad.yml": configText(`module: my_model${isPython ? `, python: "${python}"` : ""}${model}`),
    [isPython ? "my_model.py" : "my_model.R"]: programs[language],
  });
  return project.open();
}

describe.each(Object.keys(programs) as (keyof typeof programs)[])("a model in %s", (language) => {
  it("returns rows of its test, and gets the metrics, slices and curves of evaluation", async () => {
    const launchpad = await make(language, `, gates: { "slices.region.north.accuracy": ">= 1" }`);
    const { metrics, promoted } = await launchpad.train();
    const expected = evaluation({ labels, predictions, scores, classes: ["no", "yes"], by: { region } });
    expect(metrics).toEqual({ ...JSON.parse(JSON.stringify(expected)), seen: 5 });
    expect(metrics.roc_auc).toBeCloseTo(5 / 6, 12);
    expect(promoted).toBe(true);
  }, 300_000);

  it("is told which row is missing what", async () => {
    const launchpad = await make(language, ", wrong: true");
    await expect(launchpad.train()).rejects.toThrow(/labels: row 2: expected text, a number or a boolean, found/);
  }, 300_000);
});
