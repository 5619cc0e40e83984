import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import { freeze, type TypedColumn, textColumn } from "../frame/column.ts";
import { uniqueNames } from "../frame/column-names.ts";
import { frameOf } from "../frame/frame.ts";
import type { Frame } from "../types.ts";
import type { SqlColumn, SqlKind, SqlRows, SqlValue } from "./dialect.ts";
import type { SqlOptions } from "./options/database-options.ts";
import { parseDatetime } from "./values/datetime.ts";
import { survives } from "./values/decimal.ts";
import { sqliteColumn } from "./values/sqlite.ts";

/** Gathers the values of one column. */
interface Collector {
  /** Takes the values at a position of rows. Whole rows at once, because a call for every value would cost more. */
  push(rows: SqlRows["rows"], at: number): void;
  /** The column of what was pushed since the last time. */
  take(): TypedColumn;
}

/** What a column is gathered with. */
export interface ColumnContext extends SqlColumn {
  /** The beginning of a message: where, and which column. */
  readonly at: string;
  readonly decimals: SqlOptions["decimals"];
}

/** Makes frames of rows. */
export interface FrameBuilder {
  push(rows: SqlRows["rows"]): void;
  /** The frame of what was pushed since the last time; without rows it still has the columns. */
  take(): Frame;
}

/**
 * Builder of frames from the rows of a result. Its columns have the dtypes of what the database declares:
 *
 * - integers `int64`; as in pandas `float64` where one is missing, but text if a `float64` cannot hold one of them
 * - decimals `float64` if that holds every one of them as it is written, else text with all their digits; averages
 *   and the like, of which the database chose the digits, are the nearest `float64`
 * - bytes are lower-case hexadecimal text
 *
 * A column that became text stays text in the batches that follow.
 *
 * @param columns The columns of the result.
 * @param at The beginning of a message.
 * @param options What decimals become.
 *
 * @returns A builder.
 */
export function frameBuilder(
  columns: readonly SqlColumn[],
  at: string,
  options: Pick<SqlOptions, "decimals">,
): FrameBuilder {
  const names = uniqueNames(columns.map(({ name }) => name));
  const collectors = columns.map((column, i) =>
    collectorOf[column.kind]({ ...column, at: `${at}: column ${quote(names[i] ?? "")}`, decimals: options.decimals }),
  );
  let length = 0;
  return {
    push(rows) {
      length += rows.length;
      for (let i = 0; i < collectors.length; i++) collectors[i]?.push(rows, i);
    },
    take() {
      const frame = frameOf(new Map(collectors.map((collector, i) => [names[i] ?? "", collector.take()])), length);
      length = 0;
      return frame;
    },
  };
}

const collectorOf: Readonly<Record<SqlKind, (context: ColumnContext) => Collector>> = {
  integer: integers,
  float: floats,
  decimal: decimals,
  boolean: booleans,
  datetime: datetimes,
  bytes: texts,
  text: texts,
  any: dynamic,
};

/** Numbers in a typed array that grows. */
function growing() {
  let values = new Float64Array(1024);
  let length = 0;
  return {
    /** The array, with room for so many more, and how many are in it. */
    reserve(more: number): readonly [values: Float64Array, length: number] {
      if (length + more > values.length) {
        const longer = new Float64Array(Math.max(length + more, values.length * 2));
        longer.set(values.subarray(0, length));
        values = longer;
      }
      length += more;
      return [values, length - more];
    },
    take() {
      const taken = values.slice(0, length);
      length = 0;
      return taken;
    },
  };
}

function floats(): Collector {
  const numbers = growing();
  return {
    push(rows, at) {
      const [values, start] = numbers.reserve(rows.length);
      for (let i = 0; i < rows.length; i++) {
        const value = rows[i]?.[at] ?? Number.NaN;
        values[start + i] = typeof value === "number" ? value : Number(value);
      }
    },
    take: () => ({ dtype: "float64", values: numbers.take() }),
  };
}

function integers(): Collector {
  const numbers = growing();
  /** Those that no number holds, by position. */
  let exact = new Map<number, bigint>();
  let missing = false;
  let asText = false;
  return {
    push(rows, at) {
      const [values, start] = numbers.reserve(rows.length);
      for (let i = 0; i < rows.length; i++) {
        const value = rows[i]?.[at] ?? null;
        const number = typeof value === "number" ? value : value === null ? Number.NaN : Number(value);
        values[start + i] = number;
        if (Number.isSafeInteger(number)) continue;
        if (value === null) missing = true;
        else exact.set(start + i, BigInt(value as string));
      }
    },
    take() {
      const values = numbers.take();
      const [big, gaps] = [exact, missing];
      exact = new Map();
      missing = false;
      if ([...big.values()].some((value) => gaps || BigInt.asIntN(64, value) !== value)) asText = true;
      if (!asText && big.size === 0) return { dtype: gaps ? "float64" : "int64", values };
      const integer = (value: number, at: number) => big.get(at) ?? BigInt(value);
      if (!asText) return { dtype: "int64", values: BigInt64Array.from(values, integer) };
      return textColumn(Array.from(values, (value, at) => (Number.isNaN(value) ? null : String(integer(value, at)))));
    },
  };
}

/** Gathers values in a plain array, each changed by `convert`. */
function plain<T>(
  convert: (value: Exclude<SqlValue, null>) => T | null,
  column: (values: (T | null)[]) => TypedColumn,
): Collector {
  let values: (T | null)[] = [];
  return {
    push(rows, at) {
      for (const row of rows) {
        const value = row[at] ?? null;
        values.push(value === null ? null : convert(value));
      }
    },
    take() {
      const taken = values;
      values = [];
      return column(taken);
    },
  };
}

function decimals({ computed = false, decimals: wanted }: ColumnContext): Collector {
  let asText = wanted === "str";
  const lost = (value: string | null) => value !== null && !(computed && value.includes(".")) && !survives(value);
  return plain<string>(String, (values) => {
    if (wanted === undefined && !asText) asText = values.some(lost);
    if (asText) return textColumn(values);
    return { dtype: "float64", values: Float64Array.from(values, (value) => (value === null ? Number.NaN : +value)) };
  });
}

function booleans({ at }: ColumnContext): Collector {
  return plain<boolean>(
    (value) => {
      if (typeof value === "boolean") return value;
      if (value === 0 || value === 1) return value === 1;
      const advice = "Cast it in the query: cast(flag as signed)";
      throw new LaunchpadError("DATA_INVALID", `${at}: 0 or 1 expected, found ${String(value)}. ${advice}`);
    },
    (values) => ({ dtype: "bool", values: freeze(values) }),
  );
}

function datetimes({ at }: ColumnContext): Collector {
  return plain<Date>(
    (value) => {
      const date = value instanceof Date ? value : parseDatetime(String(value));
      if (date !== undefined && !Number.isNaN(date.getTime())) return date;
      // What MySQL keeps for a date that is none; its clients for Python call it missing, too.
      if (typeof value === "string" && value.startsWith("0000-00-00")) return null;
      const advice = "Cast it to text in the query";
      throw new LaunchpadError("DATA_INVALID", `${at}: a date expected, found ${quote(String(value))}. ${advice}`);
    },
    (values) => ({ dtype: "datetime", values: freeze(values) }),
  );
}

function texts(): Collector {
  return plain<string>((value) => value as string, textColumn);
}

function dynamic({ declared }: ColumnContext): Collector {
  return plain<Exclude<SqlValue, null>>(
    (value) => value,
    (values) => sqliteColumn(values, declared),
  );
}
