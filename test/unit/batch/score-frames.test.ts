import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type Counts, type ScoreOptions, scoredFrames } from "../../../src/batch/score-frames.ts";
import { createFrame, defineModel, type Frame, type Model } from "../../../src/index.ts";
import { project } from "../../support/project.ts";

const input = v.object({ x: v.number(), kind: v.optional(v.string()) });
const output = v.object({ y: v.number(), n: v.pipe(v.number(), v.integer()), label: v.nullable(v.string()) });
const whole = defineModel({
  train: () => ({ times: 2 }),
  test: () => ({}),
  predict: ({ times }: { times: number }, { x, kind }) => {
    if (x === 13) throw new Error("unlucky");
    return { y: x * times, n: Math.round(x), label: kind ?? null };
  },
  input,
  output,
});

async function batchOf(model: Model, config: Parameters<typeof project>[1] = {}) {
  const { launchpad } = project(model, config);
  await launchpad.train();
  return launchpad.batch();
}

async function* given(...frames: Frame[]) {
  yield* frames;
}

async function scored(
  model: Model,
  frames: readonly Frame[],
  more: Partial<ScoreOptions> = {},
  config: Parameters<typeof project>[1] = {},
) {
  const batch = await batchOf(model, config);
  const counts: Counts = { rows: 0, predicted: 0, skipped: 0 };
  const options = { score: batch.score, inputs: batch.columns, carry: [], atOnce: 3, where: "rows.csv", ...more };
  const rows: object[] = [];
  const dtypes: object[] = [];
  for await (const frame of scoredFrames(given(...frames), options, counts)) {
    rows.push(...frame.toJSON());
    dtypes.push(frame.dtypes);
  }
  return { rows, dtypes, counts };
}

describe("scored frames", () => {
  it("hold what was carried, then predictions with the dtypes of the output", async () => {
    const frames = [
      createFrame({ id: ["a", "b"], x: [1, 2.5], kind: ["k", null] }),
      createFrame({ id: ["c"], x: [3], kind: [null] }),
    ];
    const { rows, dtypes, counts } = await scored(whole, frames, { carry: ["id"] });
    expect(rows).toEqual([
      { id: "a", y: 2, n: 1, label: "k" },
      { id: "b", y: 5, n: 3, label: null },
      { id: "c", y: 6, n: 3, label: null },
    ]);
    expect(dtypes[0]).toEqual({ id: "str", y: "float64", n: "int64", label: "str" });
    expect(dtypes[1]).toEqual(dtypes[0]);
    expect(counts).toEqual({ rows: 3, predicted: 3, skipped: 0 });
  });

  it("end at the first row without prediction, with its number", async () => {
    const frames = [createFrame({ x: [1, 2] }), createFrame({ x: [3, 13] })];
    await expect(scored(whole, frames)).rejects.toThrow(
      /rows\.csv row 4: \[model\] predict of sum 1\.0\.0 threw unlucky/,
    );
    const missing = [createFrame({ x: [1, null] })];
    await expect(scored(whole, missing)).rejects.toThrow(/rows\.csv row 2: .*x: .*Expected number/);
  });

  it("go on without such rows if somebody takes them, and the counts add up", async () => {
    const bad: unknown[] = [];
    const frames = [
      createFrame({ id: [1, 2, 3], x: [1, 13, 2] }),
      createFrame({ id: [4], x: [13] }),
      createFrame({ id: [5], x: [7] }),
    ];
    const { rows, counts } = await scored(whole, frames, { carry: ["id"], onBadRow: (row) => void bad.push(row) });
    expect(rows.map((row) => (row as { id: number }).id)).toEqual([1, 3, 5]);
    expect(counts).toEqual({ rows: 5, predicted: 3, skipped: 2 });
    expect(bad).toMatchObject([
      { row: 2, code: "PREDICT_FAILED", values: { id: 2, x: 13 } },
      { row: 4, code: "PREDICT_FAILED", values: { id: 4, x: 13 } },
    ]);
  });

  it("flatten objects by both names, and keep lists as JSON", async () => {
    const nested = defineModel({
      train: () => 0,
      test: () => ({}),
      predict: (_, { x }) => ({ p: { a: x, b: { c: "t" } }, list: [x, 2] }),
    });
    expect((await scored(nested, [createFrame({ x: [1] })])).rows).toEqual([{ "p.a": 1, "p.b.c": "t", list: "[1,2]" }]);
    const bare = defineModel({ train: () => 0, test: () => ({}), predict: (_, { x }) => x + 1 });
    expect((await scored(bare, [createFrame({ x: [1, 2] })])).rows).toEqual([{ prediction: 2 }, { prediction: 3 }]);
  });

  it("refuse columns that came late, of another type, or of one name", async () => {
    const odd = defineModel({
      train: () => 0,
      test: () => ({}),
      predict: (_, { x }) => (x === 1 ? { y: 1 } : x === 2 ? { y: 1, z: 2 } : x === 3 ? { y: "t" } : {}),
    });
    const one = createFrame({ x: [1] });
    await expect(scored(odd, [one, createFrame({ x: [2] })])).rejects.toThrow(
      'from row 2 on: the columns of the first rows (y) expected, found "z"',
    );
    await expect(scored(odd, [one, createFrame({ x: [3] })])).rejects.toThrow("float64 in column");
    expect((await scored(odd, [one, createFrame({ x: [4] })])).rows).toEqual([{ y: 1 }, { y: Number.NaN }]);
    await expect(scored(odd, [createFrame({ x: [1, 3] })])).rejects.toThrow("predictions as a table");
    await expect(scored(odd, [createFrame({ x: [1], y: [5] })], { carry: ["y"] })).rejects.toThrow(
      "with other names than predictions have",
    );
  });

  it("name the columns that are missing, of the model and of those to carry", async () => {
    await expect(scored(whole, [createFrame({ z: [1] })])).rejects.toThrow(
      "rows.csv: expected the columns x, which the model needs; found z",
    );
    await expect(scored(whole, [createFrame({ x: [1] })], { carry: ["id"] })).rejects.toThrow(
      "expected the columns id of --columns",
    );
  });

  it("refuse a model that returns too few predictions", async () => {
    const short = defineModel({
      train: () => 0,
      test: () => ({}),
      predict: (_, { x }) => ({ y: x }),
      predictBatch: (_, rows) => rows.slice(1).map(({ x }) => ({ y: x })),
    });
    const rows = scored(short, [createFrame({ x: [1, 2, 3] })], { onBadRow: () => {} });
    await expect(rows).rejects.toThrow("expected a list of 3 predictions, one for each row, found 2");
  });

  it("ask for no more frames than are worked on, and end the source when nobody reads on", async () => {
    let asked = 0;
    let ended = false;
    async function* endless() {
      try {
        for (;;) {
          asked += 1;
          yield createFrame({ x: [asked] });
        }
      } finally {
        ended = true;
      }
    }
    const batch = await batchOf(whole);
    const options = { score: batch.score, inputs: batch.columns, carry: [], atOnce: 3, where: "x" };
    const frames = scoredFrames(endless(), options, { rows: 0, predicted: 0, skipped: 0 });
    await frames.next();
    expect(asked).toBe(3);
    await frames.return(undefined);
    expect(ended).toBe(true);
  });

  it("say what a file describes that is not met", async () => {
    const batch = await batchOf(whole);
    const answers = await batch.answer([{ x: 1 }, { x: "1" }, [], { x: 2, more: true }]);
    expect(
      answers.map(({ error }) => (error === undefined ? "right" : String((error as { code: string }).code))),
    ).toEqual(["right", "ARGUMENTS_INVALID", "ARGUMENTS_INVALID", "right"]);
  });
});
