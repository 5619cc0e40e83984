import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { defineModel } from "../../../src/index.ts";
import type { Profile } from "../../../src/monitoring/profile/types.ts";
import { project } from "../../support/project.ts";

const iris = (name: string) => new URL(`../../../examples/iris/iris_${name}.csv`, import.meta.url).href;

const datasources = {
  petals: { type: "csv", path: iris("train"), tags: "train" },
  petals_test: { type: "csv", path: iris("holdout"), tags: "test" },
};

const model = defineModel({
  input: v.object({ "petal.length": v.number(), "sepal.width": v.number() }),
  async train({ source }) {
    await source("petals").frame();
    // Another epoch is no more data.
    await source("petals").frame();
    return {};
  },
  async test(_, { source }) {
    const { length } = await source("petals_test").frame();
    return { length };
  },
  predict: (_, args) => ({ long: args["petal.length"] > 4 }),
});

const profileOf = (meta: object | undefined) => (meta as { profile?: Profile } | undefined)?.profile;

describe("a training", () => {
  it("keeps the distributions of its inputs, and of predictions for what the test reads", async () => {
    const { launchpad } = project(model, { datasources, api: { name: "iris" } });
    const { meta } = await launchpad.train();
    const profile = profileOf(meta);
    expect(profile).toMatchObject({ format: 1, sources: ["petals"] });
    expect(Object.keys(profile?.inputs ?? {})).toEqual(["petal.length", "sepal.width"]);
    const length = profile?.inputs["petal.length"];
    if (length?.kind !== "number") throw new Error(`found ${length?.kind}, expected a number`);
    expect(length.counts.reduce((sum, count) => sum + count, 0)).toBe(profile?.rows);
    expect(profile?.rows).toBe(profile?.rows_seen);
    expect(profile?.predictions).toBe(meta?.metrics.length);
    expect(profile?.outputs.long).toMatchObject({
      kind: "category",
      values: expect.arrayContaining(["true", "false"]),
    });
  });

  it("keeps none where the configuration wants none, and none of what no request names", async () => {
    const config = { datasources, api: { name: "iris" } };
    const none = project(model, { ...config, drift: { profile: false } });
    expect(profileOf((await none.launchpad.train()).meta)).toBeUndefined();
    const { input: _, ...open } = model;
    const { launchpad } = project(open as typeof model, config);
    expect(profileOf((await launchpad.train()).meta)).toBeUndefined();
  });

  it("takes what the model says that it learns from, and inputs that the configuration names", async () => {
    const { input: _, ...open } = model;
    const { launchpad } = project(
      defineModel({
        ...(open as Omit<typeof model, "input">),
        train({ profile }) {
          profile([{ ratio: 1 }, { ratio: 2 }, { ratio: null, other: "x" }]);
          return {};
        },
      }),
      { datasources, api: { name: "iris" }, drift: { inputs: ["ratio"] } },
    );
    const profile = profileOf((await launchpad.train()).meta);
    expect(profile).toMatchObject({
      rows: 3,
      inputs: { ratio: { kind: "number", min: 1, edges: [1, 2], missing: 1 } },
    });
    expect(Object.keys(profile?.inputs ?? {})).toEqual(["ratio"]);
  });

  it("goes on without predictions that cannot be made", async () => {
    const { launchpad } = project(
      defineModel({
        ...model,
        predict() {
          throw new Error("not today");
        },
      }),
      { datasources, api: { name: "iris" } },
    );
    expect(profileOf((await launchpad.train()).meta)).toMatchObject({ predictions: 0, outputs: {} });
  });
});
