import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLaunchpad } from "../../runtimes/node.ts";
import { isLaunchpadError } from "../../src/errors.ts";
import { ndcgOf, quantileLoss } from "../../src/model/metrics/ranked.ts";
import { catboost } from "../../src/model/types/catboost/index.ts";
import { lightgbm } from "../../src/model/types/lightgbm/index.ts";
import { xgboost } from "../../src/model/types/xgboost/index.ts";
import { corpusOf, fileOf } from "../formats/corpus.ts";
import { pythons } from "../support/python.ts";

/** Numbers that are the same in every run. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const next = numbersFrom(11);
const rows = Array.from({ length: 300 }, () => next());
const truth = rows.map((value) => value * 4 - 1);
const said = rows.map((value) => Math.round((value + next()) * 8) / 4);
const relevance = rows.map((value) => (value < 0.4 ? 0 : Math.floor(value * 5)));
/** Some of one row, some without a relevant one, some with many ties. */
const groups = rows.map((_, row) => (row < 2 ? row : Math.floor(row ** 0.7)));
const barren = relevance.map((value, row) => (groups[row] === 20 ? 0 : value));

const judge = `
import json, sys
import numpy as np
from sklearn.metrics import mean_pinball_loss, ndcg_score
case = json.load(sys.stdin)
truth, said, relevance = (np.array(case[name]) for name in ("truth", "said", "relevance"))
groups = np.array(case["groups"])
def ndcg(k):
    own = [groups == group for group in np.unique(groups)]
    return float(np.mean([ndcg_score([relevance[rows]], [said[rows]], k=k) for rows in own if rows.sum() > 1]))
print(json.dumps({
    "loss": {str(alpha): mean_pinball_loss(truth, said, alpha=alpha) for alpha in (0.1, 0.5, 0.95)},
    "ndcg": {str(k): ndcg(k) for k in (None, 1, 3, 10)},
}))
`;

interface Judged {
  readonly loss: Readonly<Record<string, number>>;
  readonly ndcg: Readonly<Record<string, number>>;
}

let judged: Judged;
const folders: string[] = [];

beforeAll(async () => {
  const [python] = await pythons("default");
  const input = JSON.stringify({ truth, said, relevance: barren, groups });
  const { stdout, stderr } = spawnSync(python?.path ?? "", ["-c", judge], { input, encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  judged = JSON.parse(stdout) as Judged;
}, 600_000);

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

describe("metrics of quantiles and rankings", () => {
  it.each([0.1, 0.5, 0.95])("are the pinball loss of scikit-learn at %d", (quantile) => {
    expect(quantileLoss(truth, said, quantile)).toBeCloseTo(judged.loss[String(quantile)] ?? Number.NaN, 12);
  });

  it.each([
    ["None", undefined],
    ["1", 1],
    ["3", 3],
    ["10", 10],
  ])("are the NDCG of scikit-learn by query, of the first %s", (name, most) => {
    expect(ndcgOf(barren, said, groups, most)).toBeCloseTo(judged.ndcg[name] ?? Number.NaN, 12);
  });

  it("know no ranking of single rows, and refuse a relevance below zero", () => {
    expect(ndcgOf([1, 2], [1, 2], ["a", "b"])).toBeUndefined();
    expect(() => ndcgOf([1, -2], [1, 2], ["a", "a"])).toThrow(/row 2: expected a relevance from 0, found -2/);
  });
});

function readerOf(format: string) {
  return format === "xgboost" ? xgboost : format === "lightgbm" ? lightgbm : catboost;
}

/** Metrics of a training on a holdout whose truth is 1 in every second row. */
async function metricsOf(format: string, name: string, model: object, header = "y,q") {
  const entry = corpusOf(format).entry(name);
  const folder = await mkdtemp(join(tmpdir(), "launchpad-ranked-"));
  folders.push(folder);
  const file = `model${entry.extension.startsWith(".") ? "" : "."}${entry.extension}`;
  await writeFile(join(folder, file), fileOf(entry));
  const config = {
    datasources: { holdout: { type: "csv", path: "./holdout.csv", tags: "test" } },
    model_store: { location: "./model_store" },
    model: { name: "m", version: "1.0.0", module: `./${file}`, target: "y", type: format, ...model },
  };
  await writeFile(join(folder, "launchpad.yml"), JSON.stringify(config));
  const names = (await readerOf(format).read(fileOf(entry), name)).features.map((feature) => feature.name);
  const cells = (row: number) => names.map((_, at) => ((row * 7 + at * 3) % 11) / 2 - 2);
  const body = Array.from({ length: 40 }, (_, row) => [...cells(row), row % 2, Math.floor(row / 5)].join());
  await writeFile(join(folder, "holdout.csv"), [[...names, header].join(), ...body].join("\n"));
  const launchpad = await openLaunchpad({ config: join(folder, "launchpad.yml") });
  try {
    const { metrics } = await launchpad.train();
    const { evaluation: _, ...others } = (metrics ?? {}) as Record<string, unknown>;
    const args = (row: number) => Object.fromEntries(names.map((one, at) => [one, cells(row)[at] as number]));
    const predictions = await Promise.all(Array.from({ length: 40 }, (_, row) => launchpad.predict(args(row))));
    return { metrics: others, predictions: predictions.map((one) => (one as { y: number | number[] }).y) };
  } finally {
    await launchpad.close();
  }
}

const truthOf = (length: number) => Array.from({ length }, (_, row) => row % 2);

describe("the test of a model file", () => {
  it.each([
    ["xgboost", "3.4-quantile", [0.1, 0.5, 0.9]],
    ["lightgbm", "new-quantile", [0.3]],
    ["catboost", "1.2.10-quantile", undefined],
    ["catboost", "1.2.10-multiquantile", undefined],
  ] as const)("measures the quantiles that %s says, of %s", async (format, name, quantiles) => {
    const { metrics, predictions } = await metricsOf(format, name, {});
    const found = Object.keys((metrics.quantile_losses as object | undefined) ?? { one: 1 });
    if (quantiles) expect(found).toEqual(quantiles.length > 1 ? quantiles.map(String) : ["one"]);
    if (quantiles?.length === 1) {
      const own = predictions as number[];
      expect(metrics.quantile_loss).toBeCloseTo(quantileLoss(truthOf(40), own, quantiles[0]), 12);
      expect(metrics).toHaveProperty("rmse");
    }
    for (const [at, quantile] of found.entries()) {
      if (quantile === "one") continue;
      const own = (predictions as number[][]).map((row) => row[at] ?? Number.NaN);
      const losses = metrics.quantile_losses as Record<string, number>;
      expect(losses[quantile]).toBeCloseTo(quantileLoss(truthOf(40), own, Number(quantile)), 12);
    }
    expect(metrics.quantile_loss).toBeGreaterThan(0);
  });

  it.each([
    ["xgboost", "3.4-rank-ndcg"],
    ["lightgbm", "new-lambdarank"],
    ["catboost", "1.2.10-yetirank"],
  ])("ranks the rows of each query with %s", async (format, name) => {
    const { metrics, predictions } = await metricsOf(format, name, { group: "q" });
    const queries = truthOf(40).map((_, row) => Math.floor(row / 5));
    expect(metrics.ndcg).toBeCloseTo(ndcgOf(truthOf(40), predictions as number[], queries) ?? Number.NaN, 12);
    expect(metrics).toHaveProperty("ndcg_at_10");
    expect(metrics).not.toHaveProperty("r2");
    expect((await metricsOf(format, name, {})).metrics).toEqual({ rows: 40 });
  });

  it("says which column it lacks, and takes quantiles of the configuration", async () => {
    const missing = await metricsOf("xgboost", "3.4-rank-ndcg", { group: "query" }).catch((error: unknown) => error);
    expect(isLaunchpadError(missing) && missing.code).toBe("COLUMN_UNKNOWN");
    const { metrics } = await metricsOf("xgboost", "3.4-squarederror", { quantiles: [0.5] });
    expect(metrics.quantile_loss).toBeCloseTo((metrics.mae as number) / 2, 12);
  });
});
