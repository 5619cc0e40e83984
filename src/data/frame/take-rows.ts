import type { Cell, Column, Frame } from "../types.ts";
import { freeze, type TypedColumn, textColumn } from "./column.ts";
import { narrow } from "./column-ops.ts";
import { frameOf, typedColumn } from "./frame.ts";
import { valueAt } from "./text.ts";
import { createTextBuilder } from "./text-builder.ts";

/**
 * Creates a frame of some rows of another.
 *
 * @param frame The frame.
 * @param rows The positions of the rows, in the order in which they are wanted.
 *
 * @returns The frame.
 */
export function takeRows(frame: Frame, rows: ArrayLike<number>): Frame {
  const typed = new Map(frame.names.map((name) => [name, takeCells(typedColumn(frame, name), rows)]));
  return frameOf(typed, rows.length);
}

function takeCells(column: TypedColumn, rows: ArrayLike<number>): TypedColumn {
  const { dtype, text } = column;
  if (text !== undefined) {
    const builder = createTextBuilder();
    const { bytes, offsets } = text;
    for (let at = 0; at < rows.length; at++) {
      const value = valueAt(text, rows[at] ?? 0);
      if (value === -1) builder.addMissing();
      else builder.add(bytes, offsets[value] ?? 0, offsets[value + 1] ?? 0);
    }
    return textColumn(builder.finish());
  }
  const { values } = column;
  if (values instanceof Float64Array) {
    const taken = new Float64Array(rows.length);
    for (let at = 0; at < rows.length; at++) taken[at] = values[rows[at] ?? 0] ?? Number.NaN;
    return { dtype, values: taken };
  }
  if (values instanceof BigInt64Array) {
    const taken = new BigInt64Array(rows.length);
    for (let at = 0; at < rows.length; at++) taken[at] = values[rows[at] ?? 0] ?? 0n;
    return { dtype, values: narrow(taken) };
  }
  const taken: Cell[] = [];
  for (let at = 0; at < rows.length; at++) taken.push(values[rows[at] ?? 0] ?? null);
  return { dtype, values: freeze(taken) as Column };
}
