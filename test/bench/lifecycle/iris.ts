import { mkdir, open, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DecisionTreeClassifier } from "ml-cart";
import Papa from "papaparse";
import { openLaunchpad } from "../../../runtimes/node.ts";
import { modelOf, orderColumns } from "../floor/bare-model.ts";
import type { Comparison, Context, Findings } from "../tool/benchmark.ts";
import { perCall } from "../tool/per-call.ts";
import { inTurns } from "../tool/turns.ts";

const example = (file: string) => fileURLToPath(new URL(`../../../examples/iris/${file}`, import.meta.url));

/** The iris tree, trained and tested as somebody would who has no Launchpad. */
async function trainByHand() {
  const read = async (file: string) => {
    const { data } = Papa.parse<Record<string, unknown>>(await readFile(example(file), "utf8"), {
      header: true,
      dynamicTyping: true,
      skipEmptyLines: true,
    });
    const names = Object.keys(data[0] ?? {}).sort();
    const features = data.map((row) => names.filter((name) => name !== "variety").map((name) => Number(row[name])));
    return { features, labels: data.map(({ variety }) => String(variety)) };
  };
  const { features, labels } = await read("iris_train.csv");
  const varieties = [...new Set(labels)].sort();
  const tree = new DecisionTreeClassifier({ maxDepth: 4 });
  tree.train(
    features,
    labels.map((label) => varieties.indexOf(label)),
  );
  const holdout = await read("iris_holdout.csv");
  const right = tree.predict(holdout.features).filter((found, at) => varieties[found] === holdout.labels[at]);
  return { contents: JSON.stringify({ varieties, tree }), accuracy: right.length / holdout.labels.length };
}

/** Writes a file as a store must: it is on the disk before it counts. */
async function keep(path: string, contents: string): Promise<void> {
  const file = await open(path, "w");
  await file.writeFile(contents);
  await file.sync();
  await file.close();
}

/** The life of the iris model in a process, each step beside the same by hand. */
export async function lifecycle(context: Context): Promise<Findings> {
  const folder = join(context.folder, "lifecycle");
  await mkdir(folder);
  const overlay = join(folder, "overlay.yml");
  await writeFile(overlay, "model_store: { location: ./model_store }\n");
  const config = [example("launchpad.yml"), overlay];
  const launchpad = await openLaunchpad({ config });
  await launchpad.train();
  const stored = (await readdir(join(folder, "model_store"), { recursive: true })).find((path) =>
    path.endsWith("contents"),
  );
  const contentsFile = join(folder, "model_store", stored ?? "");
  const predict = modelOf(await readFile(contentsFile, "utf8"));
  const args = { "sepal.length": "4.9", "sepal.width": "2.4", "petal.length": "3.3", "petal.width": "1" };

  const steps: Readonly<Record<string, readonly [ours: () => unknown, byHand: () => unknown]>> = {
    "train and test": [() => launchpad.train({ persist: false }), trainByHand],
    "train, test and store": [
      () => launchpad.train(),
      async () => {
        const { contents, accuracy } = await trainByHand();
        await keep(join(folder, "by-hand.json"), contents);
        await keep(join(folder, "by-hand.metrics.json"), JSON.stringify({ accuracy }));
      },
    ],
    "open and load": [
      async () => {
        const opened = await openLaunchpad({ config });
        await opened.ready();
        await opened.close();
      },
      async () => modelOf(await readFile(contentsFile, "utf8")),
    ],
    predict: [() => launchpad.predict(args), () => predict(orderColumns(args))],
  };
  const comparisons: Comparison[] = [];
  try {
    for (const [subject, [ours, byHand]] of Object.entries(steps)) {
      context.say(subject);
      const time = context.quick ? 20 : 500;
      const contenders = { Launchpad: () => perCall(ours, time), "by hand": () => perCall(byHand, time) };
      const rounds = await inTurns(contenders, context.quick ? 1 : 7);
      comparisons.push({ subject, measure: "time", unit: "ms", baseline: "by hand", rounds });
    }
  } finally {
    await launchpad.close();
  }
  return {
    comparisons,
    notes: [
      "In one process, on Node. By hand: papaparse, ml-cart and a JSON file; no configuration, history, digests, metadata or checks.",
    ],
  };
}
