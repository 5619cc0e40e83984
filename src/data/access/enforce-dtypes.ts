import { LaunchpadError } from "../../errors.ts";
import { castColumn } from "../frame/cast.ts";
import { isMissing, type TypedColumn } from "../frame/column.ts";
import { frameOf, typedColumn } from "../frame/frame.ts";
import { textLength, valueAt } from "../frame/text.ts";
import type { DType, Frame, SinkDriver, SourceDriver } from "../types.ts";
import type { Dtypes, DtypesFile } from "./dtypes-file.ts";
import { optionHint, quote } from "./messages.ts";

/**
 * Creates a driver that gives columns the dtypes that a file says, for a type that does not do so itself.
 *
 * @param driver The driver to read with.
 * @param file The dtypes; looked up for each reading.
 * @param at The beginning of a message.
 *
 * @returns A driver that does the same; DATA_INVALID for a value that does not fit, COLUMN_UNKNOWN for a missing column.
 */
export function typedSource(driver: SourceDriver, file: DtypesFile, at: string): SourceDriver {
  const frame = driver.frame?.bind(driver);
  const batches = driver.batches?.bind(driver);
  const stream = driver.stream?.bind(driver);
  return {
    ...(frame && { frame: async (request) => enforced(await frame(request), await file.read(), 0, at) }),
    ...(batches && {
      async *batches(request) {
        const dtypes = await file.read();
        let first = 0;
        for await (const batch of batches(request)) {
          yield enforced(batch, dtypes, first, at);
          first += batch.length;
        }
      },
    }),
    ...(stream && { stream }),
    close: () => driver.close?.(),
  };
}

/**
 * Creates a driver that writes the dtypes of what another one wrote into a file.
 *
 * @param driver The driver to write with.
 * @param file The file; it is written after the data.
 *
 * @returns A driver that does the same.
 */
export function typedSink(driver: SinkDriver, file: DtypesFile): SinkDriver {
  const write = driver.write?.bind(driver);
  const writeRaw = driver.writeRaw?.bind(driver);
  return {
    ...(write && {
      async write(frames, signal) {
        const seen = new Map<string, DType>();
        await write(noted(frames, seen), signal);
        await file.write(Object.fromEntries(seen));
      },
    }),
    ...(writeRaw && { writeRaw }),
    close: () => driver.close?.(),
  };
}

function enforced(frame: Frame, dtypes: Dtypes, first: number, at: string): Frame {
  const unknown = Object.keys(dtypes).find((name) => !frame.names.includes(name));
  if (unknown !== undefined) {
    const message = `${at}: no column ${quote(unknown)}, which the file of \`dtypes_path\` names; ${optionHint(unknown, frame.names)}`;
    throw new LaunchpadError("COLUMN_UNKNOWN", message);
  }
  const columns = new Map<string, TypedColumn>();
  for (const name of frame.names) {
    const own = typedColumn(frame, name);
    const told = Object.hasOwn(dtypes, name) ? (dtypes[name] ?? own.dtype) : own.dtype;
    const cast = () =>
      castColumn(name, own.values, told, (row, value) => {
        const found = value === null ? "a missing value" : typeof value === "string" ? quote(value) : String(value);
        const expected = `${told} expected (dtypes_path), found ${found}`;
        throw new LaunchpadError("DATA_INVALID", `${at}: column ${quote(name)} row ${first + row}: ${expected}`);
      });
    columns.set(name, told === own.dtype ? own : cast());
  }
  return frameOf(columns, frame.length);
}

/** Hands on frames, and takes down the dtype that takes all values of a column. */
async function* noted(frames: AsyncIterable<Frame>, seen: Map<string, DType>): AsyncGenerator<Frame> {
  /** Columns of which a value has been seen; before, a dtype is only a guess. */
  const known = new Set<string>();
  for await (const frame of frames) {
    for (const name of frame.names) {
      const dtype = frame.dtypes[name] ?? "str";
      const before = seen.get(name);
      if (hasValue(typedColumn(frame, name))) {
        seen.set(name, before !== undefined && known.has(name) ? both(before, dtype) : dtype);
        known.add(name);
      } else if (before === undefined) seen.set(name, dtype);
      // Whole numbers among which some are missing are floats.
      else if (before === "int64" && frame.length > 0) seen.set(name, "float64");
    }
    yield frame;
  }
}

/** Text that is kept as bytes is not decoded for it. */
function hasValue(column: TypedColumn): boolean {
  const { text } = column;
  const length = text === undefined ? column.values.length : textLength(text);
  for (let row = 0; row < length; row++) {
    if (text === undefined ? !isMissing(column.values[row]) : valueAt(text, row) !== -1) return true;
  }
  return false;
}

function both(a: DType, b: DType): DType {
  if (a === b) return a;
  const isNumber = (dtype: DType) => dtype === "int64" || dtype === "float64";
  return isNumber(a) && isNumber(b) ? "float64" : "str";
}
