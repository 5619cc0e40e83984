import type { SignatureSide } from "../../api/signature.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import { isRecord } from "../../schema/types.ts";
import { type About, list, type Shapes, shape } from "./describe/shape.ts";
import { invalid } from "./invalid.ts";
import { newRow } from "./new-row.ts";

/**
 * Rows of instances in JSON: objects with values by name, or lists of values in the order in which the model describes its
 * inputs. Where the model takes one input, an instance may be its bare value.
 *
 * @param inputs What the model takes.
 * @param instances What was sent.
 * @param name The key that it was sent under, for messages.
 *
 * @returns Rows, in their order.
 *
 * @throws ARGUMENTS_INVALID for lists of another length than there are inputs.
 */
export function rowsOfInstances(inputs: SignatureSide, instances: unknown, name: string): unknown[] {
  if (!Array.isArray(instances)) throw invalid(name, "expected a list with one item for each row");
  if (inputs.form === "value") return instances;
  return instances.map((instance, index) => {
    if (isRecord(instance)) return instance;
    const values = Array.isArray(instance) ? instance : [instance];
    return rowOfValues(inputs, values, `${name}[${index}]`);
  });
}

/**
 * Row of values that have no names.
 *
 * @param inputs What the model takes.
 * @param values The values, in the order in which the model describes its inputs: all of them, or those that are required.
 * @param where What has them, for messages.
 *
 * @returns The row.
 *
 * @throws ARGUMENTS_INVALID for another number of values, or where the model describes no inputs.
 */
export function rowOfValues(
  { fields }: SignatureSide,
  values: readonly unknown[],
  where: string,
): Record<string, unknown> {
  const needed = fields.filter(({ optional }) => !optional);
  const chosen = [fields, needed].find(({ length }) => length === values.length && length > 0);
  if (chosen === undefined) {
    const names = fields.map((field) => field.name).join(", ");
    const expected = fields.length === 0 ? "an object with values by name" : `${fields.length} values for ${names}`;
    throw invalid(where, `expected ${expected}, found ${values.length} values without names`);
  }
  const row = newRow(chosen.map((field) => field.name))();
  for (const [index, field] of chosen.entries()) row[field.name] = values[index];
  return row;
}

/** What a row may be where values need no names. */
export const instanceOf = ({ row }: Shapes): JsonSchema => ({ anyOf: [row, list({})] });

/** What is said of a path that takes `instances`. */
export const instancesAbout = (shapes: Shapes): Readonly<Record<"POST", About>> => ({
  POST: [
    "Predictions of rows",
    shape({ instances: list(instanceOf(shapes)), "parameters?": { type: "object" } }),
    shape({ predictions: list(shapes.prediction) }),
  ],
});
