import { fileType } from "./file/file-type.ts";
import { refusedTypes } from "./file/refused.ts";
import { formats } from "./formats.ts";
import type { ModelType } from "./model-type.ts";
import { withOnnxRuntime } from "./onnx/engine-type.ts";

/** Types of models that need nothing of a runtime: files of other libraries. */
export const portableTypes: readonly ModelType[] = [
  ...formats.map(({ format, restore }) => {
    const type = fileType(format, restore);
    return format.name === "onnx" ? withOnnxRuntime(type) : type;
  }),
  ...refusedTypes,
];
