import {
  type Column,
  createFrame,
  type DType,
  type Frame,
  type RowFault,
  type RunName,
} from "../../../src/internal.ts";
import type { GlobalOptions } from "../session.ts";

/** What a thread is started with. */
export interface ThreadData {
  readonly mllaunchpad: "scoring";
  readonly globals: GlobalOptions;
  /** The name of the model, where the configuration has several projects. */
  readonly model: string | undefined;
  /** The run that predicts; undefined for one that is not in the store. */
  readonly run: RunName | undefined;
}

/** Frame on its way to another thread. */
export interface PackedFrame {
  readonly length: number;
  readonly columns: readonly { readonly name: string; readonly dtype: DType; readonly values: Column }[];
}

/** What a thread is asked. */
export type Question =
  | { readonly id: number; readonly frame: PackedFrame; readonly where: string; readonly untyped: boolean }
  | { readonly id: number; readonly rows: readonly unknown[] };

/** Error on its way to another thread. */
export interface PackedError {
  /** Undefined for a defect. */
  readonly code: string | undefined;
  readonly message: string;
}

/** What a thread answers; the first answer, 0, is that it is ready. */
export type Answer =
  | { readonly id: number; readonly predictions: PackedFrame; readonly faults: readonly RowFault[] }
  | { readonly id: number; readonly rows: readonly { readonly prediction?: unknown; readonly error?: PackedError }[] }
  | { readonly id: number; readonly error: PackedError }
  | { readonly id: 0 };

/**
 * Packs a frame for another thread.
 *
 * @param frame The frame.
 *
 * @returns What to send, and what of it is handed over for good: nobody else has it.
 */
export function packFrame(frame: Frame): { readonly packed: PackedFrame; readonly handed: ArrayBuffer[] } {
  const handed: ArrayBuffer[] = [];
  const columns = frame.names.map((name) => {
    const column = frame.column(name);
    if (!(column instanceof Float64Array || column instanceof BigInt64Array)) {
      return { name, dtype: frame.dtypes[name] ?? "str", values: column };
    }
    // A part of a larger array would be sent with all of it.
    const values = column.slice();
    handed.push(values.buffer);
    return { name, dtype: frame.dtypes[name] ?? "str", values };
  });
  return { packed: { length: frame.length, columns }, handed };
}

/**
 * Makes a frame of what came from another thread.
 *
 * @param packed The frame as it was packed.
 *
 * @returns The frame.
 */
export function unpackFrame({ columns }: PackedFrame): Frame {
  const values = Object.fromEntries(columns.map(({ name, values }) => [name, values]));
  const dtypes = Object.fromEntries(columns.map(({ name, dtype }) => [name, dtype]));
  return createFrame(values, dtypes);
}
