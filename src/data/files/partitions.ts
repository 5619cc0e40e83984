import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import { type TypedColumn, textColumn } from "../frame/column.ts";
import type { Cell, DType } from "../types.ts";

/** One file of many. */
export interface FoundFile {
  readonly url: URL;
  /** From the folder on, for messages. */
  readonly path: string;
  /** What the names of its folders say: `year=2024/month=5`. */
  readonly partition: ReadonlyMap<string, string | null>;
}

/** What Hive writes for no value. */
const missing = "__HIVE_DEFAULT_PARTITION__";
const wholeNumber = /^-?\d{1,15}$/;

/**
 * Reads what the folders of a file say of its rows.
 *
 * @param path The path of the file, `year=2024/month=5/part-0.parquet`.
 *
 * @returns The values by column; null for none.
 */
export function partitionOf(path: string): ReadonlyMap<string, string | null> {
  const partition = new Map<string, string | null>();
  for (const folder of path.split("/").slice(0, -1)) {
    const at = folder.indexOf("=");
    if (at < 1) continue;
    const value = decoded(folder.slice(at + 1));
    partition.set(decoded(folder.slice(0, at)), value === missing ? null : value);
  }
  return partition;
}

/** Columns that are the same in all rows of a file. */
export interface Partitions {
  readonly names: readonly string[];
  /** The dtypes of these columns in all files. */
  readonly dtypes: Readonly<Record<string, DType>>;
  /** The value that all rows of a file have. */
  cell(file: FoundFile, name: string): Cell;
  /** The column of so many rows of a file. */
  column(file: FoundFile, name: string, length: number): TypedColumn;
}

/**
 * Creates the columns that the folders of files tell. As in pandas, whole numbers are such if all values of a column are.
 *
 * @param files The files, at least one.
 * @param told The dtype that the options give a column; `str` keeps numbers as they are written.
 * @param shown Where the files are, for messages.
 *
 * @returns The columns.
 *
 * @throws DATA_INVALID when the folders of two files tell different columns.
 */
export function partitionsOf(
  files: readonly FoundFile[],
  told: (name: string) => string | undefined,
  shown: string,
): Partitions {
  const [first] = files;
  const names = [...(first?.partition.keys() ?? [])];
  const odd = files.find(
    ({ partition }) => partition.size !== names.length || names.some((name) => !partition.has(name)),
  );
  if (odd && first) {
    const message = `${shown}: the same partitions expected in the folders of all files, found those of ${quote(first.path)} and ${quote(odd.path)}`;
    throw new LaunchpadError("DATA_INVALID", `${message}. Name the files of one layout by \`path\``);
  }
  const dtypes: Record<string, DType> = {};
  for (const name of names) {
    const values = files.map(({ partition }) => partition.get(name) ?? null);
    const whole = told(name) !== "str" && values.every((value) => value === null || wholeNumber.test(value));
    dtypes[name] = !whole ? "str" : values.includes(null) ? "float64" : "int64";
  }
  const cell = (file: FoundFile, name: string): Cell => {
    const value = file.partition.get(name) ?? null;
    return value === null || dtypes[name] === "str" ? value : Number(value);
  };
  return {
    names,
    dtypes,
    cell,
    column(file, name, length) {
      const value = cell(file, name);
      const dtype = dtypes[name] ?? "str";
      if (dtype === "str") return textColumn(new Array<string | null>(length).fill(value as string | null));
      return { dtype, values: new Float64Array(length).fill((value as number | null) ?? Number.NaN) };
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
