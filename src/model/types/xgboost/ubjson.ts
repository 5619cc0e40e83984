import type { Fields, Numbers, Taker, Value } from "../trees/document.ts";
import type { Fault } from "../trees/faults.ts";
import { limits } from "../trees/limits.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Markers of numbers, with their size in bytes. */
const sizes: Readonly<Record<string, number>> = { i: 1, U: 1, C: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };

/**
 * Parses Universal Binary JSON, Draft 12, as XGBoost writes it: lists with their length before them, lists of one type of
 * number as typed arrays, all in the order of the network.
 *
 * @param bytes The whole document.
 * @param fault Throws if the bytes are no UBJSON.
 * @param takers By the name of a field that holds a list: what takes its items as soon as they are read.
 *
 * @returns The document.
 */
export function parseUbjson(bytes: Uint8Array, fault: Fault, takers: Readonly<Record<string, Taker>> = {}): Value {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let depth = 0;
  let root: Fields = {};

  const need = (count: number, what: string) => {
    if (!(count <= bytes.length - at)) {
      fault(`byte ${at}`, `${what} of ${count} bytes`, `${bytes.length - at} until the end of the file`);
    }
  };

  const marker = (): string => {
    need(1, "a marker");
    return String.fromCharCode(bytes[at++] ?? 0);
  };

  const primitive = (type: string): number => {
    const size = sizes[type] ?? fault(`byte ${at - 1}`, "the marker of a number", JSON.stringify(type));
    need(size, "a number");
    const start = at;
    at += size;
    switch (type) {
      case "i":
        return view.getInt8(start);
      case "U":
      case "C":
        return view.getUint8(start);
      case "I":
        return view.getInt16(start);
      case "l":
        return view.getInt32(start);
      case "d":
        return view.getFloat32(start);
      case "D":
        return view.getFloat64(start);
    }
    const long = Number(view.getBigInt64(start));
    if (!Number.isSafeInteger(long)) fault(`byte ${start}`, "a whole number below 2 to the 53", String(long));
    return long;
  };

  const length = (): number => {
    const start = at;
    const count = primitive(marker());
    if (!Number.isInteger(count) || count < 0) fault(`byte ${start}`, "a length", String(count));
    return count;
  };

  const text = (): string => {
    const size = length();
    need(size, "a text");
    const start = at;
    at += size;
    try {
      return decoder.decode(bytes.subarray(start, at));
    } catch {
      return fault(`byte ${start}`, "a text in UTF-8", "bytes that are none");
    }
  };

  /** Numbers of one type: most of a file, so each type has a loop of its own. */
  const numbers = (type: string, count: number): Numbers => {
    const size = sizes[type] ?? fault(`byte ${at}`, "a list of numbers", `the type ${JSON.stringify(type)}`);
    need(count * size, "a list");
    const start = at;
    at += count * size;
    if (type === "i") return new Int8Array(bytes.slice(start, at).buffer);
    if (size === 1) return bytes.slice(start, at);
    if (type === "I") {
      const list = new Int16Array(count);
      for (let i = 0; i < count; i++) list[i] = view.getInt16(start + 2 * i);
      return list;
    }
    if (type === "l") {
      const list = new Int32Array(count);
      for (let i = 0; i < count; i++) list[i] = view.getInt32(start + 4 * i);
      return list;
    }
    if (type === "d") {
      const list = new Float32Array(count);
      for (let i = 0; i < count; i++) list[i] = view.getFloat32(start + 4 * i);
      return list;
    }
    at = start;
    const list = new Float64Array(count);
    for (let i = 0; i < count; i++) list[i] = primitive(type);
    return list;
  };

  const list = (taker: Taker | undefined): Value => {
    if (++depth > limits.maxNesting) fault(`byte ${at}`, `at most ${limits.maxNesting} levels`, "one more");
    const head = String.fromCharCode(bytes[at] ?? 0);
    let count = Number.POSITIVE_INFINITY;
    if (head === "$") {
      at++;
      const type = marker();
      const sign = marker();
      if (sign !== "#") fault(`byte ${at - 1}`, "'#'", JSON.stringify(sign));
      const typed = numbers(type, length());
      depth--;
      return typed;
    }
    if (head === "#") {
      at++;
      count = length();
      // Each item takes a byte at least: a length that lies is found before memory is taken.
      need(count, "a list");
    }
    const items: Value[] = [];
    for (let index = 0; index < count; index++) {
      if (count === Number.POSITIVE_INFINITY && bytes[at] === 0x5d) {
        at++;
        break;
      }
      const item = value(undefined);
      if (taker === undefined) items.push(item);
      else taker(item, index, root);
    }
    depth--;
    return items;
  };

  const object = (): Value => {
    if (++depth > limits.maxNesting) fault(`byte ${at}`, `at most ${limits.maxNesting} levels`, "one more");
    const fields: Record<string, Value> = Object.create(null);
    if (depth === 1) root = fields;
    for (;;) {
      need(1, "an object");
      if (bytes[at] === 0x7d) break;
      const name = text();
      fields[name] = value(Object.hasOwn(takers, name) ? takers[name] : undefined);
    }
    at++;
    depth--;
    return fields;
  };

  function value(taker: Taker | undefined): Value {
    const type = marker();
    switch (type) {
      case "{":
        return object();
      case "[":
        return list(taker);
      case "S":
        return text();
      case "Z":
        return null;
      case "T":
        return true;
      case "F":
        return false;
      default:
        return primitive(type);
    }
  }

  const document = value(undefined);
  if (at < bytes.length) fault(`byte ${at}`, "the end of the file", `${bytes.length - at} bytes more`);
  return document;
}
