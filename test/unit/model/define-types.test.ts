import { number, object, optional, string } from "valibot";
import { describe, expectTypeOf, it } from "vitest";
import { type Args, createLaunchpad, defineModel, type ModelContext, type TrainContext } from "../../../src/index.ts";
import { testHost } from "../../support/host.ts";

describe("types of a model", () => {
  it("follow from what train returns and what input says", () => {
    const model = defineModel({
      input: object({ size: number(), town: optional(string(), "Bern") }),
      train(run) {
        expectTypeOf(run).toEqualTypeOf<TrainContext>();
        return { slope: 2, towns: ["Bern"] };
      },
      test(contents, run) {
        expectTypeOf(contents).toEqualTypeOf<{ slope: number; towns: string[] }>();
        expectTypeOf(run).toEqualTypeOf<ModelContext>();
        return { slope: contents.slope };
      },
      predict(contents, args) {
        expectTypeOf(contents.towns).toEqualTypeOf<string[]>();
        expectTypeOf(args).toEqualTypeOf<{ size: number; town: string }>();
        return { price: args.size * contents.slope };
      },
      predictBatch(contents, rows) {
        expectTypeOf(rows).toEqualTypeOf<readonly { size: number; town: string }[]>();
        return rows.map(({ size }) => size * contents.slope);
      },
    });
    const launchpad = createLaunchpad({
      config: { model: { name: "m", version: "1.0.0", module: "m" }, model_store: { location: "memory:" } },
      model,
      host: testHost(),
    });
    // Callers give what `input` takes: what has a default may be left out.
    expectTypeOf<Parameters<typeof launchpad.predict>[0]>().toEqualTypeOf<{
      size: number;
      town?: string | undefined;
    }>();
    expectTypeOf<Awaited<ReturnType<typeof launchpad.train>>["model"]>().toEqualTypeOf<{
      slope: number;
      towns: string[];
    }>();
  });

  it("leave arguments open where there is no input", () => {
    defineModel({
      train: () => 7,
      test: (seven) => {
        expectTypeOf(seven).toEqualTypeOf<number>();
        return {};
      },
      predict(_seven, args) {
        expectTypeOf(args).toEqualTypeOf<Args>();
        return args.x;
      },
    });
  });

  it("are wrong where a function is missing or predicts from what is no row", () => {
    // @ts-expect-error: predict is missing
    defineModel({ train: () => 1, test: () => ({}) });
    // @ts-expect-error: a test gives metrics by name
    defineModel({ train: () => 1, test: () => 3, predict: () => 1 });
    // @ts-expect-error: as many predictions as rows are a list
    defineModel({ train: () => 1, test: () => ({}), predict: () => 1, predictBatch: () => 3 });
  });
});
