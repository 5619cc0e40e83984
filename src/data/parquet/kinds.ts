import type { SchemaElement, SchemaTree } from "hyparquet";
import type { Cell, DType } from "../types.ts";
import { entriesOf } from "./groups.ts";
import { nestedJson } from "./nested.ts";
import { decimalText, digitsOf, scaleOf, timeText, utf8Text } from "./scalars.ts";

/** What a column of a file is here. */
export interface Kind {
  readonly dtype: DType;
  /** What a value is as a cell; undefined for bytes that are no text. Without it, values are cells already. */
  readonly cell?: (value: never) => Cell | undefined;
}

const integer: Kind = { dtype: "int64" };
const float: Kind = { dtype: "float64" };
const boolean: Kind = { dtype: "bool" };
const date: Kind = { dtype: "datetime" };
const text: Kind = { dtype: "str", cell: (value: string | Uint8Array) => utf8Text(value) };
const uuid: Kind = { dtype: "str" };
const geometry: Kind = { dtype: "str", cell: (value: unknown) => JSON.stringify(value) };

/** What each physical type is, where nothing else is said of it. */
const physical: Readonly<Record<string, Kind>> = {
  BOOLEAN: boolean,
  INT32: integer,
  INT64: integer,
  INT96: date,
  FLOAT: float,
  DOUBLE: float,
  BYTE_ARRAY: text,
  FIXED_LEN_BYTE_ARRAY: text,
};

/** What each logical or converted type is, where it is not what its physical type is. */
const logical: Readonly<Record<string, (element: SchemaElement) => Kind>> = {
  DATE: () => date,
  TIMESTAMP: () => date,
  TIMESTAMP_MILLIS: () => date,
  TIMESTAMP_MICROS: () => date,
  TIME: time,
  TIME_MILLIS: time,
  TIME_MICROS: time,
  DECIMAL: decimal,
  FLOAT16: () => float,
  UUID: () => uuid,
  GEOMETRY: () => geometry,
  GEOGRAPHY: () => geometry,
};

/**
 * Tells what a column is.
 *
 * @param column The column in the schema.
 *
 * @returns How its values become cells.
 */
export function kindOf(tree: SchemaTree): Kind {
  const { element, children } = tree;
  if (element.logical_type?.type === "VARIANT" || children.length > 0 || element.repetition_type === "REPEATED") {
    return { dtype: "str", cell: nestedJson(tree) };
  }
  for (const name of [element.logical_type?.type, element.converted_type]) {
    const kind = name !== undefined && Object.hasOwn(logical, name) ? logical[name] : undefined;
    if (kind) return kind(element);
  }
  return physical[element.type ?? ""] ?? text;
}

/**
 * Changes the schema so that the parser hands out what it would otherwise change: decimals by all their digits, maps by
 * their keys as they are.
 *
 * @param tree A column.
 */
export function keepExact(tree: SchemaTree): void {
  const { element, children } = tree;
  if (element.logical_type?.type === "VARIANT") return;
  const name = element.logical_type?.type ?? element.converted_type;
  if (entriesOf(tree) !== undefined || (name === "DECIMAL" && children.length === 0)) {
    delete element.converted_type;
    delete element.logical_type;
  }
  // The parser knows dates and lists by their older names only.
  if (name === "DATE" || name === "LIST") element.converted_type = name;
  for (const child of children) keepExact(child);
}

/** A decimal is an integer and where its point is. Its text, unlike a float made by multiplying, is exact. */
function decimal(element: SchemaElement): Kind {
  const scale = scaleOf(element);
  return { dtype: "float64", cell: (value: number | bigint | Uint8Array) => decimalText(value, scale) };
}

function time(element: SchemaElement): Kind {
  const digits = digitsOf(element);
  return { dtype: "str", cell: (value: number | bigint) => timeText(value, digits) };
}
