import type { SignatureField } from "../../../api/signature.ts";
import { isRecord } from "../../../schema/types.ts";
import type { Json } from "../../../util/json.ts";

/** So much of a field as an output needs. */
export type Discovered = Pick<SignatureField, "name" | "dtype" | "shape" | "keys">;

type Values = readonly (Json | undefined)[];

/**
 * Type of an output that nobody described, from its values. Numbers are always FP64: a datatype that hung on whether the numbers
 * of a request happen to be whole would be another one at the next.
 *
 * @param name The name of the output.
 * @param values Its values, one for each row.
 *
 * @returns The field; JSON where no tensor holds the values.
 */
export function discovered(name: string, values: Values): Discovered {
  const present = values.filter((value) => value !== undefined && value !== null);
  const scalar = scalarType(present);
  if (scalar) return { name, dtype: scalar, shape: [] };
  if (present.length === values.length && present.every(Array.isArray)) {
    const [first] = present as readonly (readonly Json[])[];
    const items = (present as readonly (readonly Json[])[]).flat();
    const dtype = scalarType(items);
    const isEven = (present as readonly (readonly Json[])[]).every(({ length }) => length === first?.length);
    if (dtype && isEven && first) return { name, dtype, shape: [first.length] };
  }
  if (present.length === values.length && present.length > 0 && present.every(isRecord)) {
    const keys = Object.keys(present[0] ?? {});
    const areNumbers = (present as Readonly<Record<string, Json>>[]).every(
      (row) =>
        Object.keys(row).length === keys.length &&
        keys.every((key) => Object.hasOwn(row, key) && typeof row[key] === "number"),
    );
    if (areNumbers && keys.length > 0) return { name, dtype: "float64", shape: [keys.length], keys };
  }
  return { name, dtype: "json", shape: [] };
}

function scalarType(values: Values): Discovered["dtype"] | undefined {
  if (values.length === 0) return undefined;
  if (values.every((value) => typeof value === "number")) return "float64";
  if (values.every((value) => typeof value === "string")) return "str";
  if (values.every((value) => typeof value === "boolean")) return "bool";
  return undefined;
}
