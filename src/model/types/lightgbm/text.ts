import type { Fault } from "../trees/faults.ts";
import { type NumberReader, numberReader } from "../trees/numbers.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const newline = 10;
const carriageReturn = 13;
const space = 32;
const equals = 61;

/** Line of a file: where it starts and ends in the bytes. */
export interface Line {
  readonly start: number;
  readonly end: number;
  /** Number of the line, from 1. */
  readonly number: number;
}

/** Reader of the lines of a file, which never makes a text of more than what is asked for. */
export class Lines {
  readonly #bytes: Uint8Array;
  readonly #fault: Fault;
  readonly #numbers: NumberReader;
  #at = 0;
  #count = 0;

  /**
   * Creates a reader.
   *
   * @param bytes The whole file.
   * @param fault Throws if something is not as it should be.
   */
  constructor(bytes: Uint8Array, fault: Fault) {
    this.#bytes = bytes;
    this.#fault = fault;
    this.#numbers = numberReader(bytes, fault);
  }

  /** Next line; undefined at the end of the file. */
  next(): Line | undefined {
    const bytes = this.#bytes;
    if (this.#at >= bytes.length) return undefined;
    const start = this.#at;
    const found = bytes.indexOf(newline, start);
    const stop = found === -1 ? bytes.length : found;
    this.#at = stop + 1;
    this.#count++;
    return { start, end: stop > start && bytes[stop - 1] === carriageReturn ? stop - 1 : stop, number: this.#count };
  }

  /** Text of a part of the file. */
  text(start: number, end: number): string {
    try {
      return decoder.decode(this.#bytes.subarray(start, end));
    } catch {
      return this.#fault(`byte ${start}`, "a text in UTF-8", "bytes that are none");
    }
  }

  /** Name before the first '=' of a line, and where its value starts; the whole line, where there is none. */
  name(line: Line): { readonly name: string; readonly value: number } {
    const found = this.#bytes.subarray(line.start, line.end).indexOf(equals);
    const end = found === -1 ? line.end : line.start + found;
    return { name: this.text(line.start, end), value: found === -1 ? line.end : end + 1 };
  }

  /** Bytes of a part of the file. */
  bytes(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  /**
   * Reads numbers that spaces part.
   *
   * @param start Where they start.
   * @param line Their line.
   * @param into Takes as many numbers as it is long.
   * @param place What they are, for messages.
   */
  numbers<A extends Float64Array | Int32Array>(start: number, line: Line, into: A, place: string): A {
    const bytes = this.#bytes;
    let at = start;
    let count = 0;
    for (;;) {
      while (at < line.end && bytes[at] === space) at++;
      if (at >= line.end) break;
      let value = this.#numbers.read(at);
      let end = this.#numbers.end;
      if (end === at) {
        end = bytes.indexOf(space, at);
        if (end === -1 || end > line.end) end = line.end;
        value = this.#word(at, end, place);
      } else if (end < line.end && bytes[end] !== space) {
        this.#fault(`line ${line.number}, ${place}`, "numbers", this.text(at, Math.min(line.end, at + 24)));
      }
      if (into instanceof Int32Array && !(value >= -2147483648 && value <= 4294967295 && Number.isInteger(value))) {
        this.#fault(`line ${line.number}, ${place}`, "whole numbers of 32 bits", String(value));
      }
      if (count < into.length) into[count] = value;
      count++;
      at = end;
    }
    if (count !== into.length) this.#fault(`line ${line.number}, ${place}`, `${into.length} numbers`, String(count));
    return into;
  }

  #word(start: number, end: number, place: string): number {
    const word = this.text(start, Math.min(end, start + 24));
    if (/^-?nan$/.test(word)) return Number.NaN;
    if (/^-?inf$/.test(word)) return word[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return this.#fault(`byte ${start}, ${place}`, "a number", JSON.stringify(word));
  }
}
