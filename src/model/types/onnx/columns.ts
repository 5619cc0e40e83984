import { LaunchpadError } from "../../../errors.ts";
import type { Feature, FeatureColumn, FeatureValue } from "../file-model.ts";
import type { Group, Inputs } from "./inputs.ts";
import { blanks, isReal, rangeOf, type Tensor, zeros } from "./tensor.ts";

/** Words for a value in a message. */
function described(value: FeatureValue | undefined): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "number" && Number.isNaN(value)) return "NaN, which is missing";
  if (typeof value !== "string") return String(value);
  return value.length > 60 ? `a text of ${value.length} characters` : JSON.stringify(value);
}

function refuse(feature: Feature, row: number, expected: string, value: FeatureValue | undefined): never {
  throw new LaunchpadError(
    "ARGUMENTS_INVALID",
    `Feature ${JSON.stringify(feature.name)}, row ${row}: expected ${expected}, found ${described(value)}.`,
    { faults: [{ in: "argument", name: feature.name, message: `expected ${expected}`, received: value ?? null }] },
  );
}

/** Number that an input of a type takes for a value. */
function numberFor(feature: Feature, type: Group["type"], value: FeatureValue | undefined, row: number): number {
  if (type === "bool") return typeof value === "boolean" ? Number(value) : refuse(feature, row, "true or false", value);
  const real = isReal(type);
  const missing = value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));
  if (missing)
    return real && feature.missing ? Number.NaN : refuse(feature, row, real ? "a number" : "a whole number", value);
  if (typeof value !== "number") return refuse(feature, row, real ? "a number" : "a whole number", value);
  if (real || type === "string") return value;
  const [least, most] = rangeOf(type) ?? [0, 0];
  const fits = Number.isSafeInteger(value) && value >= least && value <= most;
  return fits ? value : refuse(feature, row, `a whole number of ${type}`, value);
}

/** Tensor of one input: its columns side by side, from one row to another. */
function tensorFor(
  group: Group,
  { features }: Inputs,
  columns: readonly FeatureColumn[],
  from: number,
  to: number,
): Tensor {
  const rows = to - from;
  const dims = group.rank === 1 ? [rows] : [rows, group.columns];
  const texts = group.type === "string" ? blanks(dims) : undefined;
  const numbers = group.type === "string" ? undefined : zeros(group.type, dims);
  for (let at = 0; at < group.columns; at += 1) {
    const feature = features[group.first + at];
    const column = columns[group.first + at];
    if (feature === undefined || column === undefined)
      throw new LaunchpadError("ARGUMENTS_INVALID", `expected ${features.length} columns, found ${columns.length}.`);
    for (let row = 0; row < rows; row += 1) {
      const value = column[from + row];
      const place = row * group.columns + at;
      if (numbers) {
        const plain = typeof value === "number" && isReal(numbers.type) && !Number.isNaN(value);
        numbers.data[place] = plain ? value : numberFor(feature, numbers.type, value, from + row);
      } else if (texts) {
        if (typeof value !== "string") refuse(feature, from + row, "a text", value);
        else texts.data[place] = value;
      }
    }
  }
  return (numbers ?? texts) as Tensor;
}

/**
 * Makes tensors of columns.
 *
 * @param inputs What the model takes.
 * @param columns One column a feature.
 * @param from First row, and `to` the one after the last.
 *
 * @returns One tensor an input of the graph.
 *
 * @throws ARGUMENTS_INVALID naming feature, row and value.
 */
export function tensorsOf(inputs: Inputs, columns: readonly FeatureColumn[], from: number, to: number): Tensor[] {
  return inputs.groups.map((group) => tensorFor(group, inputs, columns, from, to));
}
