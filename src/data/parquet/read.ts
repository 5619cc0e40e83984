import type { AsyncBuffer, DecodedArray, FileMetaData, ParquetParsers, SchemaTree } from "hyparquet";
import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import { bytesOf } from "../../util/streams.ts";
import { optionHint, quote } from "../access/messages.ts";
import { castColumn } from "../frame/cast.ts";
import { createColumn, type TypedColumn } from "../frame/column.ts";
import { frameOf } from "../frame/frame.ts";
import type { Location } from "../location/open-location.ts";
import type { Cell, DType, Frame } from "../types.ts";
import { loadCompressors } from "./compressors.ts";
import { type Kind, keepExact, kindOf } from "./kinds.ts";
import type { ParquetOptions } from "./options.ts";

const magic = "PAR1";

/** Texts stay bytes until it is known that they are UTF-8, and finer times than Date has are cut, not rounded to zero. */
const parsers: Partial<ParquetParsers & Record<string, unknown>> = {
  stringFromBytes: (bytes: Uint8Array) => bytes,
  jsonFromBytes: (bytes: Uint8Array) => bytes,
  timestampFromMicroseconds: (micros: bigint) => new Date(Number(floorDivide(micros, 1000n))),
  timestampFromNanoseconds: (nanos: bigint) => new Date(Number(floorDivide(nanos, 1_000_000n))),
};

/**
 * Creates frames from a Parquet file, one for each of its row groups. Where the place can read parts, only the footer and
 * the columns that are wanted are fetched.
 *
 * @param location Where the file is.
 * @param options Which columns.
 * @param signal Ends the reading.
 *
 * @returns At least one frame, even if it has no rows.
 *
 * @throws DATA_INVALID when the file is no Parquet file, is cut off or holds what a frame cannot.
 * @throws COLUMN_UNKNOWN when the options name a column that is not there.
 */
export async function* readParquet(
  location: Location,
  options: ParquetOptions,
  signal?: AbortSignal,
): AsyncGenerator<Frame> {
  const { shown } = location;
  const { parquetMetadataAsync, parquetRead, parquetSchema } = await import("hyparquet");
  const file = await openFile(location, signal);
  const metadata = await parsed(shown, signal, async () => {
    await assertParquet(file, shown);
    return parquetMetadataAsync(file, { geoparquet: false });
  });
  const columns = wantedColumns(parquetSchema(metadata), options, shown);
  for (const { tree } of columns) keepExact(tree);
  const compressors = await loadCompressors(codecsOf(metadata));
  const names = columns.map(({ name }) => name);
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    if (rowEnd === rowStart) continue;
    const chunks = new Map<string, DecodedArray[]>();
    const onChunk = ({ columnName, columnData }: { columnName: string; columnData: DecodedArray }) => {
      const list = chunks.get(columnName) ?? [];
      list.push(columnData);
      chunks.set(columnName, list);
    };
    const range = { rowStart, rowEnd, columns: names, onChunk };
    await parsed(shown, signal, () =>
      parquetRead({
        file,
        metadata,
        compressors,
        utf8: false,
        geoparquet: false,
        parsers: parsers as ParquetParsers,
        ...range,
      }),
    );
    const first = rowStart;
    yield frameOf(
      new Map(columns.map((column) => [column.name, columnOf(column, chunks.get(column.name) ?? [], first, shown)])),
      rowEnd - rowStart,
    );
    rowStart = rowEnd;
  }
  if (rowStart === 0) yield frameOf(new Map(columns.map((column) => [column.name, columnOf(column, [], 0, shown)])), 0);
}

interface Wanted {
  readonly name: string;
  readonly tree: SchemaTree;
  readonly kind: Kind;
  readonly told: DType | undefined;
}

function wantedColumns({ children }: SchemaTree, { columns, dtype }: ParquetOptions, shown: string): Wanted[] {
  const known = new Map(children.map((tree) => [tree.element.name, tree]));
  const told = typeof dtype === "string" ? {} : dtype;
  for (const name of [...(columns ?? []), ...Object.keys(told)]) {
    if (known.has(name)) continue;
    const message = `${shown}: no column ${quote(name)}; ${optionHint(name, [...known.keys()])}`;
    throw new LaunchpadError("COLUMN_UNKNOWN", message);
  }
  return (columns ?? [...known.keys()]).flatMap((name) => {
    const tree = known.get(name);
    if (tree === undefined) return [];
    const own = Object.hasOwn(told, name) ? told[name] : undefined;
    return [{ name, tree, kind: kindOf(tree), told: typeof dtype === "string" ? dtype : own }];
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
    const advice = typeof value === "bigint" ? `. \`dtype: { ${name}: str }\` in the options keeps all digits` : "";
    return fail(row, `${dtype} expected, found ${found}${advice}`);
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
