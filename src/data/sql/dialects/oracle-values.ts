import { bytesToHex } from "@noble/hashes/utils.js";
import type { SqlColumn, SqlKind, SqlValue } from "../dialect.ts";

/** What the server says of a column. */
export interface OracleColumn {
  readonly name: string;
  readonly dbTypeName: string;
  readonly precision?: number;
  readonly scale?: number;
}

export const kinds: Readonly<Record<string, SqlKind>> = {
  BINARY_FLOAT: "float",
  BINARY_DOUBLE: "float",
  BINARY_INTEGER: "integer",
  BOOLEAN: "boolean",
  DATE: "datetime",
  TIMESTAMP: "datetime",
  "TIMESTAMP WITH TIME ZONE": "datetime",
  "TIMESTAMP WITH LOCAL TIME ZONE": "datetime",
  RAW: "bytes",
  BLOB: "bytes",
  "LONG RAW": "bytes",
};

/** Types that the client would give as something else; numbers would lose digits. */
export const asText = new Set(["NUMBER", "CLOB", "NCLOB", "ROWID"]);

/** These have no zone, and the client takes them for local time. */
export const withoutZone = new Set(["DATE", "TIMESTAMP"]);

/**
 * Type of a column. A number without precision is what the database made of it.
 *
 * @param column What the server says of it.
 *
 * @returns The column.
 */
export function columnOf({ name, dbTypeName, precision = 0, scale = 0 }: OracleColumn): SqlColumn {
  if (dbTypeName !== "NUMBER") return { name, kind: kinds[dbTypeName] ?? "text" };
  if (precision > 0 && scale === 0) return { name, kind: "integer" };
  return { name, kind: "decimal", computed: precision === 0 };
}

export function cellOf(value: unknown, column: (SqlColumn & { readonly localTime: boolean }) | undefined): SqlValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) {
    if (!column?.localTime) return value;
    const [year, month, day] = [value.getFullYear(), value.getMonth(), value.getDate()];
    const time = [value.getHours(), value.getMinutes(), value.getSeconds(), value.getMilliseconds()] as const;
    return new Date(Date.UTC(year, month, day, ...time));
  }
  if (value instanceof Uint8Array) return bytesToHex(value);
  return typeof value === "object" ? JSON.stringify(value) : (value as SqlValue);
}
