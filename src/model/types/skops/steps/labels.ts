import type { FeatureValue } from "../../file-model.ts";
import type { Estimator, Reader } from "../estimator.ts";
import type { Fields } from "../file/fields.ts";
import { isTensor, type Scalar } from "../file/values.ts";
import { invalid, made, valueAt } from "../math/matrix.ts";

/** Labels of a target as numbers, one column. */
export const labelEncoder: Reader = (fields) =>
  labels(fields, (values) => ({ width: 1, at: (code) => [code], values }));

/** Labels of a target as columns. */
export const labelBinarizer: Reader = (fields) => {
  const low = fields.number("neg_label");
  const high = fields.number("pos_label");
  fields.only("sparse_output", false);
  fields.only("y_type_", "multiclass", "binary");
  return labels(fields, (values) => {
    const width = values.length <= 2 ? 1 : values.length;
    const at = (code: number) =>
      Array.from({ length: width }, (_, column) => ((width === 1 ? code === 1 : code === column) ? high : low));
    return { width, at, values };
  });
};

type Labels = (values: readonly Scalar[]) => { width: number; at(code: number): readonly number[] };

function labels(fields: Fields, make: Labels): Estimator {
  if (!isTensor(fields.get("classes_"))) throw fields.wrong("classes_", "labels");
  const values = fields.scalars("classes_");
  const { width, at } = make(values);
  const codes = new Map<FeatureValue, number>(values.map((value, code) => [value, code]));
  return {
    step: {
      inputs: [{ kind: "category", categories: values.filter((value) => value !== null), missing: false }],
      width,
      origin: new Int32Array(width),
      transform(data) {
        const out = new Float64Array(data.rows * width);
        for (let row = 0; row < data.rows; row++) {
          const value = valueAt(data, 0, row);
          const code = codes.get(value);
          if (code === undefined) throw invalid(data, 0, row, "a label that the encoder knows", value);
          out.set(at(code), row * width);
        }
        return made(data.rows, width, out, fields.name);
      },
    },
  };
}
