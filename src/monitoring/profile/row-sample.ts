import type { Cell, Frame, Row } from "../../data/types.ts";

/** A fair sample of rows that come one after the other. */
export interface RowSample {
  /** How many rows have come. */
  readonly seen: number;
  readonly rows: readonly Row[];
  add(frame: Frame): void;
}

/**
 * Creates an empty sample: every row has the same chance to be in it, however many come (Vitter's algorithm R). The
 * same rows give the same sample.
 *
 * @param size The most rows to keep.
 * @param columns The columns to keep of each; those that a frame has not are left out.
 *
 * @returns A sample to which frames are added.
 */
export function createRowSample(size: number, columns: readonly string[]): RowSample {
  const rows: Row[] = [];
  const random = createRandom();
  let seen = 0;
  return {
    get seen() {
      return seen;
    },
    rows,
    add(frame) {
      const names = columns.filter((name) => frame.names.includes(name));
      if (names.length === 0) return;
      const values = names.map((name) => [name, frame.column(name)] as const);
      for (let index = 0; index < frame.length; index += 1) {
        seen += 1;
        const place = rows.length < size ? rows.length : Math.floor(random() * seen);
        if (place >= size) continue;
        const row: Row = {};
        for (const [name, column] of values) row[name] = column[index] as Cell;
        rows[place] = row;
      }
    },
  };
}

/** xorshift32: a training that is repeated keeps the same rows. */
function createRandom(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
