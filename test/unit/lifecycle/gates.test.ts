import { describe, expect, it } from "vitest";
import { defineConfig, defineModel, isLaunchpadError, refusalOf } from "../../../src/internal.ts";
import { describeMissed, missedGates } from "../../../src/lifecycle/train/gates.ts";
import { testHost } from "../../support/host.ts";
import { project, sumModel } from "../../support/project.ts";

const previous = { f1: 0.8, loss: 1, classes: { a: { recall: 0.5 } } };

describe("a gate", () => {
  it.each([
    [">= 0.9", 0.9, true],
    [">= 0.9", 0.89, false],
    ["> 0.9", 0.9, false],
    [">.5", 0.6, true],
    ["<= -1e-3", -0.001, true],
    ["< 2", 2, false],
    ["== 3", 3, true],
    ["==3", 3.1, false],
  ])("%s lets %s through: %s", (gate, value, passes) => {
    expect(missedGates({ m: gate }, { m: value }, undefined).length === 0).toBe(passes);
  });

  it.each([
    ["f1", ">= previous", 0.8, true],
    ["f1", "> previous", 0.8, false],
    ["loss", "<= previous * 1.02", 1.02, true],
    ["loss", "<= previous * 1.02", 1.03, false],
    ["loss", "<= previous+0.5", 1.5, true],
    ["loss", "<= previous - .5", 0.6, false],
  ])("compares %s %s with the previous model: %s, %s", (metric, gate, value, passes) => {
    expect(missedGates({ [metric]: gate }, { [metric]: value }, previous).length === 0).toBe(passes);
  });

  it("says what was found, what was expected and by how much", () => {
    const [missed] = missedGates({ accuracy: ">= 0.9" }, { accuracy: 0.85 }, undefined);
    expect(missed).toEqual({ gate: ">= 0.9", metric: "accuracy", found: 0.85, expected: 0.9, by: 0.05 });
    expect(missed && describeMissed(missed)).toBe("accuracy is 0.85, expected >= 0.9: missed by 0.05");
    const [compared] = missedGates({ f1: ">= previous" }, { f1: 0.7 }, previous);
    expect(compared && describeMissed(compared)).toBe("f1 is 0.7, expected >= previous, which is 0.8: missed by 0.1");
  });

  it("finds a metric by a path, and by a name with dots in it", () => {
    const gates = { "classes.a.recall": "> previous" };
    expect(missedGates(gates, { classes: { a: { recall: 0.6 } } }, previous)).toEqual([]);
    expect(missedGates(gates, { classes: { a: { recall: 0.4 } } }, previous)).toMatchObject([{ expected: 0.5 }]);
    expect(missedGates({ "a.b": "> 1" }, { "a.b": 2, a: { b: 0 } }, undefined)).toEqual([]);
    expect(missedGates({ "list.1": "> 1" }, { list: [0, 2] }, undefined)).toEqual([]);
  });

  it.each([{}, { m: "0.99" }, { m: null }, { m: [1] }])("is missed by a metric that is no number: %j", (metrics) => {
    expect(missedGates({ m: ">= 0" }, metrics, undefined)).toMatchObject([{ found: null, by: null }]);
    expect(missedGates({ m: ">= previous" }, metrics, undefined)).toHaveLength(1);
  });

  it("is not fooled by what every object has", () => {
    expect(missedGates({ "constructor.length": ">= 0" }, {}, undefined)).toHaveLength(1);
    expect(missedGates({ "m.length": ">= 0" }, { m: "text" }, undefined)).toHaveLength(1);
  });

  it("is passed where it speaks of a previous metric and there is none", () => {
    expect(missedGates({ f1: ">= previous" }, { f1: 0.1 }, undefined)).toEqual([]);
    expect(missedGates({ recall: ">= previous" }, { recall: 0.1 }, previous)).toEqual([]);
  });

  it.each([
    "0.9",
    "=> 1",
    ">= ",
    ">= one",
    ">= previous * ",
    ">= previous / 2",
    ">= 2 * previous",
    ">= 1 + 1",
    ">= Infinity",
    ">= 1e999",
    ">= 0x10",
    ">= globalThis",
    "!= 1",
    "",
    0.9,
    null,
    [">= 1"],
  ])("that is malformed is a problem of the configuration: %j", (gate) => {
    const config = {
      model_store: { location: "memory:" },
      model: { name: "a", version: "1", module: "m", gates: { acc: gate } },
    };
    expect(() => defineConfig(config)).toThrow(/model\.gates\.acc: found .*expected a gate/);
  });

  it("may not be misspelt", () => {
    const model = { name: "a", version: "1", module: "m" };
    const store = { location: "memory:" };
    expect(() => defineConfig({ model_store: store, model: { ...model, gate: {} } })).toThrow(/Did you mean gates/);
    expect(() => defineConfig({ model_store: store, model: { ...model, gates: [">= 1"] } })).toThrow(
      /mapping of gates/,
    );
    expect(defineConfig({ model_store: store, model: { ...model, notes: "mine", tests: 3 } }).model.notes).toBe("mine");
  });
});

/** A model whose metrics a test chooses. */
const measured = (metrics: () => Record<string, unknown>) =>
  defineModel({ train: () => metrics(), test: (model) => model, predict: (model) => model });

describe("a training", () => {
  it("that misses a gate is kept, not made current, and does not serve", async () => {
    let accuracy = 0.95;
    const { launchpad } = project(
      measured(() => ({ accuracy })),
      { model: { gates: { accuracy: ">= previous - 0.1" } } },
    );
    const first = await launchpad.train();
    expect(first).toMatchObject({ promoted: true, missed: [], breaks: [] });
    accuracy = 0.5;
    const second = await launchpad.train();
    expect(second).toMatchObject({ promoted: false, missed: [{ metric: "accuracy", found: 0.5, by: 0.35 }] });
    expect(await launchpad.predict({})).toEqual({ accuracy: 0.95 });
    expect(await launchpad.store.current("sum", "1.0.0")).toBe(first.meta?.run);
    expect((await launchpad.store.runs("sum")).map(({ meta }) => meta.run).sort()).toEqual(
      [first.meta?.run, second.meta?.run].sort(),
    );
    expect(await launchpad.refresh()).toBe(false);

    const refusal = refusalOf(second, second.meta);
    expect(refusal).toMatchObject({ code: "GATE_MISSED", exitCode: 3 });
    expect(refusal?.message).toContain(`launchpad models promote sum@1.0.0/${second.meta?.run}`);
    expect(refusal?.message).toContain("accuracy is 0.5, expected >= previous - 0.1, which is 0.85: missed by 0.35");
    expect(refusalOf(first, first.meta)).toBeUndefined();
  });

  it("compares with the newest metrics of the current run, those of a retest included", async () => {
    let found = 1;
    const model = defineModel({ train: () => 0, test: () => ({ found }), predict: () => null });
    const { launchpad } = project(model, { model: { gates: { found: ">= previous" } } });
    await launchpad.train();
    found = 3;
    await launchpad.retest();
    found = 2;
    expect(await launchpad.train()).toMatchObject({ promoted: false, missed: [{ expected: 3, by: 1 }] });
  });

  it("that was not tested misses every gate", async () => {
    const { launchpad } = project(sumModel, { model: { gates: { sum: ">= 0" } } });
    expect(await launchpad.train({ test: false })).toMatchObject({ promoted: false, missed: [{ found: null }] });
    await expect(launchpad.predict({ x: 1 })).rejects.toMatchObject({ code: "MODEL_NOT_TRAINED" });
  });

  it("is compared with nothing when the current run is damaged, and says so", async () => {
    const host = testHost();
    const { launchpad } = project(sumModel, { model: { gates: { sum: ">= previous + 100" } } }, host);
    const { meta } = await launchpad.train();
    const driver = await host.openStorage("memory:", {});
    await driver.setItem?.(`sum:1.0.0:${meta?.run}:meta.json`, "{}", {});
    expect(await launchpad.train({ fresh: true })).toMatchObject({ promoted: true });
    expect(host.records.some(({ message }) => message.includes("are not compared with the current run"))).toBe(true);
  });

  it("fails, rather than to pass its gates unseen, when the store cannot be read", async () => {
    const host = testHost();
    const { launchpad } = project(sumModel, { model: { gates: { sum: ">= previous" } } }, host);
    await launchpad.train();
    const driver = await host.openStorage("memory:", {});
    const broken = project(
      sumModel,
      {},
      testHost({ openStorage: () => ({ ...driver, getItemRaw: denied, getItem: denied }) }),
    );
    const error = await broken.launchpad.train({ fresh: true }).catch((thrown: unknown) => thrown);
    expect(isLaunchpadError(error) && error.code).toBe("STORE_UNAVAILABLE");
  });
});

function denied(): never {
  throw Object.assign(new Error("permission denied"), { code: "EACCES" });
}
