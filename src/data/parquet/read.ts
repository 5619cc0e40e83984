import type { AsyncBuffer, DecodedArray, FileMetaData, ParquetParsers } from "hyparquet";
import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import { bytesOf } from "../../util/streams.ts";
import { optionHint, quote } from "../access/messages.ts";
import type { Filters } from "../filter/conditions.ts";
import { mayMatch } from "../filter/ranges.ts";
import { castColumn } from "../frame/cast.ts";
import { createColumn, type TypedColumn } from "../frame/column.ts";
import { frameOf } from "../frame/frame.ts";
import type { Location } from "../location/open-location.ts";
import type { Cell, Frame, RowRange, ToldDType } from "../types.ts";
import { loadCompressors } from "./compressors.ts";
import { fetchColumns } from "./fetch-columns.ts";
import { createJoinCheck, keepsDigits } from "./join-check.ts";
import type { ParquetOptions } from "./options.ts";
import { createPageChecks } from "./pages.ts";
import { type FileColumn, leafPaths, prepareSchema } from "./schema.ts";
import { rangeIn } from "./statistics.ts";

const magic = "PAR1";

/** Texts stay bytes until it is known that they are UTF-8, and finer times than Date has are cut, not rounded to zero. */
const parsers: Partial<ParquetParsers & Record<string, unknown>> = {
  stringFromBytes: (bytes: Uint8Array) => bytes,
  jsonFromBytes: (bytes: Uint8Array) => bytes,
  timestampFromMicroseconds: (micros: bigint) => new Date(Number(floorDivide(micros, 1000n))),
  timestampFromNanoseconds: (nanos: bigint) => new Date(Number(floorDivide(nanos, 1_000_000n))),
};

/** What is wanted of a file: more may come. */
interface Wish {
  readonly wanted?: readonly string[] | undefined;
  readonly filters?: Filters | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
  /** These rows of the file and no others. */
  readonly rows?: RowRange | undefined;
}

/**
 * Creates frames from a Parquet file, one for each of its row groups. Where the place can read parts, only the footer and
 * the columns that are wanted are fetched.
 *
 * @param location Where the file is.
 * @param options Which columns, and how many rows are put together afterwards.
 * @param signal Ends the reading.
 *
 * @returns At least one frame, even if it has no rows.
 *
 * @throws DATA_INVALID when the file is no Parquet file, is cut off or holds what a frame cannot.
 * @throws COLUMN_UNKNOWN when the options name a column that is not there.
 */
export async function* readParquet(
  location: Location,
  options: ParquetOptions & Wish & { readonly size: number },
  signal?: AbortSignal,
): AsyncGenerator<Frame> {
  const { shown } = location;
  const { filters, rows } = options;
  const [{ parquetMetadataAsync, parquetRead, parquetSchema, snappyUncompress }, { parquetHeader }] = await Promise.all(
    [import("hyparquet"), import("hyparquet/src/column.js")],
  );
  const file = await openFile(location, signal);
  const { metadata, all, paths } = await parsed(shown, signal, async () => {
    await assertParquet(file, shown);
    const metadata = await parquetMetadataAsync(file, { geoparquet: false });
    const all = prepareSchema(metadata, parquetSchema);
    return { metadata, all, paths: leafPaths(parquetSchema(metadata)) };
  });
  const columns = wantedColumns(all, options, shown);
  const snappy = (input: Uint8Array, length: number) => {
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  };
  const compressors = { SNAPPY: snappy, ...(await loadCompressors(codecsOf(metadata))) };
  const joins = createJoinCheck(options.size, shown);
  let rowStart = 0;
  let given = false;
  for (const group of metadata.row_groups) {
    const length = Number(group.num_rows);
    const rowEnd = rowStart + length;
    if (length === 0) continue;
    if (rows && (rowEnd <= rows.start || rowStart >= rows.end)) {
      rowStart = rowEnd;
      continue;
    }
    if (filters && !mayMatch(filters, (name) => rangeIn(group, all, name))) {
      rowStart = rowEnd;
      continue;
    }
    const typed = new Map<string, TypedColumn>();
    const held = await parsed(shown, signal, () => fetchColumns(file, group, new Set(columns.map(({ key }) => key))));
    for (const column of columns) {
      const chunks: DecodedArray[] = [];
      const made = await parsed(shown, signal, async () => {
        if (!(length > 0)) throw new Error(`a row group of ${length} rows`);
        const checks = createPageChecks(parquetHeader);
        for (const { key, bytes, chunk, at } of held.chunks) {
          if (key === column.key) checks.add(bytes, chunk, paths[at] ?? [], length);
        }
        await parquetRead({
          file: held.file,
          metadata,
          compressors: checks.guard(compressors),
          utf8: false,
          geoparquet: false,
          parsers: parsers as ParquetParsers,
          rowStart,
          rowEnd,
          columns: [column.key],
          onChunk: ({ columnData }) => chunks.push(columnData),
        });
        const found = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        if (found !== length)
          throw new Error(`column ${quote(column.name)}: ${length} values expected, found ${found}`);
        return columnOf(column, chunks, rowStart, shown);
      });
      joins.add(column.name, made, rowStart);
      typed.set(column.name, made);
    }
    options.onProgress?.(rowEnd / Number(metadata.num_rows));
    const whole = frameOf(typed, length);
    yield rows ? whole.slice(Math.max(0, rows.start - rowStart), Math.min(length, rows.end - rowStart)) : whole;
    given = true;
    rowStart = rowEnd;
  }
  if (!given) yield frameOf(new Map(columns.map((column) => [column.name, columnOf(column, [], 0, shown)])), 0);
}

/**
 * Reads how many rows the row groups of a Parquet file have.
 *
 * @param location Where the file is.
 * @param signal Ends the reading.
 *
 * @returns The numbers, in the order of the groups.
 *
 * @throws DATA_INVALID when the file is no Parquet file.
 */
export async function parquetGroups(location: Location, signal?: AbortSignal): Promise<readonly number[]> {
  const { parquetMetadataAsync } = await import("hyparquet");
  const file = await openFile(location, signal);
  return parsed(location.shown, signal, async () => {
    await assertParquet(file, location.shown);
    const { row_groups: groups } = await parquetMetadataAsync(file, { geoparquet: false });
    return groups.map(({ num_rows: rows }) => Number(rows));
  });
}

interface Wanted extends FileColumn {
  readonly told: ToldDType | undefined;
}

function wantedColumns(all: readonly FileColumn[], options: ParquetOptions & Wish, shown: string): Wanted[] {
  const { columns, dtype, wanted: asked } = options;
  const known = new Map(all.map((column) => [column.name, column]));
  const told = typeof dtype === "string" ? {} : dtype;
  for (const name of [...(columns ?? []), ...Object.keys(told)]) {
    if (known.has(name)) continue;
    const message = `${shown}: no column ${quote(name)}; ${optionHint(name, [...known.keys()])}`;
    throw new LaunchpadError("COLUMN_UNKNOWN", message);
  }
  const there = columns ?? all.flatMap(({ name, hidden }) => (hidden ? [] : [name]));
  // A name that is not there is said of by whoever asks for it.
  const wanted = asked?.every((name) => there.includes(name)) ? asked : there;
  return wanted.flatMap((name) => {
    const column = known.get(name);
    if (column === undefined) return [];
    const own = Object.hasOwn(told, name) ? told[name] : undefined;
    return [{ ...column, told: typeof dtype === "string" ? dtype : own }];
  });
}

function columnOf({ name, kind, told }: Wanted, chunks: DecodedArray[], first: number, shown: string): TypedColumn {
  const [only] = chunks;
  const fail = (row: number, message: string): never => {
    throw new LaunchpadError("DATA_INVALID", `${shown}: column ${quote(name)} row ${first + row}: ${message}`);
  };
  // Numbers without a gap are as a frame wants them.
  if (chunks.length === 1 && !Array.isArray(only) && only !== undefined && kind.cell === undefined && !told) {
    if (!(only instanceof BigUint64Array)) return createColumn(name, only, kind.dtype);
  }
  const cells: Cell[] = [];
  let missing = false;
  for (const chunk of chunks) {
    for (const value of chunk) {
      if (value === null || value === undefined) {
        missing = true;
        cells.push(null);
        continue;
      }
      const cell = kind.cell ? kind.cell(value as never) : (value as Cell);
      if (cell === undefined) {
        const advice = "A frame holds no bytes: leave the column out by `columns` in the options";
        fail(cells.length, `text in UTF-8 expected, found bytes that are not. ${advice}`);
      }
      cells.push(cell as Cell);
    }
  }
  // As in pandas, whole numbers among which some are missing are floats.
  const dtype = told ?? (kind.dtype === "int64" && missing ? "float64" : kind.dtype);
  return castColumn(name, cells, dtype, (row, value) => {
    const found = value === null ? "a missing value" : typeof value === "string" ? quote(value) : String(value);
    return fail(row, `${dtype} expected, found ${found}${typeof value === "bigint" ? keepsDigits(name) : ""}`);
  });
}

async function openFile(location: Location, signal: AbortSignal | undefined): Promise<AsyncBuffer> {
  const parts = await location.parts(signal);
  if (parts) {
    const slice = async (start: number, end = parts.size) => {
      const from = start < 0 ? Math.max(0, parts.size + start) : start;
      return (await parts.read(from, end, signal)).buffer;
    };
    return { byteLength: parts.size, slice };
  }
  const { buffer } = await bytesOf(await location.stream(signal));
  return { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) };
}

async function assertParquet(file: AsyncBuffer, shown: string): Promise<void> {
  const at = async (start: number) => String.fromCharCode(...new Uint8Array(await file.slice(start, start + 4)));
  const found = await (async () => {
    if (file.byteLength === 0) return "an empty file";
    if (file.byteLength < 12) return "a file of a few bytes";
    if ((await at(file.byteLength - 4)) === magic) return undefined;
    return (await at(0)) === magic ? "one whose end is missing: it was cut off" : "other bytes";
  })();
  if (found !== undefined)
    throw new LaunchpadError("DATA_INVALID", `${shown}: a Parquet file expected, found ${found}`);
}

/** What the parser throws is about the file; what the location throws says so itself. */
async function parsed<T>(shown: string, signal: AbortSignal | undefined, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (isLaunchpadError(cause) || signal?.aborted) throw cause;
    const message = `${shown}: a whole Parquet file expected, found one that cannot be read (${messageOf(cause)})`;
    throw new LaunchpadError("DATA_INVALID", message, { cause });
  }
}

function codecsOf({ row_groups }: FileMetaData) {
  return new Set(row_groups.flatMap(({ columns }) => columns.flatMap(({ meta_data }) => meta_data?.codec ?? [])));
}

function floorDivide(value: bigint, by: bigint): bigint {
  return value >= 0n || value % by === 0n ? value / by : value / by - 1n;
}
