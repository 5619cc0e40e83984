import { quote } from "../data/access/messages.ts";
import type { TypedColumn } from "../data/frame/column.ts";
import { isMissing } from "../data/frame/column.ts";
import { frameOf, typedColumn } from "../data/frame/frame.ts";
import type { Column, DType, Frame } from "../data/types.ts";
import { LaunchpadError } from "../errors.ts";

/**
 * Gives frames of predictions the columns of the first of them: where a later one has no prediction of a name, it is missing.
 *
 * @param like The first of them, if it was made before.
 *
 * @returns A function from a frame, and the number of its first row, to a frame with these columns.
 *
 * @throws PREDICT_FAILED for a column that the first frame does not have, or of another type.
 */
export function createAligner(like?: Frame): (frame: Frame, firstRow: number) => Frame {
  let first = like;
  return (frame, firstRow) => {
    if (frame.length === 0) return frame;
    if (first === undefined) {
      first = frame;
      return frame;
    }
    const more = frame.names.find((name) => !first?.names.includes(name));
    if (more !== undefined) {
      throw misfit(firstRow, `the columns of the first rows (${first.names.join(", ")}) expected`, quote(more));
    }
    const typed = new Map<string, TypedColumn>();
    for (const name of first.names) {
      const wanted = first.dtypes[name] ?? "str";
      const own = frame.names.includes(name) ? typedColumn(frame, name) : undefined;
      if (own?.dtype === wanted) typed.set(name, own);
      else if (own === undefined || isAllMissing(own.values))
        typed.set(name, missingColumn(wanted, frame.length, name, firstRow));
      else if (wanted === "float64" && own.dtype === "int64") {
        typed.set(name, {
          dtype: "float64",
          values: Float64Array.from(own.values as ArrayLike<number | bigint>, Number),
        });
      } else throw misfit(firstRow, `${wanted} in column ${quote(name)} as in the first rows expected`, own.dtype);
    }
    return frameOf(typed, frame.length);
  };
}

function isAllMissing(values: Column): boolean {
  for (let at = 0; at < values.length; at++) if (!isMissing(values[at])) return false;
  return true;
}

function missingColumn(dtype: DType, length: number, name: string, firstRow: number): TypedColumn {
  if (dtype === "int64") throw misfit(firstRow, `a whole number in column ${quote(name)} expected`, "none");
  if (dtype === "float64") return { dtype, values: new Float64Array(length).fill(Number.NaN) };
  return { dtype, values: new Array(length).fill(null) as Column };
}

function misfit(firstRow: number, expected: string, found: string): LaunchpadError {
  return new LaunchpadError(
    "PREDICT_FAILED",
    `[model] predictions from row ${firstRow} on: ${expected}, found ${found}. Give the model an \`output\`, so that all rows have the same columns`,
  );
}
