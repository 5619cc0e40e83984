import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createFileHost } from "../../../runtimes/hosts/server-host.ts";
import { openProject } from "../../../runtimes/project/open-project.ts";
import { silentLogger } from "../../../src/index.ts";
import { run as runCommand, runtimes, sourceCli, startApi } from "../../runtimes/runtime.ts";
import { pythons } from "../../support/python.ts";
import type { Comparison, Context, Findings } from "../tool/benchmark.ts";

const alone = "the same in Python";
const ours = "Launchpad";

/** The model measures what it can see of itself: the function in a loop, and a frame beside the file that pandas reads. */
const code = (predictions: number, rounds: number) => `
import time
import numpy as np, pandas as pd
from sklearn.tree import DecisionTreeClassifier
from mllaunchpad import _data

def timed(do, count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        do()
        times.append((time.perf_counter() - start) * 1000)
    return times

def train(run):
    frame = run.source("rows").frame()
    frame.to_parquet(run.config["parquet"])
    def read():
        _data._kept.clear()
        return run.source("rows").frame()
    ours, theirs = [], []
    for _ in range(${rounds}):
        ours += timed(read, 1)
        theirs += timed(lambda: pd.read_parquet(run.config["parquet"]), 1)
    x = np.random.default_rng(0).normal(size=(150, 4))
    tree = DecisionTreeClassifier(max_depth=3, random_state=0).fit(x, (x[:, 0] > 0).astype(int))
    loop = [float(np.median(timed(lambda: answer(tree, {"a": 1.5, "b": 2, "c": 3, "d": 4}), ${predictions}))) for _ in range(${rounds})]
    return {"tree": tree, "frame": {"ours": ours, "theirs": theirs}, "loop": loop}

def test(m, run): return {**m["frame"], "loop": m["loop"]}
def answer(tree, args): return {"class": tree.predict(np.array([[args["a"], args["b"], args["c"], args["d"]]]))[0]}
def predict(m, args, run): return answer(m["tree"], args)
`;

/** Text of a table of numbers and texts. */
function table(rows: number): string {
  const lines = ["a,b,c,d,e,f,g,h,i"];
  for (let row = 0; row < rows; row += 1) {
    lines.push(
      `${row / 7},${row},${row * 0.5},${row % 97},${(row * 31) % 1009},t${row % 50},u${row % 1000},${row % 2},${row + 0.25}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/**
 * Models in Python: what Launchpad adds to one prediction, a frame to a DataFrame beside `pandas.read_parquet`, and the start beside the
 * import of scikit-learn.
 *
 * @param context What a benchmark gets.
 *
 * @returns Comparisons with the same in Python.
 */
export async function hosts(context: Context): Promise<Findings> {
  const { quick, folder, say } = context;
  const python = (await pythons("default"))[0]?.path ?? "python3";
  const [predictions, rows, rounds] = quick ? [300, 1_000_000, 3] : [2000, 1_000_000, 7];
  await writeFile(join(folder, "rows.csv"), table(rows));
  await writeFile(join(folder, "model.py"), code(predictions, rounds));
  await writeFile(
    join(folder, "launchpad.yml"),
    `datasources: { rows: { type: csv, path: ./rows.csv, expires: -1 } }
model_store: { location: ./store }
model: { name: m, version: 1.0.0, module: model, pickle: allow, python: "${python}", parquet: "${join(folder, "rows.parquet")}" }
api: { name: m }
`,
  );
  const host = createFileHost({ name: "node", version: process.versions.node }, { log: silentLogger });
  const launchpad = await openProject(host, { config: join(folder, "launchpad.yml") });
  const comparisons: Comparison[] = [];
  try {
    say("a frame, and the function in a loop");
    const { metrics } = await launchpad.train();
    const { ours: frames = [], theirs: parquet = [], loop = [] } = metrics as unknown as Record<string, number[]>;
    comparisons.push({
      ...{ subject: `${rows} rows, 9 columns`, measure: "to a DataFrame", unit: "ms", baseline: "pandas.read_parquet" },
      rounds: { "pandas.read_parquet": parquet, [ours]: frames },
    });
    await launchpad.ready();
    say("one prediction after the other");
    const medians: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const times: number[] = [];
      for (let at = 0; at < predictions; at += 1) {
        const start = performance.now();
        await launchpad.predict({ a: 1.5, b: 2, c: 3, d: 4 });
        times.push(performance.now() - start);
      }
      medians.push(median(times));
    }
    comparisons.push({
      ...{ subject: "a tree of scikit-learn", measure: "one prediction, median", unit: "ms", baseline: alone },
      rounds: { [alone]: loop, [ours]: medians },
    });
  } finally {
    await launchpad.close();
  }
  say("start");
  const command = [...(runtimes.Node ?? []), sourceCli];
  const [imported, served]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await runCommand([python, "-c", "import pandas, sklearn.tree"]);
    imported.push(performance.now() - start);
    const begun = performance.now();
    const api = await startApi(command, { cwd: folder });
    const answer = await fetch(`${api.origin}/m/v1/predictions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"a": 1.5, "b": 2, "c": 3, "d": 4}',
    });
    if (!answer.ok) throw new Error(`the model answers ${answer.status}`);
    served.push(performance.now() - begun);
    await api.stop();
  }
  comparisons.push({
    ...{
      subject: "a tree of scikit-learn",
      measure: "start to first prediction",
      unit: "ms",
      baseline: "the import alone",
    },
    rounds: { "the import alone": imported, [ours]: served },
  });
  return {
    comparisons,
    notes: ["The child is started and warmed before; the start is that of the sources, not of the package."],
  };
}
