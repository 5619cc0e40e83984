import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { defineModel, type Model } from "../../../src/index.ts";
import { project } from "../../support/project.ts";

const codec = (open: () => object) => ({ encode: () => new Uint8Array(1), decode: open });

/** A model whose contents hold something open; `log` tells what became of it. */
function holding(name: typeof Symbol.asyncDispose | typeof Symbol.dispose | "close") {
  const log: string[] = [];
  let opened = 0;
  let finish: () => void = () => {};
  const model = defineModel({
    train: () => ({}),
    test: () => ({}),
    predict: async (contents, { wait }) => {
      if (wait) {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
      }
      log.push(`predicted by ${(contents as { id: number }).id}`);
      return {};
    },
    codec: codec(() => {
      opened += 1;
      const id = opened;
      return { id, [name]: async () => log.push(`closed ${id}`) };
    }),
  }) as Model;
  return { model, log, finish: () => finish() };
}

describe("contents that can be closed", () => {
  it.each([[Symbol.asyncDispose], [Symbol.dispose], ["close"]] as const)(
    "are, by %s, when another model serves and when the launchpad closes",
    async (name) => {
      const { model, log } = holding(name);
      const { launchpad } = project(model);
      await launchpad.train();
      await launchpad.predict({});
      await launchpad.train();
      await new Promise((resolve) => setTimeout(resolve, 5));
      await launchpad.predict({});
      await launchpad.close();
      await launchpad.close();
      const [first = 0, second = 0] = log
        .filter((line) => line.startsWith("predicted"))
        .map((line) => Number(line.split(" ").at(-1)));
      expect(log).toEqual([`predicted by ${first}`, `closed ${first}`, `predicted by ${second}`, `closed ${second}`]);
    },
  );

  it("stay open for predictions that have begun", async () => {
    const { model, log, finish } = holding("close");
    const { launchpad } = project(model);
    await launchpad.train();
    const slow = launchpad.predict({ wait: true });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await launchpad.train();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(log).toEqual([]);
    finish();
    await slow;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(log.map((line) => line.split(" ")[0])).toEqual(["predicted", "closed"]);
    await launchpad.close();
  });

  it("stay open while the arguments of a prediction are being checked", async () => {
    let go: () => void = () => {};
    const checked = new Promise<void>((resolve) => {
      go = resolve;
    });
    const open = { yes: true };
    const model = defineModel({
      train: () => ({}),
      test: () => ({}),
      input: v.pipeAsync(
        v.object({ x: v.number() }),
        v.checkAsync(async () => {
          await checked;
          return true;
        }),
      ) as unknown as v.GenericSchema<unknown, Record<string, unknown>>,
      predict: (contents) => ({ open: (contents as typeof open).yes }),
      codec: codec(() => {
        const contents = { yes: true, close: () => Object.assign(contents, { yes: false }) };
        return contents;
      }),
    }) as Model;
    const { launchpad } = project(model, { api: { name: "sum" } });
    await launchpad.train();
    const slow = launchpad.predict({ x: 1 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const unloading = (await launchpad.api()).serving.unload();
    await new Promise((resolve) => setTimeout(resolve, 5));
    go();
    expect(await slow).toEqual({ open: true });
    await unloading;
    await launchpad.close();
  });

  it("log what goes wrong, and hinder nobody", async () => {
    const model = defineModel({
      train: () => ({}),
      test: () => ({}),
      predict: () => ({ ok: 1 }),
      codec: codec(() => ({ close: () => Promise.reject(new Error("stuck")) })),
    }) as Model;
    const { launchpad, host } = project(model);
    await launchpad.train();
    await launchpad.train();
    expect(await launchpad.predict({})).toEqual({ ok: 1 });
    await launchpad.close();
    expect(host.records.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
      "a model could not be closed: stuck",
      "a model could not be closed: stuck",
    ]);
  });

  it("leave data alone that is only called so", async () => {
    const model = defineModel({
      train: () => ({ close: [1, 2, 3] }),
      test: () => ({}),
      predict: ({ close }) => ({ last: close.at(-1) }),
    }) as Model;
    const { launchpad } = project(model);
    await launchpad.train();
    expect(await launchpad.predict({})).toEqual({ last: 3 });
    await launchpad.close();
  });
});
