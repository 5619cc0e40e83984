import type { SignatureField, SignatureSide } from "../../../api/signature.ts";
import { predictionName } from "../../../api/signature.ts";
import { isRecord } from "../../../schema/types.ts";
import type { Json } from "../../../util/json.ts";
import { invalid } from "../invalid.ts";
import { type Discovered, discovered } from "./discover.ts";
import { type Encoded, encoded } from "./encode.ts";
import type { RequestedOutput } from "./request.ts";

/** Tensor of a response. */
export interface OutputTensor extends Encoded {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether it is wanted in binary. */
  readonly binary: boolean;
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Refuses a request for outputs that there cannot be, before anything is predicted.
 *
 * @param side What the model gives.
 * @param requested The outputs that are wanted.
 *
 * @throws ARGUMENTS_INVALID.
 */
export function checkRequested(side: SignatureSide, requested: readonly RequestedOutput[] | undefined): void {
  if (side.additional) return;
  const names = side.fields.map(({ name }) => name);
  const unknown = requested?.find(({ name }) => !names.includes(name));
  if (unknown) throw invalid(unknown.name, `expected an output of the model, one of ${names.join(", ")}`);
}

/**
 * Tensors of predictions: one for each field, with as many elements in its first dimension as there are rows.
 *
 * @param side What the model gives.
 * @param predictions The predictions, in the order of the rows.
 * @param wanted The outputs that are wanted; undefined for all.
 * @param binary Whether those that are not named are wanted in binary.
 *
 * @returns The tensors, those that are wanted in the order in which they were named.
 *
 * @throws ARGUMENTS_INVALID for an output that there is not; RESULT_INVALID for predictions that are no tensors.
 */
export function outputTensors(
  side: SignatureSide,
  predictions: readonly Json[],
  wanted: readonly RequestedOutput[] | undefined,
  binary: boolean,
): OutputTensor[] {
  const columns = columnsOf(side, predictions);
  if (wanted === undefined) return columns.map((column) => tensorOf(column, binary));
  return wanted.map(({ name, binary: own }) => {
    const column = columns.find((one) => one.field.name === name);
    if (column) return tensorOf(column, own);
    const names = columns.map(({ field }) => field.name).join(", ");
    throw invalid(name, `expected an output of these predictions, one of ${names}`);
  });
}

interface Column {
  readonly field: Discovered;
  readonly values: readonly (Json | undefined)[];
}

function columnsOf({ form, fields, additional }: SignatureSide, predictions: readonly Json[]): Column[] {
  if (form === "value") return fields.map((field) => ({ field, values: predictions }));
  if (!predictions.every(isRecord)) return [{ field: discovered(predictionName, predictions), values: predictions }];
  const rows = predictions as readonly { readonly [key: string]: Json }[];
  const valuesOf = (name: string) => rows.map((row) => (Object.hasOwn(row, name) ? row[name] : undefined));
  const columns = fields.flatMap((field: SignatureField): Column[] => {
    const values = valuesOf(field.name);
    // What may be absent, and is in all rows, is no tensor.
    return field.optional && rows.length > 0 && values.every((value) => value === undefined) ? [] : [{ field, values }];
  });
  if (!additional) return columns;
  const others = new Set(rows.flatMap(Object.keys));
  for (const { name } of fields) others.delete(name);
  for (const name of others) {
    const values = valuesOf(name);
    columns.push({ field: discovered(name, values), values });
  }
  return columns;
}

function tensorOf({ field, values }: Column, binary: boolean): OutputTensor {
  const { shape, ...tensor } = encoded(field, values, binary);
  const { keys } = field;
  return {
    name: field.name,
    ...tensor,
    shape: [values.length, ...shape],
    binary,
    // What the numbers stand for, in their order.
    ...(keys && { parameters: { names: JSON.stringify(keys) } }),
  };
}
