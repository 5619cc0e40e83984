import { concatFrames } from "../../../data/frame/frame.ts";
import type { Cell, Column, Frame } from "../../../data/types.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { JsonSchema } from "../../../schema/json-schema.ts";

/** What the rows of a table tell of one column. */
export interface ColumnSketch {
  readonly name: string;
  /** What every value fits, and what a value of the same kind would fit, too. */
  readonly schema: JsonSchema;
  /** Whether there is a value in every row. */
  readonly everywhere: boolean;
  /** What was seen, for people: `From 4.3 to 7.9`. */
  readonly seen?: string;
  /** A value that was seen, as JSON. */
  readonly example?: unknown;
}

/** What the rows of a table tell. */
export interface TableSketch {
  readonly columns: readonly ColumnSketch[];
  /** How many rows were looked at. */
  readonly rows: number;
  /** Whether those were all. */
  readonly whole: boolean;
}

/** So many different texts are still a choice, if each is there twice on average. */
const maxChoices = 12;

/**
 * Looks at the first rows of a table.
 *
 * @param batches The table, in order.
 * @param where The table, for messages.
 * @param limit How many rows to look at.
 *
 * @returns What they tell of each column.
 *
 * @throws DATA_INVALID when there is no row.
 */
export async function sketchTable(
  batches: AsyncIterable<Frame> | Iterable<Frame>,
  where: string,
  limit = 10_000,
): Promise<TableSketch> {
  const frames: Frame[] = [];
  let rows = 0;
  let whole = true;
  for await (const batch of batches) {
    whole = rows + batch.length <= limit;
    const frame = batch.slice(0, limit - rows);
    if (frame.length > 0) frames.push(frame);
    rows += frame.length;
    if (!whole) break;
  }
  if (rows === 0) {
    throw new LaunchpadError("DATA_INVALID", `${where}: no row found, expected some: they tell what the columns hold`);
  }
  const frame = concatFrames(frames);
  const exemplary = exemplaryRow(frame);
  return {
    columns: frame.names.map((name) => sketchColumn(frame, name, exemplary, whole)),
    rows,
    whole,
  };
}

/** The first row that lacks nothing, so that examples belong together. */
function exemplaryRow(frame: Frame): number | undefined {
  const columns = Object.values(frame.columns);
  for (let row = 0; row < frame.length; row++) {
    if (columns.every((column) => !isMissing(column[row]))) return row;
  }
  return undefined;
}

function sketchColumn(frame: Frame, name: string, exemplary: number | undefined, whole: boolean): ColumnSketch {
  const column = frame.column(name);
  const dtype = frame.dtypes[name] ?? "str";
  const values = valuesOf(column);
  // Of a column that holds nothing, nothing is known: text is what lets most in.
  const kind = column instanceof BigInt64Array ? "digits" : values.length === 0 ? "str" : dtype;
  const [first] = values;
  const example = exemplary === undefined ? first : column[exemplary];
  const { schema, seen, write = (value) => value } = kinds[kind](values, whole);
  return {
    name,
    schema,
    everywhere: values.length === frame.length,
    ...(seen !== undefined && { seen }),
    ...(example !== undefined && example !== null && { example: write(example) }),
  };
}

interface Kind {
  readonly schema: JsonSchema;
  readonly seen?: string;
  /** A value as JSON. */
  readonly write?: (value: Value) => unknown;
}

type Value = Exclude<Cell, null>;

/** What there is to say of the values of each dtype. */
const kinds: Readonly<
  Record<
    "float64" | "int64" | "digits" | "bool" | "str" | "datetime",
    (values: readonly Value[], whole: boolean) => Kind
  >
> = {
  // A range that was seen is no constraint: the next value may lie outside.
  float64: (values) => ({ schema: { type: "number" }, ...range(values, String) }),
  int64: (values) => ({ schema: { type: "integer" }, ...range(values, String) }),
  // Of numbers past 2^53, JSON keeps no more than what text keeps.
  digits: () => ({ schema: { type: "string", pattern: "^-?[0-9]+$" }, write: String }),
  bool: () => ({ schema: { type: "boolean" } }),
  str(values, whole) {
    const choices = [...new Set(values.map(String))].sort();
    if (choices.length === 0 || choices.length > maxChoices || choices.length * 2 > values.length) {
      return { schema: { type: "string" } };
    }
    // What was not looked at may hold more.
    if (!whole) return { schema: { type: "string" }, seen: `Such as ${choices.join(", ")}` };
    return { schema: { type: "string", enum: choices } };
  },
  datetime(values) {
    const days = values.every((value) => value instanceof Date && value.getTime() % 86_400_000 === 0);
    const write = (value: Value) => {
      const text = value instanceof Date ? value.toISOString() : String(value);
      return days ? text.slice(0, text.indexOf("T")) : text;
    };
    return { schema: { type: "string", format: days ? "date" : "date-time" }, write, ...range(values, write) };
  },
};

function range(values: readonly Value[], write: (value: Value) => string): { readonly seen?: string } {
  let [least] = values;
  let most = least;
  for (const value of values) {
    if (least !== undefined && value < least) least = value;
    if (most !== undefined && value > most) most = value;
  }
  if (least === undefined || most === undefined) return {};
  return { seen: `From ${write(least)} to ${write(most)}` };
}

function valuesOf(column: Column): Value[] {
  const values: Value[] = [];
  for (let row = 0; row < column.length; row++) {
    const value = column[row];
    if (value !== undefined && !isMissing(value)) values.push(value as Value);
  }
  return values;
}

function isMissing(value: Cell | undefined): boolean {
  return value === null || value === undefined || (typeof value === "number" && !Number.isFinite(value));
}
