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
    const columns = frame.names.map((name) => ({
      key: JSON.stringify(name),
      values: frame.column(name),
      format: formats[frame.dtypes[name] ?? "str"],
      name,
    }));
    let text = "";
    for (let row = 0; row < frame.length; row++) {
      const pairs = columns.map(({ key, values, format, name }) => {
        const cell = values[row] ?? null;
        const json = cell === null ? "null" : format(cell);
        if (json !== undefined) return `${key}:${json}`;
        const message = `${shown}: column ${quote(name)} row ${written + row}: a finite number expected, found ${String(cell)}`;
        throw new LaunchpadError("DATA_INVALID", `${message}, which JSON does not have`);
      });
      text += `{${pairs.join(",")}}\n`;
    }
    written += frame.length;
    yield text;
  }
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
