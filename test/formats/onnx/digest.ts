import { createHash } from "node:crypto";
import { onnx } from "../../../src/model/types/onnx/index.ts";
import { convertedModels } from "./corpus.ts";

/** Prints a digest of all that all models answer: to be run on each runtime. */
const hash = createHash("sha256");
let count = 0;
for (const { name, file, columns, rows } of convertedModels()) {
  const model = await onnx.read(file, name);
  const taken = Array.from({ length: rows }, (_, row) => row).filter((row) =>
    columns.every((column, at) => model.features[at]?.missing || !Number.isNaN(column[row])),
  );
  const { values, probabilities, labels } = model.predictColumns(
    columns.map((column) => taken.map((row) => column[row] ?? null)),
    taken.length,
  );
  // One NaN has many bits; which of them come out of an operation is up to the processor.
  for (const list of [values, probabilities, labels]) {
    hash.update(Array.from(list ?? [], (value) => (Object.is(value, -0) ? "-0" : String(value))).join());
    count += list?.length ?? 0;
  }
}
console.log(`${count} numbers ${hash.digest("hex")}`);
