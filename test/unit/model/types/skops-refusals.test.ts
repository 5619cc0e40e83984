import { describe, expect, it } from "vitest";
import { skops } from "../../../../src/model/types/skops/index.ts";
import { fileOf } from "../../../formats/skops/corpus.ts";
import { storedZip } from "../../../formats/skops/stored-zip.ts";

const node = (loader: string, content: unknown, name = "str", module = "builtins") => ({
  __class__: name,
  __module__: module,
  __loader__: loader,
  content,
});
const json = (value: unknown) => node("JsonNode", JSON.stringify(value));
const object = (type: string, attributes: Record<string, unknown>) => {
  const at = type.lastIndexOf(".");
  const content = { ...node("DictNode", attributes, "dict"), key_types: node("ListNode", [], "list") };
  return node("ObjectNode", content, type.slice(at + 1), type.slice(0, at));
};
const fileWith = (schema: object, protocol = 2) =>
  storedZip(new Map([["schema.json", new TextEncoder().encode(JSON.stringify({ ...schema, protocol }))]]));
const read = async (bytes: Uint8Array) => await skops.read(bytes, "model.skops");
const altered = (change: (view: DataView, bytes: Uint8Array) => void) => {
  const bytes = fileWith(object("sklearn.linear_model._base.LinearRegression", {}));
  change(new DataView(bytes.buffer), bytes);
  return bytes;
};
/** Place of the first entry of the directory. */
const directory = (bytes: Uint8Array) => new DataView(bytes.buffer).getUint32(bytes.length - 6, true);

describe("what a skops file may not hold", () => {
  it("is a class that is not read, by its name", async () => {
    await expect(read(fileWith(object("evil.module.System", {})))).rejects.toMatchObject({
      code: "MODEL_FILE_UNSUPPORTED",
      message: "model.skops: System: evil.module.System is not supported",
    });
    await expect(read(fileWith(object("sklearn.linear_model._base.__proto__", {})))).rejects.toMatchObject({
      code: "MODEL_FILE_UNSUPPORTED",
    });
  });

  it("is a parameter that changes predictions and is not read, by its name", async () => {
    const attributes = { n_features_in_: json(2), _fit_method: json("kd_tree"), output_distribution: json("normal") };
    await expect(
      read(fileWith(object("sklearn.preprocessing._data.QuantileTransformer", attributes))),
    ).rejects.toMatchObject({
      code: "MODEL_FILE_UNSUPPORTED",
      message: expect.stringContaining('QuantileTransformer with output_distribution="normal"'),
    });
  });

  it("is a protocol that is not known", async () => {
    await expect(read(fileWith(object("x.Y", {}), 3))).rejects.toMatchObject({ code: "MODEL_FILE_UNSUPPORTED" });
  });

  it.each([
    [
      "encrypted",
      "MODEL_FILE_UNSUPPORTED",
      (view: DataView, bytes: Uint8Array) => view.setUint16(directory(bytes) + 8, 1, true),
    ],
    [
      "compressed otherwise",
      "MODEL_FILE_UNSUPPORTED",
      (view: DataView, bytes: Uint8Array) => view.setUint16(directory(bytes) + 10, 12, true),
    ],
    [
      "zip64",
      "MODEL_FILE_UNSUPPORTED",
      (view: DataView, bytes: Uint8Array) => view.setUint32(bytes.length - 6, 0xffffffff, true),
    ],
    [
      "a bomb",
      "MODEL_FILE_INVALID",
      (view: DataView, bytes: Uint8Array) => {
        view.setUint16(directory(bytes) + 10, 8, true);
        view.setUint32(directory(bytes) + 24, 2 ** 29, true);
      },
    ],
    [
      "of another checksum",
      "MODEL_FILE_INVALID",
      (view: DataView, bytes: Uint8Array) => view.setUint32(directory(bytes) + 16, 1, true),
    ],
  ] as const)("is an archive that is %s", async (_, code, change) => {
    await expect(read(altered(change))).rejects.toMatchObject({ code });
  });
});

describe("inputs of a model", () => {
  it("have the names, kinds and categories that training saw", async () => {
    const { features, task, objective, classes } = await read(fileOf("columns-19"));
    expect({ task, objective, classes }).toEqual({
      task: "classification",
      objective: "LogisticRegression",
      classes: [0, 1],
    });
    expect(features.map(({ name, kind, missing }) => [name, kind, missing])).toEqual([
      ["age", "number", true],
      ["income", "number", true],
      ["city", "category", true],
      ["plan", "category", true],
      ["visits", "number", true],
    ]);
    expect(features[3]?.categories).toEqual(["basic", "plus", "pro"]);
  });

  it("are named in errors", async () => {
    const model = await read(fileOf("ordinal-19"));
    expect(() => model.predictRow(["Bern", "gold"])).toThrow(
      '"plan", row 1: expected one of "basic", "plus", "pro", found "gold"',
    );
  });

  it("tell which columns nothing looks at", async () => {
    const { features } = await read(fileOf("columns-positions-19"));
    expect(features.filter(({ ignored }) => ignored).map(({ name }) => name)).toEqual(["city", "plan"]);
  });
});
