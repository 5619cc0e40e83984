import type { Host } from "../host.ts";
import type { Filters } from "./filter/conditions.ts";

/** How the values of a column are kept. */
export type DType = "float64" | "int64" | "bool" | "str" | "datetime";

/** A dtype as an option tells it: `Int64` is what pandas calls whole numbers of which some may be missing. */
export type ToldDType = DType | "Int64";

/**
 * The values of one column, by dtype: `float64` a Float64Array in which NaN is missing; `int64` a Float64Array of
 * whole numbers, or a BigInt64Array as soon as one of them is not a safe integer; the others plain arrays of
 * booleans, strings or Dates in which null is missing. Text that a frame keeps as bytes becomes such an array when its
 * column is first read. Frames share their arrays: copy one before changing it.
 */
export type Column =
  | Float64Array
  | BigInt64Array
  | readonly (boolean | null)[]
  | readonly (string | null)[]
  | readonly (Date | null)[];

/** What a column is created from: null, undefined and NaN are missing. */
export type ColumnInput =
  | readonly (Cell | undefined)[]
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** One value of a column. */
export type Cell = number | bigint | boolean | string | Date | null;

/** One row, by column name. */
export type Row = Record<string, Cell>;

/** Immutable columns by name, all of one length. */
export interface Frame {
  readonly names: readonly string[];
  /** The number of rows. */
  readonly length: number;
  readonly dtypes: Readonly<Record<string, DType>>;
  /** A plain object of typed and plain arrays: what Arquero, Plot, Arrow or a tensor library take. */
  readonly columns: Readonly<Record<string, Column>>;
  /** The values of one column. COLUMN_UNKNOWN if there is no such column. */
  column(name: string): Column;
  /** The row at a position from 0; undefined past the end. */
  row(index: number): Row | undefined;
  /** Rows one after another, as objects by column. */
  rows(): IterableIterator<Row>;
  /** A frame of these columns, in this order. */
  select(...names: readonly (string | readonly string[])[]): Frame;
  /** A frame without these columns. */
  drop(...names: readonly (string | readonly string[])[]): Frame;
  /** The rows from `start` up to, not including, `end`; negative positions count from the end. */
  slice(start: number, end?: number): Frame;
  /** Summary statistics of every column, by column name. */
  describe(): Record<string, ColumnSummary>;
  /** The rows as JSON can hold them: integers past 2^53 are strings of digits. */
  toJSON(): Row[];
}

/** Summary statistics; missing values do not count. Quartiles interpolate linearly, as in pandas. */
export interface ColumnSummary {
  /** How many values are not missing. */
  count: number;
  mean?: number | null;
  /** The sample standard deviation (n - 1). */
  std?: number | null;
  min?: number | null;
  "25%"?: number | null;
  "50%"?: number | null;
  "75%"?: number | null;
  max?: number | null;
  /** How many different values there are. */
  unique?: number;
  /** The most frequent value; the first of several. */
  top?: string | null;
  /** How often `top` is there. */
  freq?: number;
}

/** Values for the parameters of a source, such as `:name` in a query. */
export type Params = Readonly<Record<string, Cell>>;

/** Rows by their numbers from 0: from `start` up to, not including, `end`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** Where a model gets data from, whatever stands behind the name. */
export interface Source {
  readonly name: string;
  readonly type: string;
  readonly tags: readonly string[];
  /** All rows as one frame. */
  frame(params?: Params): Promise<Frame>;
  /**
   * Frames of `size` rows (10,000 unless told; the last may be shorter), one at a time in memory; of these `columns`, in this order,
   * if they are told: a file that keeps columns apart is then read in part. A file without
   * types (CSV) has `texts` as text, where nothing else says what they are. `onProgress` is told which share of all was read, from 0
   * to 1, where that is known.
   */
  batches(options?: {
    size?: number;
    params?: Params;
    columns?: readonly string[];
    texts?: readonly string[];
    rows?: RowRange | undefined;
    onProgress?: (share: number) => void;
  }): AsyncIterable<Frame>;
  /**
   * How many rows there are in each part that can be read by itself; undefined where a source has no such parts. `batches` of one that
   * has takes `rows`.
   */
  groups?(): Promise<readonly number[] | undefined>;
  /** Row by row, one batch at a time in memory. */
  rows(params?: Params): AsyncIterable<Row>;
  /** The raw text of a source that is a file. */
  text(): Promise<string>;
  /** The raw bytes of a source that is a file. */
  bytes(): Promise<Uint8Array>;
  /** The raw bytes of a source that is a file, in chunks. */
  stream(): Promise<ReadableStream<Uint8Array>>;
}

/** Where a model puts data. */
export interface Sink {
  readonly name: string;
  readonly type: string;
  readonly tags: readonly string[];
  /** Writes a frame, or frames or rows as they come. */
  write(data: Frame | Iterable<Frame | Row> | AsyncIterable<Frame | Row>): Promise<void>;
  /** Writes text or bytes as they are. */
  writeRaw(data: string | Uint8Array | ReadableStream<Uint8Array>): Promise<void>;
  /** Removes the rows whose text in a column sorts before another. DATA_INVALID where the type cannot. */
  removeBefore(column: string, text: string): Promise<void>;
}

/** What a type of source or sink is opened with. */
export interface OpenContext {
  readonly name: string;
  /** The entry below `datasources` or `datasinks`, secrets filled in. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** For `type: dbms.NAME`: the entry below `dbms`, secrets filled in. */
  readonly dbms?: Readonly<Record<string, unknown>>;
  /** Where the entry stands (`launchpad.yml line 12`), for messages. */
  readonly where: string;
  /** For `type: dbms.NAME`: the file in which that entry stands, to which its relative paths are relative. */
  readonly base?: URL | undefined;
  /** Reads which dtypes `dtypes_path` gives the columns, if the entry has one. */
  readonly dtypes?: (() => Promise<Readonly<Record<string, ToldDType>>>) | undefined;
  readonly host: Host;
}

/** One request for data. */
export interface ReadRequest {
  readonly params: Params;
  readonly signal?: AbortSignal | undefined;
  /** The columns that are wanted: whoever can reads no others, and may give more. */
  readonly columns?: readonly string[] | undefined;
  /** Columns that are text where they are there: whoever guesses types is told so. */
  readonly texts?: readonly string[] | undefined;
  /** The rows that are wanted: whoever can leaves out parts that hold none, and may give more. */
  readonly filters?: Filters | undefined;
  /** These rows and no others, of a driver that has `groups`. */
  readonly rows?: RowRange | undefined;
  /** To be told of the bytes of the file, before the frames made of them; not by a driver that reads only a part of it. */
  readonly onBytes?: (chunk: Uint8Array) => void;
  /** To be told which share of all was read, from 0 to 1, by a driver that knows how much there is. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** The least a type of source implements; `Source` is made of it. */
export interface SourceDriver {
  /** All rows at once. Without it, the batches are put together; without either, the source is raw only. */
  frame?(request: ReadRequest): Promise<Frame>;
  /** Frames of `size` rows, at least one: an empty result is one empty frame, so that its columns are known. */
  batches?(request: ReadRequest & { readonly size: number }): AsyncIterable<Frame>;
  /** How many rows there are in each part that can be read by itself, if there are such; `batches` then takes `rows`. */
  groups?(request: { readonly signal?: AbortSignal | undefined }): Promise<readonly number[] | undefined>;
  /** The bytes. Without it, the source has no raw form. */
  stream?(request: { readonly signal?: AbortSignal | undefined }): Promise<ReadableStream<Uint8Array>>;
  /** Ends connections. */
  close?(): Promise<void> | void;
}

/** The least a type of sink implements; `Sink` is made of it. */
export interface SinkDriver {
  /** Writes frames as they come. Without it, the sink is raw only. */
  write?(frames: AsyncIterable<Frame>, signal?: AbortSignal): Promise<void>;
  /** Writes bytes as they come. Without it, the sink has no raw form. */
  writeRaw?(data: ReadableStream<Uint8Array>, signal?: AbortSignal): Promise<void>;
  /** Removes the rows whose text in a column sorts before another, such as times as ISO 8601. Without it, rows stay. */
  removeBefore?(column: string, text: string): Promise<void>;
  /** Ends connections. */
  close?(): Promise<void> | void;
}

/** A type of data source. */
export interface SourceType {
  /** The values of `type:` that it serves; `dbms.sql` serves every `type: dbms.NAME` whose `dbms` entry says `type: sql`. */
  readonly serves: readonly string[];
  /** Whether it gives columns the dtypes of `dtypes_path` itself; otherwise what it reads is brought to them. */
  readonly readsDtypes?: boolean;
  /** Opens a source of the configuration. */
  open(context: OpenContext): SourceDriver | Promise<SourceDriver>;
}

/** A type of data sink. */
export interface SinkType {
  /** The values of `type:` that it serves. */
  readonly serves: readonly string[];
  /** Opens a sink of the configuration. */
  open(context: OpenContext): SinkDriver | Promise<SinkDriver>;
}
