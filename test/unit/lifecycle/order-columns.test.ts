import { number, object, optional } from "valibot";
import { describe, expect, it } from "vitest";
import { createFrame, defineModel, isFrame, type Model } from "../../../src/index.ts";
import { orderColumns } from "../../../src/lifecycle/order-columns.ts";
import { testHost } from "../../support/host.ts";
import { petals, project, sumModel } from "../../support/project.ts";

describe("orderColumns", () => {
  it("orders the columns of a frame", () => {
    const ordered = orderColumns(petals);
    expect(isFrame(ordered)).toBe(true);
    expect(ordered.names).toEqual(["a", "b", "name"]);
    expect([...ordered.rows()][0]).toEqual({ a: 1.5, b: 2, name: "x" });
  });

  it("orders the keys of an object, whatever they are called", () => {
    expect(Object.keys(orderColumns({ b: 1, a: 2 }))).toEqual(["a", "b"]);
    const hostile = JSON.parse('{"b":1,"__proto__":{"polluted":true}}');
    const ordered = orderColumns(hostile);
    expect(Object.keys(ordered)).toEqual(["__proto__", "b"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("gives frames, rows and arguments one order, for names that are whole numbers too", () => {
    const names = ["11", "b", "2", "0", "10", "1", "-1", "01", "a"];
    const frame = orderColumns(createFrame(Object.fromEntries(names.map((name) => [name, [1]]))));
    const args = orderColumns(Object.fromEntries(names.map((name) => [name, 1])));
    expect(frame.names).toEqual(["0", "1", "2", "10", "11", "-1", "01", "a", "b"]);
    expect(Object.keys(args)).toEqual(frame.names);
    expect(Object.keys([...frame.rows()][0] ?? {})).toEqual(frame.names);
  });

  for (const [what, value] of Object.entries({ "an array": [1], null: null, number: 5, object: new Map() })) {
    it(`refuses ${what}`, () => {
      expect(() => orderColumns(value as never)).toThrow(
        expect.objectContaining({ code: "DATA_INVALID", message: expect.stringContaining(`found ${what}`) }),
      );
    });
  }
});

describe("the warning about columns that are not ordered", () => {
  const model = (ordered: { train?: boolean; test?: boolean; predict?: boolean }): Model => ({
    train(run) {
      if (ordered.train) run.orderColumns({ a: 1 });
      return { sum: 0 };
    },
    test(_, run) {
      if (ordered.test) run.orderColumns({ a: 1 });
      return {};
    },
    predict(_, args, run) {
      if (ordered.predict) run.orderColumns({ a: 1 });
      return args;
    },
  });
  const warnings = async (ordered: Parameters<typeof model>[0], setting?: string) => {
    const { launchpad, host } = project(model(ordered), {
      model: setting ? { order_columns_not_used_warning: setting } : {},
    });
    await launchpad.train();
    await launchpad.retest();
    await launchpad.predict({});
    await launchpad.predict({});
    return host.records.filter(({ level }) => level === "warning").map(({ message }) => message.split(" does not")[0]);
  };
  const use = (what: string) => `Model has been trained on ordered columns, but ${what}`;

  it("comes when training does not order them", async () => {
    expect(await warnings({})).toEqual(["Training code"]);
    expect(await warnings({}, "test_and_predict")).toEqual([]);
    expect(await warnings({}, "never")).toEqual([]);
  });

  it("comes when training does, but testing, retesting or prediction do not; once for each model that serves", async () => {
    const all = [use("testing code"), use("retesting code"), use("prediction code")];
    expect(await warnings({ train: true })).toEqual(all);
    expect(await warnings({ train: true }, "test_and_predict")).toEqual(all);
    expect(await warnings({ train: true }, "never")).toEqual([]);
  });

  it("does not come when all of them do", async () => {
    expect(await warnings({ train: true, test: true, predict: true })).toEqual([]);
  });

  it("knows how a stored model was trained, also in another process", async () => {
    const { launchpad, host } = project(model({ train: true, test: true }));
    await launchpad.train();
    const other = project(sumModel, {}, host);
    await other.launchpad.predict({ x: 1 });
    expect(host.records.filter(({ level }) => level === "warning")).toHaveLength(1);
  });
});

describe("the columns that a training ordered", () => {
  const model = defineModel({
    train: ({ orderColumns }) => ({ names: Object.keys(orderColumns({ b: 1, a: 2, target: 3 })) }),
    test: (_, { orderColumns }) => ({ n: Object.keys(orderColumns({ a: 1, b: 2, later: 3 })).length }),
    predict: (_, args, { orderColumns }) => Object.keys(orderColumns(args)),
  });

  it("are stored with the model, and those of a prediction are among them", async () => {
    const shared = testHost();
    const { launchpad } = project(model, {}, shared);
    const { meta } = await launchpad.train();
    expect(meta?.ordered_columns).toEqual([["a", "b", "target"]]);
    // Another process, which reads them from the store.
    for (const { launchpad: one } of [{ launchpad }, project(model, {}, shared)]) {
      expect(await one.predict({ b: 1, a: 2 })).toEqual(["a", "b"]);
      await expect(one.predict({ b: 1, aa: 2 })).rejects.toMatchObject({
        code: "DATA_INVALID",
        message: expect.stringMatching(/training of sum 1\.0\.0 ordered \("a", "b", "target"\), found others \("aa"\)/),
      });
    }
  });

  it("are those that the model's input describes: none is missing", async () => {
    const input = object({ a: number(), b: optional(number()) });
    const { launchpad } = project({ ...model, input } as unknown as typeof model);
    await launchpad.train();
    expect(await launchpad.predict({ a: 1, b: 2 })).toEqual(["a", "b"]);
    await expect(launchpad.predict({ a: 1 })).rejects.toThrow(/found none of the name "b".*train again/);
    const [one, two] = await launchpad.predictBatch([{ a: 1 }, { a: 1, b: 2 }]);
    expect([one?.error, two?.prediction]).toMatchObject([{ code: "DATA_INVALID" }, ["a", "b"]]);
  });

  it("are not asked of a model that was trained before they were stored, nor of one that ordered none", async () => {
    const free = defineModel({ ...model, train: () => ({ names: [] as string[] }) });
    const { launchpad } = project(free);
    const { meta } = await launchpad.train();
    expect(meta).not.toHaveProperty("ordered_columns");
    expect(await launchpad.predict({ z: 1 })).toEqual(["z"]);
  });

  const orders = (sets: readonly (readonly string[])[], asked: (args: object) => readonly (readonly string[])[]) => {
    const made = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 1]));
    return defineModel({
      train({ orderColumns }) {
        for (const names of sets) orderColumns(made(names));
        return {};
      },
      test: () => ({}),
      predict: (_, args, { orderColumns }) =>
        asked(args).map((names) => Object.keys(orderColumns(made(names))).join("")),
    });
  };

  it("may be ordered set by set, each beside an input that describes all", async () => {
    const model = orders([["b", "a"], ["c"]], () => [["b", "a"], ["c"]]);
    const input = object({ a: number(), b: number(), c: number() });
    const { launchpad } = project({ ...model, input } as unknown as typeof model);
    await launchpad.train();
    expect(await launchpad.predict({ a: 1, b: 2, c: 3 })).toEqual(["ab", "c"]);
  });

  it("are those of one set: parts of two are refused, with the nearer one named", async () => {
    const trained = [
      ["a", "b"],
      ["c", "d", "e"],
    ];
    const { launchpad } = project(orders(trained, (args) => [Object.keys(args)]));
    await launchpad.train();
    expect(await launchpad.predict({ d: 1, c: 1 })).toEqual(["cd"]);
    await expect(launchpad.predict({ a: 1, c: 1, e: 1 })).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringMatching(/ordered \("c", "d", "e"\), found others \("a"\)/),
    });
  });

  it("are known of 64 sets, and of none where there are more", async () => {
    for (const count of [64, 65]) {
      const sets = Array.from({ length: count }, (_, at) => [`x${at}`]);
      const { launchpad } = project(orders(sets, (args) => [Object.keys(args)]));
      const { meta } = await launchpad.train();
      expect(meta?.ordered_columns?.length).toBe(count === 64 ? 64 : undefined);
      expect(meta?.have_columns_been_ordered).toBe(true);
      expect(await launchpad.predict({ [`x${count - 1}`]: 1 })).toEqual([`x${count - 1}`]);
    }
  });
});
