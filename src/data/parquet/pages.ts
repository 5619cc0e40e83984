import type { ColumnMetaData, CompressionCodec, Compressors, PageHeader, SchemaTree } from "hyparquet";
import { checkRuns, widthOf } from "./runs.ts";

/** A page holds no more values, and no more bytes before they are encoded: what claims to is damaged, or an attack. */
const maxValues = 2 ** 27;
const maxPageBytes = 2 ** 30;

/** Reads the header of the page at the position of a reader, and moves it past that. */
type ReadHeader = (reader: { view: DataView; offset: number }) => PageHeader;

/** A page whose runs can only be checked when it has been decompressed. */
interface Pending {
  readonly compressed: Uint8Array;
  readonly check: (page: Uint8Array) => void;
}

/** Checks pages before anything is decoded: the decoder goes on for as long as the numbers in a page say. */
export interface PageChecks {
  /** Checks the pages of a column chunk, as far as that can be done without decompressing them. */
  add(bytes: Uint8Array<ArrayBuffer>, chunk: ColumnMetaData, path: readonly SchemaTree[], rows: number): void;
  /** The same decompressors; what they return has been checked. */
  guard(compressors: Compressors): Compressors;
}

/**
 * Creates the checks of the pages that are about to be read.
 *
 * @param readHeader Reads the header of a page.
 *
 * @returns The checks; their methods throw for numbers that cannot be.
 */
export function createPageChecks(readHeader: ReadHeader): PageChecks {
  const pending: Pending[] = [];

  /** Dictionaries have no runs; every other page was announced by its header. */
  function take(input: Uint8Array): Pending["check"] | undefined {
    const at = pending.findIndex(({ compressed }) => sameBytes(compressed, input));
    return at === -1 ? undefined : pending.splice(at, 1)[0]?.check;
  }

  return {
    add(bytes, chunk, path, rows) {
      const flat = path.length === 2 && path[1]?.element.repetition_type !== "REPEATED";
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
      let values = 0;
      // As the decoder does, which leaves a last byte alone.
      while (reader.offset < bytes.length - 1 && !(flat && values >= rows)) {
        const header = readHeader(reader);
        const page = bytes.subarray(reader.offset, reader.offset + sizeOf(header, bytes.length - reader.offset));
        reader.offset += page.length;
        const most = flat ? rows - values : maxValues;
        const found = checkHeader(header, most);
        values += found.values;
        const check = (inside: Uint8Array) => checkPage(inside, found, chunk, path);
        if (header.type === "DATA_PAGE_V2") checkLevels(page, found, path);
        if (found.kind === "dictionary") continue;
        if (chunk.codec === "UNCOMPRESSED" || !found.compressed) check(page.subarray(found.levelBytes));
        else pending.push({ compressed: page.subarray(found.levelBytes), check });
      }
    },
    guard(compressors) {
      const guarded: Compressors = {};
      for (const [codec, decompress] of Object.entries(compressors)) {
        guarded[codec as CompressionCodec] = (input, length) => {
          const page = decompress(input, length);
          take(input)?.(page);
          return page;
        };
      }
      return guarded;
    },
  };
}

/** What the header of a page says, in one form for all kinds of page. */
interface Found {
  /** How many values, missing ones included. */
  readonly values: number;
  /** How many of them are known to be missing. */
  readonly nulls: number;
  readonly kind: "dictionary" | "v1" | "v2";
  readonly compressed: boolean;
  readonly encoding: string | undefined;
  /** How many bytes of levels there are before what is compressed. */
  readonly levelBytes: number;
  readonly repetitionBytes: number;
}

function sizeOf(header: PageHeader, left: number): number {
  const size = header.compressed_page_size;
  if (!isCount(size, left)) throw new Error(`a page of ${size} bytes where ${left} are left`);
  const before = header.uncompressed_page_size;
  if (!isCount(before, maxPageBytes)) throw new Error(`a page of ${before} bytes; there are at most ${maxPageBytes}`);
  return size;
}

function checkHeader(header: PageHeader, most: number): Found {
  const plain = { compressed: true, levelBytes: 0, repetitionBytes: 0, nulls: 0 } as const;
  if (header.type === "DICTIONARY_PAGE") {
    counted(header.dictionary_page_header?.num_values, maxValues);
    // It has values of its own, and none of a row.
    return { ...plain, kind: "dictionary", values: 0, encoding: "PLAIN" };
  }
  const [v1, v2] = [header.data_page_header, header.data_page_header_v2];
  if (header.type === "DATA_PAGE" && v1) {
    return { ...plain, kind: "v1", values: counted(v1.num_values, most), encoding: v1.encoding };
  }
  if (header.type !== "DATA_PAGE_V2" || !v2) throw new Error(`a page of an unknown type (${String(header.type)})`);
  const values = counted(v2.num_values, most);
  const [definition, repetition] = [v2.definition_levels_byte_length, v2.repetition_levels_byte_length];
  const size = header.compressed_page_size;
  if (!isCount(definition, size) || !isCount(repetition, size - definition)) {
    throw new Error(`levels of ${definition} and ${repetition} bytes in a page of ${size}`);
  }
  return {
    kind: "v2",
    values,
    nulls: counted(v2.num_nulls, values),
    compressed: v2.is_compressed !== false,
    encoding: v2.encoding,
    levelBytes: definition + repetition,
    repetitionBytes: repetition,
  };
}

function counted(value: number | undefined, most: number): number {
  if (!isCount(value, Math.min(most, maxValues))) {
    throw new Error(`a page of ${value} values where there are at most ${Math.min(most, maxValues)}`);
  }
  return value;
}

function isCount(value: number | undefined, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
}

/** The levels of a page of the second version, which are never compressed. */
function checkLevels(page: Uint8Array, found: Found, path: readonly SchemaTree[]): void {
  const { repetition, definition } = levelsOf(path);
  const { repetitionBytes, levelBytes } = found;
  if (repetition > 0) checkRuns(page, 0, repetitionBytes, widthOf(repetition), found.values);
  if (definition > 0) checkRuns(page, repetitionBytes, levelBytes, widthOf(definition), found.values);
}

/** What is behind the levels, or with them in the first version. */
function checkPage(page: Uint8Array, found: Found, chunk: ColumnMetaData, path: readonly SchemaTree[]): void {
  let at = 0;
  const prefixed = (width: number) => {
    const length = new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(at, true);
    at += 4;
    if (length > page.length - at) throw new Error(`levels of ${length} bytes where ${page.length - at} are left`);
    checkRuns(page, at, at + length, width, found.values);
    at += length;
  };
  if (found.kind === "v1") {
    const { repetition, definition } = levelsOf(path);
    if (repetition > 0) prefixed(widthOf(repetition));
    if (definition > 0) prefixed(widthOf(definition));
  }
  const values = found.values - found.nulls;
  if (values === 0) return;
  const { encoding } = found;
  if (encoding === "RLE" && chunk.type === "BOOLEAN") prefixed(1);
  else if (encoding === "PLAIN_DICTIONARY" || encoding === "RLE_DICTIONARY" || encoding === "RLE") {
    const width = page[at++] ?? 33;
    if (width > 32) throw new Error(`positions of ${width} bits in a dictionary`);
    if (width > 0) checkRuns(page, at, page.length, width, values);
  } else if (encoding?.startsWith("DELTA_")) checkDelta(page, at);
}

/** The sizes of blocks, which the decoder would believe: none may be empty. */
function checkDelta(page: Uint8Array, start: number): void {
  let at = start;
  const number = () => {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const byte = page[at++];
      if (byte === undefined) throw new Error("a page that ends within a number");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new Error("a number of more than 32 bits");
  };
  const [block, parts] = [number(), number()];
  const each = block / parts;
  if (block === 0 || parts === 0 || block % 128 !== 0 || each % 32 !== 0 || block > 2 ** 20) {
    throw new Error(`blocks of ${block} values in ${parts} parts`);
  }
}

function levelsOf(path: readonly SchemaTree[]) {
  const kinds = path.slice(1).map(({ element }) => element.repetition_type);
  return {
    repetition: kinds.filter((kind) => kind === "REPEATED").length,
    definition: kinds.filter((kind) => kind !== "REQUIRED").length,
  };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
