import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Cell, Frame } from "../types.ts";
import type { TypedColumn } from "./column.ts";
import { typedColumn } from "./frame.ts";
import { type EncodedText, textLength, valueAt } from "./text.ts";

/** The SHA-256 of what is added piece by piece. Web Crypto wants everything at once. */
export interface Digest<T> {
  add(piece: T): void;
  /** Lower-case hexadecimal; nothing can be added afterwards. */
  end(): string;
}

/**
 * Creates an empty digest of bytes.
 *
 * @returns A digest; how the bytes are cut into pieces makes no difference.
 */
export function byteDigest(): Digest<Uint8Array> {
  const hash = sha256.create();
  return { add: (bytes) => void hash.update(bytes), end: () => bytesToHex(hash.digest()) };
}

/** The byte before each cell, so that the number 1, the text "1" and a missing value are different. */
const tags = { missing: 0, number: 1, bigint: 2, boolean: 3, string: 4, date: 5 } as const;

/** More than the longest cell that is not text. */
const room = 16;

/**
 * Creates an empty digest of frames with the same columns: the SHA-256 of the JSON list of `[name, digest]` of the
 * columns. That of a column is over its cells, each as a tag and, little-endian, a float64 (numbers, and milliseconds of
 * dates), an int64 (integers beyond the safe ones), a byte (booleans) or a uint32 length with UTF-8. Cells stand for
 * themselves, not for the dtype of a batch, so that the size of the batches makes no difference.
 *
 * @returns A digest.
 */
export function frameDigest(): Digest<Frame> {
  const columns = new Map<string, Digest<Uint8Array>>();
  const writer = createWriter();
  return {
    add(frame) {
      for (const name of frame.names) {
        const digest = columns.get(name) ?? byteDigest();
        columns.set(name, digest);
        writer.write(typedColumn(frame, name), digest);
      }
    },
    end() {
      const whole = byteDigest();
      whole.add(new TextEncoder().encode(JSON.stringify([...columns].map(([name, digest]) => [name, digest.end()]))));
      return whole.end();
    },
  };
}

function createWriter() {
  const buffer = new Uint8Array(64 * 1024);
  const view = new DataView(buffer.buffer);
  const encoder = new TextEncoder();
  let at = 0;

  function float(tag: number, value: number): void {
    buffer[at] = tag;
    view.setFloat64(at + 1, value, true);
    at += 9;
  }

  /** Most text is short and ASCII, for which an encoder is slow. */
  function ascii(value: string, start: number): boolean {
    if (value.length > 64) return false;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 127) return false;
      buffer[start + i] = unit;
    }
    return true;
  }

  function text(value: string, digest: Digest<Uint8Array>): void {
    buffer[at] = tags.string;
    // A UTF-16 unit takes three bytes at most.
    if (value.length * 3 <= buffer.length - at - room) {
      const written = ascii(value, at + 5) ? value.length : encoder.encodeInto(value, buffer.subarray(at + 5)).written;
      view.setUint32(at + 1, written, true);
      at += 5 + written;
      return;
    }
    const bytes = encoder.encode(value);
    view.setUint32(at + 1, bytes.length, true);
    digest.add(buffer.subarray(0, at + 5));
    digest.add(bytes);
    at = 0;
  }

  function cell(value: Cell | undefined, digest: Digest<Uint8Array>): void {
    // The bits of NaN differ between machines; it is missing, as null is.
    if (value === null || value === undefined || Number.isNaN(value)) buffer[at++] = tags.missing;
    else if (typeof value === "number") float(tags.number, value);
    else if (typeof value === "string") text(value, digest);
    else if (typeof value === "boolean") {
      buffer[at++] = tags.boolean;
      buffer[at++] = Number(value);
    } else if (value instanceof Date) float(tags.date, value.getTime());
    else if (Number.isSafeInteger(Number(value))) float(tags.number, Number(value));
    else {
      buffer[at] = tags.bigint;
      view.setBigInt64(at + 1, value, true);
      at += 9;
    }
  }

  /** A text that is kept as UTF-8 already. */
  function encoded(text: EncodedText, digest: Digest<Uint8Array>): void {
    const { bytes, offsets } = text;
    const length = textLength(text);
    for (let i = 0; i < length; i++) {
      if (at > buffer.length - room) flush(digest);
      const value = valueAt(text, i);
      if (value === -1) {
        buffer[at++] = tags.missing;
        continue;
      }
      const [start, end] = [offsets[value] ?? 0, offsets[value + 1] ?? 0];
      buffer[at] = tags.string;
      view.setUint32(at + 1, end - start, true);
      at += 5;
      if (end - start <= 64 && at + 64 <= buffer.length) {
        for (let from = start; from < end; from++) buffer[at++] = bytes[from] ?? 0;
        continue;
      }
      flush(digest);
      digest.add(bytes.subarray(start, end));
    }
  }

  return {
    write(column: TypedColumn, digest: Digest<Uint8Array>): void {
      if (column.text !== undefined) encoded(column.text, digest);
      else {
        const { values } = column;
        for (let i = 0; i < values.length; i++) {
          if (at > buffer.length - room) flush(digest);
          cell(values[i], digest);
        }
      }
      flush(digest);
    },
  };

  function flush(digest: Digest<Uint8Array>): void {
    if (at > 0) digest.add(buffer.subarray(0, at));
    at = 0;
  }
}
