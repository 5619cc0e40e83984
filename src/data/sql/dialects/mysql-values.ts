import { bytesToHex } from "@noble/hashes/utils.js";
import type { SqlColumn, SqlKind, SqlParameter, SqlValue } from "../dialect.ts";

/** The types that are not text, by their number in the protocol. */
const kinds: Readonly<Record<number, SqlKind>> = {
  0: "decimal",
  1: "integer",
  2: "integer",
  3: "integer",
  4: "float",
  5: "float",
  7: "datetime",
  8: "integer",
  9: "integer",
  10: "datetime",
  12: "datetime",
  13: "integer",
  16: "integer",
  246: "decimal",
};
const [tiny, bit] = [1, 16];
const blobs = [249, 250, 251, 252, 253, 254];
const binaryCharset = 63;

/** What the server says of a column. */
export interface Field {
  readonly name: string;
  readonly columnType: number;
  readonly columnLength: number;
  readonly characterSet: number;
  readonly decimals: number;
  readonly orgTable?: string;
}

/**
 * Type of a column.
 *
 * @param field What the server says of it.
 *
 * @returns The column.
 */
export function columnOf(field: Field): SqlColumn {
  const { name, columnType, columnLength, orgTable, decimals } = field;
  const computed = orgTable === "" && decimals > 0;
  if ((columnType === tiny || columnType === bit) && columnLength === 1) return { name, kind: "boolean" };
  if (blobs.includes(columnType) && field.characterSet === binaryCharset) return { name, kind: "bytes" };
  return { name, kind: kinds[columnType] ?? "text", computed };
}

/**
 * Converter of values to the kind of their column.
 *
 * @param field What the server says of the column.
 *
 * @returns A function for values other than null; undefined if they are already.
 */
export function converterOf(field: Field): ((value: unknown) => SqlValue) | undefined {
  const { kind } = columnOf(field);
  if (field.columnType === bit) {
    const integer = (value: unknown) => BigInt(`0x${bytesToHex(value as Uint8Array) || "0"}`);
    return kind === "boolean" ? (value) => integer(value) === 1n : integer;
  }
  if (kind === "bytes") return (value) => (value instanceof Uint8Array ? bytesToHex(value) : String(value));
  if (kind === "text") return (value) => (typeof value === "string" ? value : JSON.stringify(value));
  return undefined;
}

/**
 * Creates a value as the client takes it: bigints by their digits.
 *
 * @param value The value.
 *
 * @returns What is bound.
 */
export function toSql(value: SqlParameter): SqlParameter {
  return typeof value === "bigint" ? String(value) : value;
}
