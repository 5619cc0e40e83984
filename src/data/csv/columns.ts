import { LaunchpadError } from "../../errors.ts";
import { optionHint, quote } from "../access/messages.ts";
import { uniqueNames } from "../frame/column-names.ts";
import type { CsvOptions } from "./options.ts";
import type { FirstRow } from "./rows.ts";

/** A column that is wanted. */
export interface CsvColumn {
  readonly name: string;
  /** What the file calls it, before it is told apart from another of the same name. */
  readonly original: string;
  /** The position in a row of the file. */
  readonly index: number;
}

/** What the columns of a file are. */
export interface CsvColumns {
  /** How many cells a row has. */
  readonly width: number;
  readonly wanted: readonly CsvColumn[];
}

/** The first rows of a file. */
export interface Beginning {
  /** Those that hold names. */
  readonly header: readonly FirstRow[];
  /** The first that holds data, if there is one. */
  readonly data: FirstRow | undefined;
}

/**
 * Finds out what the columns of a file are called, and which of them are wanted.
 *
 * @param beginning The first rows.
 * @param options How the file is read.
 * @param at Creates the beginning of a message, about a line if one is given.
 *
 * @returns The columns.
 *
 * @throws DATA_INVALID when the names are more or fewer than the columns.
 * @throws COLUMN_UNKNOWN when the options name a column that is not there.
 */
export function columnsOf(beginning: Beginning, options: CsvOptions, at: (line?: number) => string): CsvColumns {
  const { data } = beginning;
  const { usecols, index_col } = options;
  const found = headerNames(beginning.header);
  const cells = data?.row.length ?? 0;
  if (Math.max(found?.length ?? 0, cells) > options.max_columns) {
    const message = `at most ${options.max_columns} columns expected (options.max_columns), found ${Math.max(found?.length ?? 0, cells)}`;
    throw new LaunchpadError("DATA_INVALID", `${at()}: ${message}`);
  }
  const given = givenNames(beginning, found, options, at);
  const leading = leadingCells(given.length, beginning, options, at);
  const width = Math.max(leading + given.length, index_col === false ? cells : 0);
  const unique = uniqueNames(given);
  const all = unique.map((name, i) => ({ name, original: given[i] ?? name, index: leading + i }));
  assertKnown(options, all, at);
  const used = usecols === undefined ? all : all.filter((c) => usecols.includes(c.name) || usecols.includes(c.index));
  const hidden = new Set((index_col || []).map((column) => (typeof column === "number" ? used[column]?.name : column)));
  return { width, wanted: leading > 0 ? used : used.filter(({ name }) => !hidden.has(name)) };
}

/** The names that the file has. Several rows of them make one name, without the parts that are empty. */
function headerNames(rows: readonly FirstRow[]): string[] | undefined {
  if (rows.length === 0) return undefined;
  const width = Math.max(...rows.map(({ row }) => row.length));
  const names = Array.from({ length: width }, (_, i) =>
    rows.flatMap(({ row }) => (row[i] === undefined || row[i] === "" ? [] : [row[i] as string])).join("_"),
  );
  return names.map((name, i) => (name === "" ? `Unnamed: ${i}` : name));
}

function givenNames(
  { header, data }: Beginning,
  found: readonly string[] | undefined,
  { names, usecols }: CsvOptions,
  at: (line?: number) => string,
): readonly string[] {
  const cells = found?.length ?? data?.row.length ?? 0;
  if (names === undefined) return found ?? Array.from({ length: cells }, (_, i) => String(i));
  const positions = usecols?.filter((column) => typeof column === "number").sort((a, b) => a - b);
  if (positions !== undefined && positions.length === names.length && positions.length === usecols?.length) {
    // As in pandas, as many names as columns are used are those of the used ones.
    return Array.from({ length: Math.max(cells, ...positions.map((one) => one + 1)) }, (_, i) => {
      const at = positions.indexOf(i);
      return at === -1 ? (found?.[i] ?? String(i)) : (names[at] ?? "");
    });
  }
  if (found !== undefined && found.length !== names.length) {
    const message = `${names.length} columns expected (options.names), found ${found.length}`;
    throw new LaunchpadError("DATA_INVALID", `${at(header[0]?.line)}: ${message}`);
  }
  return names;
}

/** A header that is one shorter than the rows has no name for the first column, which is an index to pandas. */
function leadingCells(
  named: number,
  { data }: Beginning,
  { index_col, usecols }: CsvOptions,
  at: (line?: number) => string,
): number {
  if (data === undefined || data.row.length !== named + 1 || index_col === false || usecols !== undefined) return 0;
  if (data.row.at(-1) !== "") return 1;
  const advice = "Where every line ends with a separator, write `index_col: false`";
  const message = `${named} cells expected, as many as there are names, found ${named + 1}, the last of which is empty`;
  throw new LaunchpadError("DATA_INVALID", `${at(data.line)}: ${message}. ${advice}`);
}

/** Checks that the columns that the options speak of are there. */
function assertKnown(options: CsvOptions, all: readonly CsvColumn[], at: () => string): void {
  const names = all.map(({ name }) => name);
  const unknown = (what: string, name: string) =>
    new LaunchpadError("COLUMN_UNKNOWN", `${at()}: no column ${what}; ${optionHint(name, names)}`);
  const known = new Set([...names, ...all.map(({ original }) => original)]);
  for (const column of namedIn(options)) {
    if (typeof column === "number" ? column < all.length : known.has(column)) continue;
    // The keys of a section are texts, those that are positions, too.
    if (typeof column === "string" && /^\d+$/.test(column) && Number(column) < all.length) continue;
    throw typeof column === "number" ? unknown(`at position ${column}`, "") : unknown(quote(column), column);
  }
}

function namedIn({ usecols, dtype, na_values, index_col, parse_dates, date_format }: CsvOptions): (string | number)[] {
  return [
    ...(usecols ?? []),
    ...(typeof dtype === "string" ? [] : Object.keys(dtype)),
    ...(na_values instanceof Set ? [] : Object.keys(na_values)),
    ...(index_col || []),
    ...parse_dates,
    ...(typeof date_format === "object" ? Object.keys(date_format) : []),
  ];
}

/**
 * Finds what a section by column says of one of them: by its name, by that which the file gives several columns, or by its
 * position.
 *
 * @param section The section.
 * @param column The column.
 * @param names The names of all columns.
 *
 * @returns Its value; undefined if there is none.
 */
export function saidOf<T>(
  section: Readonly<Record<string, T>>,
  { name, original, index }: CsvColumn,
  names: ReadonlySet<string>,
): T | undefined {
  const key = [name, original, names.has(String(index)) ? name : String(index)].find((one) =>
    Object.hasOwn(section, one),
  );
  return key === undefined ? undefined : section[key];
}
