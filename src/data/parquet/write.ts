import type { SchemaElement } from "hyparquet";
import type { ColumnSource } from "hyparquet-writer";
import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import { rebatch } from "../frame/rebatch.ts";
import type { Column, DType, Frame } from "../types.ts";
import type { ParquetSinkOptions } from "./options.ts";

/**
 * Creates the bytes of a Parquet file from frames, one row group after the other. Every column may have missing values;
 * the first row group says what type it has.
 *
 * @param frames Frames with the same columns.
 * @param options The compression, and how many rows a row group has.
 * @param shown The file's name, for messages.
 *
 * @returns The bytes in pieces, one for each row group and one for the footer.
 *
 * @throws DATA_INVALID when a later frame has another dtype than the first.
 */
export async function* writeParquet(
  frames: AsyncIterable<Frame>,
  options: ParquetSinkOptions,
  shown: string,
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const bytes = new ByteWriter();
  let file: InstanceType<typeof ParquetWriter> | undefined;
  let dtypes: Readonly<Record<string, DType>> = {};
  const begin = (schema: SchemaElement[]) =>
    new ParquetWriter({ writer: bytes, schema, codec: options.compression, createdBy: "launchpad" });
  let written = 0;
  for await (const group of rebatch(frames, options.row_group_size)) {
    if (file === undefined) {
      dtypes = group.dtypes;
      file = begin(schemaOf(group));
    }
    const at = (row: number) => `row ${written + row}`;
    const columnData = group.names.map((name): ColumnSource => {
      const dtype = dtypes[name] ?? "str";
      return { name, data: valuesOf(name, group, dtype, at, shown) };
    });
    if (group.length > 0) await file.write({ columnData, rowGroupSize: group.length });
    written += group.length;
    yield drained(bytes);
  }
  file ??= begin([{ name: "root", num_children: 0 }]);
  await file.finish();
  yield drained(bytes);
}

interface Buffered {
  index: number;
  getBytes(): Uint8Array;
}

/** What has been written since the last time; the writer goes on counting from the start of the file. */
function drained(bytes: Buffered): Uint8Array {
  const piece = bytes.getBytes().slice();
  bytes.index = 0;
  return piece;
}

const types: Readonly<Record<DType, Omit<SchemaElement, "name">>> = {
  float64: { type: "DOUBLE" },
  int64: { type: "INT64" },
  bool: { type: "BOOLEAN" },
  str: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  datetime: {
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  },
};

function schemaOf({ names, dtypes }: Frame): SchemaElement[] {
  return [
    { name: "root", num_children: names.length },
    ...names.map((name): SchemaElement => ({ name, repetition_type: "OPTIONAL", ...types[dtypes[name] ?? "str"] })),
  ];
}

function valuesOf(name: string, frame: Frame, dtype: DType, at: (row: number) => string, shown: string): unknown[] {
  const values: Column = frame.column(name);
  const own = frame.dtypes[name] ?? "str";
  const isNumber = own === "int64" || own === "float64";
  const missing = (value: unknown) => value === null || value === undefined || Number.isNaN(value);
  const fail = (row: number): never => {
    const advice = "Give the column one dtype in all frames";
    const message = `${shown}: column ${quote(name)} ${at(row)}: ${dtype} as in the first frames expected, found ${String(values[row])}. ${advice}`;
    throw new LaunchpadError("DATA_INVALID", message);
  };
  return Array.from({ length: frame.length }, (_, row) => {
    const value = values[row];
    if (missing(value)) return null;
    if (dtype === own && dtype !== "int64") return value;
    if (!isNumber) return fail(row);
    if (dtype === "int64")
      return typeof value === "bigint" || Number.isSafeInteger(value) ? BigInt(value as number) : fail(row);
    if (dtype !== "float64") return fail(row);
    return typeof value === "bigint" && BigInt(Number(value)) !== value ? fail(row) : Number(value);
  });
}
