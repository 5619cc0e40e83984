import type { Fault } from "./faults.ts";

const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Longest number of a text: what is longer is no number of a library. */
const maxNumberLength = 64;

/** Reader of numbers in decimal notation, from bytes. */
export interface NumberReader {
  /** Place behind the number that was read last; the place where it was sought, if there was none. */
  readonly end: number;
  /** Reads the number at a place; NaN if there is none. */
  read(start: number): number;
}

/**
 * Creates a reader of numbers. Up to 15 digits and ten to the 22 are exact in one operation; the rest is left to the
 * engine, which rounds correctly.
 *
 * @param bytes Bytes of a text.
 * @param fault Throws for an exponent without digits, or a number that is too long.
 *
 * @returns The reader.
 */
export function numberReader(bytes: Uint8Array, fault: Fault): NumberReader {
  const reader = { end: 0, read };
  function read(start: number): number {
    let at = start;
    let byte = bytes[at];
    const negative = byte === 45;
    if (negative) byte = bytes[++at];
    const first = at;
    let mantissa = 0;
    let digits = 0;
    let scale = 0;
    while (byte !== undefined && byte >= 48 && byte <= 57) {
      mantissa = mantissa * 10 + byte - 48;
      if (mantissa !== 0) digits++;
      byte = bytes[++at];
    }
    if (at === first) {
      reader.end = start;
      return Number.NaN;
    }
    if (byte === 46) {
      byte = bytes[++at];
      while (byte !== undefined && byte >= 48 && byte <= 57) {
        mantissa = mantissa * 10 + byte - 48;
        if (mantissa !== 0) digits++;
        scale--;
        byte = bytes[++at];
      }
    }
    if (byte === 101 || byte === 69) {
      byte = bytes[++at];
      const minus = byte === 45;
      if (minus || byte === 43) byte = bytes[++at];
      if (byte === undefined || byte < 48 || byte > 57) {
        const found = byte === undefined ? "the end of the file" : JSON.stringify(String.fromCharCode(byte));
        fault(`byte ${at}`, "the digits of an exponent", found);
      }
      let exponent = 0;
      while (byte !== undefined && byte >= 48 && byte <= 57) {
        exponent = Math.min(exponent * 10 + byte - 48, 99999);
        byte = bytes[++at];
      }
      scale += minus ? -exponent : exponent;
    }
    reader.end = at;
    if (digits <= 15 && scale >= -22 && scale <= 22) {
      const value = scale < 0 ? mantissa / (powersOfTen[-scale] ?? 1) : mantissa * (powersOfTen[scale] ?? 1);
      return negative ? -value : value;
    }
    if (at - start > maxNumberLength) fault(`byte ${start}`, "a number", `one of ${at - start} characters`);
    return Number(String.fromCharCode(...bytes.subarray(start, at)));
  }
  return reader;
}
