import { describe, expect, it } from "vitest";
import { isLaunchpadError } from "../../../src/errors.ts";
import type { FeatureValue } from "../../../src/model/types/file-model.ts";
import { onnx } from "../../../src/model/types/onnx/index.ts";
import { backendCases, convertedModels } from "./corpus.ts";
import { attribute, graph, held, named, node, numbered, tensor } from "./graphs.ts";

const models = convertedModels();

/** Numbers that look like chance, the same in each run. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("a hostile file", () => {
  it.each([
    ["an empty one", new Uint8Array(), "MODEL_FILE_INVALID", /expected a graph, found none/],
    [
      "a cycle",
      graph([node("Add", ["x", "b"], "a"), node("Neg", ["a"], "b"), node("Neg", ["a"], "y")]),
      "MODEL_FILE_INVALID",
      /node "the Neg" \(Neg\).*without cycles, found a way back to node "the Add" \(Add\)/,
    ],
    ["a node of itself", graph([node("Add", ["x", "y"], "y")]), "MODEL_FILE_INVALID", /without cycles/],
    [
      "a value that nobody makes",
      graph([node("Add", ["x", "z"], "y")]),
      "MODEL_FILE_INVALID",
      /makes the input "z", found nothing/,
    ],
    [
      "a name twice",
      graph([node("Neg", ["x"], "y"), node("Abs", ["x"], "y")]),
      "MODEL_FILE_INVALID",
      /expected a new name for its output, found "y" again/,
    ],
    [
      "a tensor of 2^40 numbers",
      graph([node("Add", ["x", "w"], "y")], tensor("w", [2 ** 20, 2 ** 20])),
      "MODEL_FILE_INVALID",
      /at most 67108864 elements, found the shape \[1048576,1048576\]/,
    ],
    [
      "a tensor of more than it has",
      graph([node("Add", ["x", "w"], "y")], tensor("w", [3])),
      "MODEL_FILE_INVALID",
      /expected data for the shape \[3\] of int64, found 16 bytes/,
    ],
    [
      "a shape of 2^40",
      graph(
        [node("ConstantOfShape", ["w"], "y")],
        held(5, [
          ...numbered(1, 2),
          ...numbered(2, 7),
          ...numbered(7, 2 ** 20),
          ...numbered(7, 2 ** 20),
          ...named(8, "w"),
        ]),
      ),
      "MODEL_FILE_INVALID",
      /node "the ConstantOfShape" \(ConstantOfShape\): expected at most 67108864 elements/,
    ],
    [
      "an index out of range",
      graph([node("Gather", ["x", "w"], "y", attribute("axis", []))], tensor("w", [2])),
      "MODEL_FILE_INVALID",
      /attribute axis/,
    ],
    [
      "a length past the end",
      Uint8Array.of(8, 8, 58, 200, 1, 10),
      "MODEL_FILE_INVALID",
      /expected 200 bytes from byte 3, found the end/,
    ],
    [
      "operators that are missing",
      graph([node("Conv", ["x"], "a"), node("Tokenizer", ["a"], "y", [], "com.microsoft")]),
      "MODEL_FILE_UNSUPPORTED",
      /the operators Conv, com\.microsoft\.Tokenizer\..*onnxruntime-node or onnxruntime-web/,
    ],
    [
      "a function of its own",
      Uint8Array.from([...graph([node("Mine", ["x"], "y", [], "local")]), ...held(25, named(1, "Mine"))]),
      "MODEL_FILE_UNSUPPORTED",
      /the function Mine of the model/,
    ],
    [
      "data in another file",
      graph(
        [node("Add", ["x", "w"], "y")],
        held(5, [...numbered(1, 2), ...numbered(2, 1), ...named(8, "w"), ...numbered(14, 1)]),
      ),
      "MODEL_FILE_UNSUPPORTED",
      /the tensor w, whose data lies in another file/,
    ],
    ["a graph in a graph", graph([node("If", ["x"], "y")]), "MODEL_FILE_UNSUPPORTED", /the operator If/],
  ] as const)("%s is one clear error", async (_, bytes, code, message) => {
    await expect((async () => onnx.read(bytes, "model.onnx"))()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    await expect((async () => onnx.read(bytes, "model.onnx"))()).rejects.toThrow(/^model\.onnx: /);
  });

  it("of four bytes less or another byte: twenty thousand mutations end in a model or in one clear error", async () => {
    const random = chance(20260711);
    const small = [
      ...models.filter(({ file }) => file.length < 6000).map(({ file }) => file),
      ...backendCases()
        .filter((each) => /ml_|reduce_sum|slice|topk|gemm/.test(each.name))
        .map(({ file }) => file),
    ];
    const counts = { mutations: 0, invalid: 0, unsupported: 0, model: 0, refusedRow: 0, other: 0 };
    const strange: string[] = [];
    const started = process.memoryUsage().rss;
    let slowest = 0;
    while (counts.mutations < 20_000) {
      const source = small[random(small.length)] ?? new Uint8Array();
      let bytes = source.slice();
      const kind = random(5);
      if (kind === 0) bytes = bytes.slice(0, random(bytes.length));
      else if (kind === 1) {
        const from = random(bytes.length);
        bytes = Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(from + 1 + random(6))]);
      } else if (kind === 2) {
        const to = random(bytes.length);
        const from = random(bytes.length);
        bytes.copyWithin(to, from, from + random(40));
      } else if (kind === 4) {
        const at = random(bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      } else
        for (let times = 1 + random(4); times > 0; times -= 1)
          bytes[random(bytes.length)] = [0, 1, 127, 128, 255, random(256)][random(6)] ?? 0;
      counts.mutations += 1;
      const before = performance.now();
      try {
        const model = await onnx.read(bytes, "mutated.onnx");
        counts.model += 1;
        model.predictRow(
          model.features.map(
            ({ kind: each, categories }): FeatureValue =>
              categories?.[0] ?? (each === "text" ? "a" : each === "boolean" ? true : 1),
          ),
        );
      } catch (error) {
        if (!isLaunchpadError(error)) {
          counts.other += 1;
          strange.push(String(error instanceof Error ? error.stack : error).slice(0, 400));
        } else if (error.code === "MODEL_FILE_UNSUPPORTED") counts.unsupported += 1;
        else if (error.code === "MODEL_FILE_INVALID") counts.invalid += 1;
        else counts.refusedRow += 1;
      }
      slowest = Math.max(slowest, performance.now() - before);
    }
    const grown = (process.memoryUsage().rss - started) / 2 ** 20;
    console.log(`${JSON.stringify(counts)}; slowest ${slowest.toFixed(0)} ms, memory grew by ${grown.toFixed(0)} MiB`);
    expect(strange.slice(0, 5)).toEqual([]);
    expect(counts.invalid).toBeGreaterThan(5000);
    expect(counts.model).toBeGreaterThan(500);
    expect(slowest).toBeLessThan(5000);
    expect(grown).toBeLessThan(1500);
  }, 240_000);
});
