import { number, object } from "valibot";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type Args,
  defineModel,
  type Frame,
  LaunchpadError,
  type ModelContext,
  modelFrom,
  type TrainContext,
} from "../../src/internal.ts";

describe("defineModel", () => {
  it("gives test and predict what train returns", () => {
    const model = defineModel({
      async train() {
        return { weights: new Float64Array(3), labels: ["a"] };
      },
      test(model) {
        expectTypeOf(model).toEqualTypeOf<{ weights: Float64Array<ArrayBuffer>; labels: string[] }>();
        return {};
      },
      predict(model, args, run) {
        expectTypeOf(model.labels).toEqualTypeOf<string[]>();
        expectTypeOf(args).toEqualTypeOf<Args>();
        expectTypeOf(run).toEqualTypeOf<ModelContext>();
        return null;
      },
      codec: {
        encode: ({ labels }) => new TextEncoder().encode(labels[0]),
        decode: () => ({ weights: new Float64Array(3), labels: [] }),
      },
    });
    expect(Object.keys(model)).toEqual(["train", "test", "predict", "codec"]);
  });

  it("gives args the type of input, and previous the type that train asks for", () => {
    defineModel({
      train({ previous, source, orderColumns }: TrainContext<{ sum: number }>) {
        expectTypeOf(previous).toEqualTypeOf<{ sum: number } | undefined>();
        expectTypeOf(orderColumns<Frame>).returns.toEqualTypeOf<Frame>();
        expectTypeOf(source("x").frame()).resolves.toEqualTypeOf<Frame>();
        return { sum: 1 };
      },
      test: ({ sum }) => ({ sum }),
      input: object({ x: number() }),
      predict(_, args) {
        expectTypeOf(args).toEqualTypeOf<{ x: number }>();
        return args.x;
      },
    });
  });

  it("refuses contents that do not fit", () => {
    defineModel({
      train: () => ({ sum: 1 }),
      // @ts-expect-error: train returns no mean
      test: ({ mean }) => ({ mean }),
      predict: () => 0,
    });
  });
});

describe("modelFrom", () => {
  const functions = { train: () => 1, test: () => ({}), predict: () => 2 };

  it("takes a default export or named exports", () => {
    expect(modelFrom({ default: functions, other: 1 }, "m.ts")).toBe(functions);
    expect(modelFrom(functions, "m.ts")).toBe(functions);
  });

  const cases: [string, unknown, string][] = [
    ["one function missing", { ...functions, test: undefined }, "the function test is missing (found: train, predict)"],
    ["all missing", {}, "the functions train, test, predict are missing (found: nothing)"],
    [
      "a default export without them",
      { default: { fit() {} } },
      "the functions train, test, predict are missing (found: fit)",
    ],
    ["something that is no module", null, "are missing (found: nothing)"],
  ];
  for (const [name, module, message] of cases) {
    it(`says which are missing: ${name}`, () => {
      const act = () => modelFrom(module, "m.ts");
      expect(act).toThrow(LaunchpadError);
      expect(act).toThrow(expect.objectContaining({ code: "MODULE_INVALID", exitCode: 2 }));
      expect(act).toThrow(message);
    });
  }
});
