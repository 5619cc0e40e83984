import { expected, type OptionReader, readOptions } from "../../access/options.ts";
import type { OpenContext } from "../../types.ts";

/** What is done when the table of a sink is there already. */
export type IfExists = "fail" | "replace" | "append" | "delete_rows";

/** How frames become a table: the options of `pandas.DataFrame.to_sql`. */
export interface SqlSinkOptions {
  readonly if_exists: IfExists;
  /** The schema of the table, where `table` names none. */
  readonly schema?: string | undefined;
  /** The column of the number of each row; undefined if there is none. */
  readonly index: string | undefined;
  /** The database's type of all columns, or of some by name, where a table is made. */
  readonly dtype: string | ReadonlyMap<string, string>;
}

interface Given {
  readonly if_exists: IfExists;
  readonly schema: string | undefined;
  readonly index: boolean;
  readonly index_label: string | undefined;
  readonly dtype: string | ReadonlyMap<string, string>;
  readonly method: undefined;
}

const ways = ["fail", "replace", "append", "delete_rows"] as const;

const label: OptionReader<string | undefined> = (value) => {
  const [only, ...others] = Array.isArray(value) ? value : [value];
  if (only === null) return undefined;
  if (typeof only === "string" && only !== "" && others.length === 0) return only;
  throw expected("the name of the column of the row's number");
};

/** A type as in CREATE TABLE, and nothing that could be more than one. */
function sqlType(value: unknown): string {
  const form = /^[A-Za-z]\w*( [A-Za-z]\w*)*(\(\s*(\d+|max)\s*(,\s*\d+\s*)?\))?( [A-Za-z]\w*)*(\[\])?$/;
  if (typeof value === "string" && form.test(value)) return value;
  throw expected('a type of the database, such as "varchar(20)", or a section of these by column,');
}

/** Options of `to_sql` that only say how pandas does its work: rows go in as many at once as the server takes. */
const ignored = ["chunksize"];

const refused = {
  con: "Write the address below `dbms`",
  name: "Write `table` beside `type`",
};

/**
 * Creates the options of a sink.
 *
 * @param context What the sink is opened with.
 *
 * @returns All options, defaults filled in.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected.
 */
export function readSinkOptions({ where, entry, host }: OpenContext): SqlSinkOptions {
  const onIgnored = (name: string) =>
    host.log.child("data").debug(`${where}: options.${name} only tunes pandas; it is ignored`);
  const {
    index,
    index_label,
    method: _,
    ...options
  } = readOptions<Given>(
    where,
    entry.options,
    {
      if_exists(value) {
        const found = ways.find((way) => way === value);
        if (found === undefined) throw expected(`one of ${ways.join(", ")}`);
        return found;
      },
      schema(value) {
        if (value === null) return undefined;
        if (typeof value === "string" && value !== "" && !/[.\0]/.test(value)) return value;
        throw expected("the name of a schema");
      },
      index(value) {
        if (typeof value === "boolean") return value;
        throw expected("true (a column of the number of each row) or false");
      },
      index_label: label,
      dtype(value) {
        if (value === null) return new Map();
        if (typeof value !== "object" || Array.isArray(value)) return sqlType(value);
        return new Map(Object.entries(value).map(([name, type]) => [name, sqlType(type)]));
      },
      method(value) {
        if (value !== null && value !== "multi") throw expected("nothing, or multi,");
        onIgnored("method");
        return undefined;
      },
    },
    { ignored, refused, onIgnored },
  );
  return { if_exists: "fail", dtype: new Map(), ...options, index: index ? (index_label ?? "index") : undefined };
}
