import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openLaunchpad } from "../../runtimes/node.ts";
import { isLaunchpadError, type Launchpad } from "../../src/index.ts";
import { xgboost } from "../../src/model/types/xgboost/index.ts";
import { corpusOf, type Entry } from "./corpus.ts";

const folders: string[] = [];
const open: Launchpad[] = [];

afterAll(async () => {
  for (const launchpad of open) await launchpad.close();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const corpus = corpusOf("xgboost");

const floats = ({ base64 }: { base64: string }) => {
  const bytes = Buffer.from(base64, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

interface Project {
  readonly launchpad: Launchpad;
  readonly folder: string;
  /** A row of the test data as arguments, and what the library predicts for it. */
  row(index: number): { readonly args: Record<string, number | null>; readonly probability: number };
}

/** A project of a model file, with a holdout and what the library predicted, as its README says. */
async function projectOf(entry: Entry, model: object = {}, change: (expected: string) => string = (text) => text) {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-file-"));
  folders.push(folder);
  const rows = corpus.shared(entry.shared ?? "");
  const probabilities = floats(entry.expected);
  const width = (await xgboost.read(Buffer.from(entry.file, "base64"), entry.name)).features.length;
  const names = Array.from({ length: width }, (_, index) => `f${index}`);
  // What CSV and JSON cannot hold is tried by the tests of the reader.
  const fine = Array.from({ length: rows.length / width }, (_, row) => row).filter((row) =>
    rows.subarray(row * width, (row + 1) * width).every((value) => !Number.isFinite(value) === Number.isNaN(value)),
  );
  const cells = (row: number) =>
    Array.from(rows.subarray(row * width, (row + 1) * width), (value) => (Number.isNaN(value) ? "" : String(value)));
  const label = (row: number) => Number((probabilities[row] as number) > 0.5);
  await writeFile(join(folder, "churn.ubj"), Buffer.from(entry.file, "base64"));
  await writeFile(
    join(folder, "holdout.csv"),
    [[...names, "churned"], ...fine.map((row) => [...cells(row), label(row)])].map((row) => row.join()).join("\n"),
  );
  const expected = [
    [...names, "prediction", "probability_1"],
    ...fine.map((row) => [...cells(row), label(row), probabilities[row]]),
  ];
  await writeFile(join(folder, "expected.csv"), change(expected.map((row) => row.join()).join("\n")));
  const config = {
    datasources: { holdout: { type: "csv", path: "holdout.csv", tags: "test" } },
    model_store: { location: "./model_store" },
    model: {
      name: "churn",
      version: "1.0.0",
      module: "./churn.ubj",
      target: "churned",
      expected: "expected.csv",
      ...model,
    },
    api: { name: "churn" },
  };
  await writeFile(join(folder, "launchpad.yml"), JSON.stringify(config));
  const launchpad = await openLaunchpad({ config: join(folder, "launchpad.yml") });
  open.push(launchpad);
  const row: Project["row"] = (index) => {
    const at = fine[index] as number;
    const args = Object.fromEntries(
      names.map((name, i) => [name, Number.isNaN(rows[at * width + i]) ? null : (rows[at * width + i] as number)]),
    );
    return { args, probability: probabilities[at] as number };
  };
  return { launchpad, folder, row } satisfies Project;
}

const ask = async (launchpad: Launchpad, body: object) => {
  const response = await launchpad.fetch(
    new Request("http://localhost/churn/v1/predictions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
  return { status: response.status, body: await response.json() };
};

const codeOf = (error: unknown) => (isLaunchpadError(error) ? `${error.code} ${error.message}` : String(error));

describe("a model in a file of another library", () => {
  it("is read, proved, tested, stored and served without a line of code", async () => {
    const { launchpad, row } = await projectOf(corpus.entry("3.4-logistic"));
    const { metrics, meta } = await launchpad.train();
    expect(metrics).toMatchObject({ accuracy: 1, balanced_accuracy: 1, f1: 1, roc_auc: 1, classes: [0, 1] });
    expect(meta?.train_report).toMatchObject({
      file: { format: "xgboost", objective: "binary:logistic", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      expected: { largest_deviation: expect.any(Number), tolerance: 1e-6 },
    });
    for (const index of [0, 7, 30]) {
      const { args, probability } = row(index);
      const { status, body } = await ask(launchpad, args);
      expect(status).toBe(200);
      expect(body).toEqual({
        churned: Number(probability > 0.5),
        probabilities: { 0: expect.closeTo(1 - probability, 6), 1: probability },
      });
    }
  });

  it("loads from its store, where its samples hold, in another process", async () => {
    const { launchpad, folder, row } = await projectOf(corpus.entry("3.4-logistic"));
    await launchpad.train();
    const other = await openLaunchpad({ config: join(folder, "launchpad.yml") });
    open.push(other);
    await other.ready();
    const { args, probability } = row(3);
    expect(await other.predict(args)).toMatchObject({ probabilities: { 1: probability } });
  });

  it("explains itself: baseline and contributions add up to the raw score", async () => {
    const { launchpad, row } = await projectOf(corpus.entry("3.4-logistic"));
    await launchpad.train();
    const { args, probability } = row(5);
    const { body } = await ask(launchpad, { ...args, explain: true });
    const sum = Object.values(body.contributions as Record<string, number>).reduce(
      (total, one) => total + one,
      body.baseline,
    );
    expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(probability, 5);
    const { launchpad: silent } = await projectOf(corpus.entry("3.4-logistic"), { explain: false });
    await silent.train();
    expect((await ask(silent, { ...args, explain: true })).status).toBe(400);
  });

  it("refuses what does not fit a feature, naming it", async () => {
    const { launchpad, row } = await projectOf(corpus.entry("3.4-logistic"));
    await launchpad.train();
    const { status, body } = await ask(launchpad, { ...row(0).args, f0: "old", shoe: 43 });
    expect(status).toBe(400);
    expect((body.errors as { name: string }[]).map(({ name }) => name)).toEqual(["f0", "shoe"]);
  });

  it("takes other names for features and classes", async () => {
    const { launchpad, row } = await projectOf(corpus.entry("3.4-logistic"), {
      features: { f0: "age" },
      classes: ["stays", "goes"],
    });
    // The files of the test have the names of the model file, and its labels.
    await expect(launchpad.train()).rejects.toThrow(/expected prediction [01], found "(stays|goes)"/);
    const { launchpad: renamed } = await projectOf(corpus.entry("3.4-logistic"), { features: { f0: "age" } });
    await renamed.train();
    const { f0, ...others } = row(0).args;
    expect((await ask(renamed, { age: f0, ...others })).status).toBe(200);
    expect((await ask(renamed, row(0).args)).status).toBe(400);
  });

  it("stores nothing when it predicts something else than its library", async () => {
    const { launchpad } = await projectOf(corpus.entry("3.4-logistic"), {}, (text) =>
      text.replace(/(\n(?:[^\n]*\n){4}[^\n]*),[^,\n]+\n/, "$1,0.123\n"),
    );
    const message = await launchpad.train().catch(codeOf);
    expect(message).toMatch(/^SAMPLES_DIFFER .*model\.expected row \d+: expected probability_1 0\.123, found 0\.\d+/);
    expect(await launchpad.models()).toEqual({});
  });

  it("proves nothing by a file without predictions, and says so", async () => {
    const { launchpad } = await projectOf(corpus.entry("3.4-logistic"), {}, (text) =>
      text.replace("prediction,probability_1", "pred,p"),
    );
    expect(await launchpad.train().catch(codeOf)).toMatch(
      /^COLUMN_UNKNOWN .*expected a column "churned" or "prediction" with what the library predicted for at least one row, found \d+ rows of .*pred, p/,
    );
    expect(await launchpad.models()).toEqual({});
  });

  it("takes the prediction, not the truth that stands beside it", async () => {
    const { launchpad } = await projectOf(corpus.entry("3.4-logistic"), {}, (text) =>
      text
        .split("\n")
        .map((line, index) => `${line},${index === 0 ? "churned" : 1}`)
        .join("\n"),
    );
    const { meta } = await launchpad.train();
    expect(meta?.train_report.expected).toMatchObject({ tolerance: 1e-6 });
  });

  it.each([
    [
      { features: ["a"] },
      /^CONFIG_INVALID .*model\.features: expected \d+ names, as many as the file has features, found 1/,
    ],
    [
      { features: { nothing: "x" } },
      /^CONFIG_INVALID .*model\.features: expected names of features in the file \(.*found "nothing"/,
    ],
    [{ tolerance: -1 }, /^CONFIG_INVALID .*model\.tolerance: expected a number from 0.*found -1/],
    [
      { unknown_categories: "guess" },
      /^CONFIG_INVALID .*unknown_categories: expected refuse or missing, found "guess"/,
    ],
    [
      { expected: "expected.xls" },
      /^CONFIG_INVALID .*model\.expected: expected a file that ends in \.csv, \.parquet or \.jsonl/,
    ],
  ])("refuses %j with one clear error", async (model, message) => {
    const outcome = await projectOf(corpus.entry("3.4-logistic"), model)
      .then(({ launchpad }) => launchpad.train())
      .catch(codeOf);
    expect(outcome).toMatch(message);
  });

  it("refuses a pickle with the lines of Python that write it anew", async () => {
    const folder = await mkdtemp(join(tmpdir(), "launchpad-file-"));
    folders.push(folder);
    await writeFile(join(folder, "model.pkl"), "\x80\x05");
    await writeFile(
      join(folder, "launchpad.yml"),
      "model_store: { location: ./s }\nmodel: { name: a, version: '1', module: ./model.pkl }\n",
    );
    const message = await openLaunchpad({ config: join(folder, "launchpad.yml") }).catch(codeOf);
    expect(message).toMatch(
      /^MODEL_FILE_UNSUPPORTED [\s\S]*found a pickle[\s\S]*skops\.io\.dump\(joblib\.load\("model\.pkl"\), "model\.skops"\)/,
    );
  });
});

describe("a table", () => {
  it.each(["3.4-logistic"])("of numbers is predicted by columns as rows are, with %s", async (name) => {
    const { launchpad, folder } = await projectOf(corpus.entry(name));
    await launchpad.train();
    const batch = await launchpad.batch();
    const source = await batch.source({ path: join(folder, "holdout.csv") }, "--from");
    const whole = (await source.frame()).drop("churned");
    const rows = [...whole.rows()].map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number.isNaN(value) ? null : value])),
    );
    const { predictions, faults } = await batch.score(whole, "holdout.csv");
    expect(faults).toEqual([]);
    const expected = await Promise.all(rows.map((row) => launchpad.predict(row)));
    const flat = (value: object, before = ""): [string, unknown][] =>
      Object.entries(value).flatMap(([key, inner]) =>
        typeof inner === "object" ? flat(inner, `${before}${key}.`) : [[before + key, inner] as [string, unknown]],
      );
    expect(predictions.toJSON()).toEqual(expected.map((one) => Object.fromEntries(flat(one as object))));
    expect(predictions.length).toBe(rows.length);
  });
});
