import { byColumn, columnNames, dtype } from "../../access/dtype-option.ts";
import { expected, type OptionReader, readOptions } from "../../access/options.ts";
import { unknownDirective } from "../../frame/read-dates.ts";
import type { Cell, OpenContext, Params, ToldDType } from "../../types.ts";

/** How the dates of a column are written: a form as for Python's `strptime`, or the unit of a number since 1970. */
export interface DateForm {
  readonly format?: string;
  readonly unit?: keyof typeof units;
  readonly dayfirst?: boolean;
}

/** How a result becomes a frame: the options of `pandas.read_sql`. */
export interface SqlSourceOptions {
  /** Columns that are left out, as pandas makes them an index. */
  readonly index_col?: readonly string[] | undefined;
  /** Which columns to keep, in this order. */
  readonly columns?: readonly string[] | undefined;
  readonly dtype?: ToldDType | Readonly<Record<string, ToldDType>>;
  /** Columns that hold dates, each with how they are written. */
  readonly parse_dates?: ReadonlyMap<string, DateForm>;
  /** Whether decimals become numbers, also where digits are lost, or text. */
  readonly coerce_float?: boolean;
  /** Values of the query's parameters that a model does not give. */
  readonly params?: Params;
}

/** Milliseconds of each unit. */
export const units = { D: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, ns: 1e-6 } as const;

const oneOrMore: OptionReader<readonly string[] | undefined> = (value) => {
  if (value === null) return undefined;
  return columnNames(typeof value === "string" ? [value] : value);
};

function dateForm(value: unknown): DateForm {
  if (value === null) return {};
  if (typeof value === "string") {
    if (Object.hasOwn(units, value)) return { unit: value as keyof typeof units };
    const wrong = unknownDirective(value);
    if (wrong === undefined) return { format: value };
    throw expected(`a form of dates that Python's strptime knows, without ${wrong},`);
  }
  if (typeof value !== "object" || Array.isArray(value)) throw expected(ofDates);
  const { format, unit, dayfirst, ...others } = value as Readonly<Record<string, unknown>>;
  const known = typeof unit === "string" && Object.hasOwn(units, unit) ? (unit as keyof typeof units) : undefined;
  const isWrong = unit !== undefined && known === undefined;
  if (isWrong || (dayfirst !== undefined && typeof dayfirst !== "boolean") || Object.keys(others).length > 0) {
    throw expected("a section of `format`, `unit` (D, h, m, s, ms, us, ns) and `dayfirst`");
  }
  return {
    ...(format === undefined ? {} : dateForm(format)),
    ...(known === undefined ? {} : { unit: known }),
    ...(typeof dayfirst === "boolean" ? { dayfirst } : {}),
  };
}

const ofDates = 'a list of names, or a section from names to a form such as "%d.%m.%Y" or a unit such as "s"';

const dateColumns: OptionReader<ReadonlyMap<string, DateForm>> = (value) => {
  if (value === null || value === false) return new Map();
  if (typeof value === "string") return new Map([[value, {}]]);
  if (Array.isArray(value)) {
    if (value.some((name) => typeof name !== "string")) throw expected(ofDates);
    return new Map(value.map((name: string) => [name, {}]));
  }
  if (typeof value !== "object") throw expected(ofDates);
  return new Map(Object.entries(value).map(([name, form]) => [name, dateForm(form)]));
};

const params: OptionReader<Params> = (value) => {
  if (value === null) return {};
  const isSection = typeof value === "object" && !Array.isArray(value);
  if (!isSection || Object.values(value).some((one) => typeof one === "object" && one !== null)) {
    throw expected("a section from names of parameters (:name in the query) to values");
  }
  return value as Readonly<Record<string, Cell>>;
};

/** Options of `read_sql` that only say how pandas does its work. */
const ignored = ["dtype_backend"];

/** Options of `read_sql` that are refused, and what to write instead. */
const refused = {
  chunksize: "Read `batches({ size })` or `rows()`",
  con: "Write the address below `dbms`",
  sql: "Write `query` beside `type`",
};

/**
 * Creates the options of a source.
 *
 * @param context What the source is opened with.
 *
 * @returns The options that were given.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected.
 */
export function readSourceOptions({ where, entry, host }: OpenContext): SqlSourceOptions {
  return readOptions<Required<SqlSourceOptions>>(
    where,
    entry.options,
    {
      index_col: oneOrMore,
      columns: oneOrMore,
      dtype: byColumn(dtype),
      parse_dates: dateColumns,
      coerce_float(value) {
        if (typeof value === "boolean") return value;
        throw expected("true (decimals become numbers) or false (they become text)");
      },
      params,
    },
    {
      ignored,
      refused,
      onIgnored: (name) => host.log.child("data").debug(`${where}: options.${name} only tunes pandas; it is ignored`),
    },
  );
}
