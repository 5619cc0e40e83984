import { type Frame, LaunchpadError } from "../../src/internal.ts";
import type { TargetColumn } from "./types.ts";

/**
 * Finds out what is predicted.
 *
 * @param frame The data.
 * @param target The column that was named.
 *
 * @returns The column, and whether its values are numbers or classes.
 *
 * @throws COLUMN_UNKNOWN; DATA_INVALID for a column with which nothing can be learned.
 */
export function targetColumn(frame: Frame, target: string): TargetColumn {
  let column: ReturnType<Frame["column"]>;
  try {
    column = frame.column(target);
  } catch (cause) {
    if (!(cause instanceof LaunchpadError)) throw cause;
    throw new LaunchpadError(cause.code, `--target: ${cause.message}`, { cause });
  }
  const fail = (found: string, wanted: string) =>
    new LaunchpadError("DATA_INVALID", `--target: ${JSON.stringify(target)} has ${found}, expected ${wanted}`);
  const dtype = frame.dtypes[target];
  if (dtype === "datetime") throw fail("dates", "numbers, text or booleans");
  const values = Array.from<unknown>(column).filter((value) => value !== null && !Number.isNaN(value));
  if (values.length < 2)
    throw fail(
      `a value in ${values.length} of ${frame.length} rows`,
      "two at least: one to train with, one to test with",
    );
  const different = new Set(values).size;
  if (dtype === "str" && different === values.length) {
    throw fail("texts of which none is there twice", "classes that repeat, or numbers alone");
  }
  const isNumber = dtype === "float64" || dtype === "int64";
  // Whole numbers of two kinds are most likely no and yes.
  const isFlag = dtype === "int64" && different === 2;
  return { target, task: isNumber && !isFlag ? "regression" : "classification" };
}
