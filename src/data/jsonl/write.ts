import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import type { Cell, DType, Frame } from "../types.ts";

/**
 * Creates the text of JSON Lines from frames: one object a line, missing values null, dates in ISO 8601, every number of a
 * `float64` column with a point or an exponent, whole numbers past 2^53 with all their digits.
 *
 * @param frames Frames with the same columns.
 * @param shown The file's name, for messages.
 *
 * @returns The text in pieces, one for each frame.
 *
 * @throws DATA_INVALID for an infinite number, which JSON does not have.
 */
export async function* writeJsonl(frames: AsyncIterable<Frame>, shown: string): AsyncGenerator<string> {
  let written = 0;
  for await (const frame of frames) {
    yield objectsOf(frame, shown, written)
      .map((object) => `${object}\n`)
      .join("");
    written += frame.length;
  }
}

/**
 * Creates the rows of a frame as JSON objects, written as `writeJsonl` says.
 *
 * @param frame The frame.
 * @param shown The file's name, for messages.
 * @param first The number of its first row.
 *
 * @returns The text of an object for each row.
 *
 * @throws DATA_INVALID for an infinite number.
 */
export function objectsOf(frame: Frame, shown: string, first: number): string[] {
  const columns = frame.names.map((name) => ({
    key: JSON.stringify(name),
    values: frame.column(name),
    format: formats[frame.dtypes[name] ?? "str"],
    name,
  }));
  return Array.from({ length: frame.length }, (_, row) => {
    let pairs = "";
    for (const { key, values, format, name } of columns) {
      const cell = values[row] ?? null;
      const json = cell === null ? "null" : format(cell);
      if (json === undefined) {
        const message = `${shown}: column ${quote(name)} row ${first + row}: a finite number expected, found ${String(cell)}`;
        throw new LaunchpadError("DATA_INVALID", `${message}, which JSON does not have`);
      }
      pairs += `${pairs === "" ? "" : ","}${key}:${json}`;
    }
    return `{${pairs}}`;
  });
}

/** How the values of each dtype are written; undefined for one that JSON does not have. */
const formats: Readonly<Record<DType, (cell: Exclude<Cell, null>) => string | undefined>> = {
  float64(cell) {
    const number = Number(cell);
    if (Number.isNaN(number)) return "null";
    if (!Number.isFinite(number)) return undefined;
    if (Object.is(number, -0)) return "-0.0";
    const text = String(number);
    return /^-?\d+$/.test(text) ? `${text}.0` : text;
  },
  int64: String,
  bool: String,
  str: (cell) => JSON.stringify(String(cell)),
  datetime: (cell) => JSON.stringify(cell instanceof Date ? cell.toISOString() : String(cell)),
};
