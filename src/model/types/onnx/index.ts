import { LaunchpadError } from "../../../errors.ts";
import type { ModelFormat } from "../file-model.ts";
import { type Contents, contentsOf, faultless, modelOf } from "./model.ts";

/** Tells whether contents are those of this reader. */
function isContents(value: unknown): value is Contents {
  return (
    typeof value === "object" &&
    value !== null &&
    "version" in value &&
    value.version === 1 &&
    "nodes" in value &&
    "answers" in value
  );
}

/**
 * Reader of ONNX files: graphs of the operators that converters of scikit-learn, XGBoost and LightGBM write.
 * https://github.com/onnx/onnx/blob/main/docs/IR.md
 */
export const onnx: ModelFormat = {
  name: "onnx",
  title: "ONNX (Protocol Buffers)",
  extensions: [".onnx"],
  // A ModelProto begins with its ir_version, a small number; writers put fields in the order of their numbers.
  recognizes: (bytes) =>
    bytes[0] === 0x08 &&
    (bytes[1] ?? 0) > 0 &&
    (bytes[1] ?? 0) < 0x40 &&
    [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42].includes(bytes[2] ?? 0),
  read: (bytes, where) =>
    modelOf(
      faultless(where, () => contentsOf(bytes)),
      where,
    ),
  restore: (contents) => {
    if (isContents(contents)) return modelOf(contents, "model");
    throw new LaunchpadError(
      "STORE_CORRUPT",
      "model: expected contents of an ONNX model, found others. Import the file again.",
    );
  },
};
