import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import type { TypedColumn } from "../frame/column.ts";

/** Watches for columns whose row groups cannot be put together. */
export interface JoinCheck {
  /** Takes note of a column of a row group; throws what a file of one row group would have thrown. */
  add(name: string, column: TypedColumn, firstRow: number): void;
}

/** What a column was in the rows that are put together with those to come. */
interface Seen {
  part: number;
  /** The first whole number that no float holds. */
  exact?: { readonly row: number; readonly value: bigint };
  missing: boolean;
}

/**
 * Creates the end of a message about a whole number that a float does not hold.
 *
 * @param name The column.
 *
 * @returns What to do.
 */
export function keepsDigits(name: string): string {
  return `. \`dtype: { ${name}: str }\` in the options keeps all digits`;
}

/**
 * Creates the check of row groups that become one frame: whole numbers that a float does not hold do not go with missing
 * values, whichever row group has them.
 *
 * @param size How many rows a frame has.
 * @param shown The file's name, for messages.
 *
 * @returns The check.
 */
export function createJoinCheck(size: number, shown: string): JoinCheck {
  const columns = new Map<string, Seen>();
  return {
    add(name, { dtype, text, values }, firstRow) {
      if (text !== undefined || (dtype !== "int64" && dtype !== "float64")) return;
      const wide = values instanceof BigInt64Array;
      if (!wide && dtype === "int64") return;
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        const exact = typeof value === "bigint" && BigInt(Number(value)) !== value;
        const missing = typeof value === "number" && Number.isNaN(value);
        if (!exact && !missing) continue;
        const row = firstRow + i;
        const part = Number.isFinite(size) ? Math.floor(row / size) : 0;
        let seen = columns.get(name);
        if (seen?.part !== part) {
          seen = { part, missing: false };
          columns.set(name, seen);
        }
        if (exact) seen.exact ??= { row, value };
        seen.missing ||= missing;
        if (!seen.missing || seen.exact === undefined) continue;
        const message = `float64 expected, found ${seen.exact.value}${keepsDigits(name)}`;
        throw new LaunchpadError("DATA_INVALID", `${shown}: column ${quote(name)} row ${seen.exact.row}: ${message}`);
      }
    },
  };
}
