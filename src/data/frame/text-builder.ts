import { LaunchpadError } from "../../errors.ts";
import { createStringDictionary, type StringDictionary } from "./string-dictionary.ts";
import { dictionaryText, type EncodedText } from "./text.ts";

/** Collects the cells of a column of text. */
export interface TextBuilder {
  /** Adds a cell that is the bytes from `start` to `end`, which are copied; they must be valid UTF-8. */
  add(bytes: Uint8Array, start: number, end: number): void;
  /** Adds missing cells. */
  addMissing(count?: number): void;
  /** How many cells there are. */
  length(): number;
  /** The cells so far; the builder is empty afterwards. */
  finish(): EncodedText;
}

/** More different values than this are no longer few. */
const maxDictionaryValues = 8192;

/** Offsets have 32 bits, as in Arrow. */
const maxBytes = 2 ** 32 - 1;

/** A longer cell is faster copied by a call than byte by byte. */
const shortCell = 48;

/**
 * Creates an empty column of text. As long as there are few different values, each is kept once.
 *
 * @returns The builder; `add` throws DATA_INVALID for a text of more than 4 GB.
 */
export function createTextBuilder(): TextBuilder {
  let length = 0;
  // Few different values: what they are, and which one each cell is.
  let few: StringDictionary | undefined = createStringDictionary(maxDictionaryValues);
  let codes = new Int32Array(0);
  // Many of them: each cell by itself.
  let bytes = new Uint8Array(0);
  let offsets = new Uint32Array(0);
  let missing: Uint8Array<ArrayBuffer> | undefined;
  let used = 0;
  /** How much the next column will probably take. */
  let expected = { bytes: 0, cells: 0 };
  /** What the column was until `finish` is a good guess at what it will be. */
  let many = false;

  function addPlain(from: Uint8Array, start: number, end: number): void {
    const needed = used + end - start;
    if (needed > bytes.length) bytes = roomier(bytes, needed, expected.bytes);
    if (length + 1 >= offsets.length) roomierOffsets();
    if (end - start > shortCell) bytes.set(from.subarray(start, end), used);
    else for (let i = start, to = used; i < end; i++, to++) bytes[to] = from[i] ?? 0;
    used = needed;
    offsets[++length] = used;
  }

  function roomierOffsets(): void {
    const more = new Uint32Array(Math.max(1024, offsets.length * 2, expected.cells + 1));
    more.set(offsets);
    offsets = more;
    if (missing !== undefined) missing = longer(missing, more.length);
  }

  function addPlainMissing(): void {
    if (length + 1 >= offsets.length) roomierOffsets();
    missing ??= new Uint8Array(offsets.length);
    missing[length] = 1;
    offsets[++length] = used;
  }

  function addCode(code: number): void {
    if (length === codes.length) {
      const more = new Int32Array(Math.max(1024, length * 2, expected.cells));
      more.set(codes);
      codes = more;
    }
    codes[length++] = code;
  }

  /** There are too many different values: writes out what the codes stand for. */
  function expand(interner: StringDictionary): void {
    const values = interner.values();
    const cells = codes.subarray(0, length);
    few = undefined;
    length = 0;
    for (const code of cells) {
      if (code === -1) addPlainMissing();
      else addPlain(values.bytes, values.offsets[code] ?? 0, values.offsets[code + 1] ?? 0);
    }
    codes = new Int32Array(0);
  }

  return {
    add(from, start, end) {
      if (few === undefined) return addPlain(from, start, end);
      const code = few.code(from, start, end);
      if (code !== -1) return addCode(code);
      many = true;
      expand(few);
      addPlain(from, start, end);
    },
    addMissing(count = 1) {
      for (let i = 0; i < count; i++) {
        if (few === undefined) addPlainMissing();
        else addCode(-1);
      }
    },
    length: () => length,
    finish() {
      // Where most values are different, keeping each once saves nothing.
      if (few !== undefined && few.count() * 2 > length) {
        many = length > 1000;
        expand(few);
      }
      const text = few === undefined ? plain() : dictionary(few);
      few = many ? undefined : createStringDictionary(maxDictionaryValues);
      codes = new Int32Array(0);
      // A little more, for none is quite as large as another.
      expected = { bytes: Math.ceil(used * 1.1), cells: length };
      bytes = new Uint8Array(0);
      offsets = new Uint32Array(0);
      missing = undefined;
      used = 0;
      length = 0;
      return text;
    },
  };

  function dictionary(interner: StringDictionary): EncodedText {
    const values = interner.values();
    return dictionaryText(values.bytes, values.offsets, codes.subarray(0, length));
  }

  function plain(): EncodedText {
    if (offsets.length === 0) offsets = new Uint32Array(1);
    const text = { bytes: bytes.subarray(0, used), offsets: offsets.subarray(0, length + 1) };
    return missing === undefined ? text : { ...text, missing: missing.subarray(0, length) };
  }
}

function roomier(bytes: Uint8Array, needed: number, expected: number): Uint8Array<ArrayBuffer> {
  if (needed > maxBytes) {
    const advice = "Read it in batches";
    throw new LaunchpadError("DATA_INVALID", `a column of text has more than 4 GB, the most a frame takes. ${advice}`);
  }
  return longer(bytes, Math.min(maxBytes, Math.max(needed, bytes.length * 2, expected, 4096)));
}

function longer(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(length);
  more.set(bytes);
  return more;
}
