import type { Fields, Taker, Value } from "./document.ts";
import type { Fault } from "./faults.ts";
import { limits } from "./limits.ts";
import { numberReader } from "./numbers.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const words: readonly (readonly [string, Value])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  // Some libraries write numbers as C++ streams do.
  ["nan", Number.NaN],
  ["-nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
];

/**
 * Parses JSON from bytes, with NaN and infinities as libraries write them. Lists of numbers become typed arrays, and
 * long lists can be taken item by item: a model of 50 MB never stands in memory as text or as objects.
 *
 * @param bytes The whole document in UTF-8.
 * @param fault Throws if the bytes are no JSON.
 * @param takers By the name of a field that holds a list: what takes its items. The list itself is then empty.
 *
 * @returns The document.
 */
export function parseJson(bytes: Uint8Array, fault: Fault, takers: Readonly<Record<string, Taker>> = {}): Value {
  let at = 0;
  let depth = 0;
  let root: Fields = {};
  let scratch = new Float64Array(256);

  const found = () => {
    if (at >= bytes.length) return "the end of the file";
    const byte = bytes[at] ?? 0;
    return byte > 32 && byte < 127 ? `'${String.fromCharCode(byte)}'` : `the byte ${byte}`;
  };
  const wrong = (expected: string): never => fault(`byte ${at}`, expected, found());

  const space = () => {
    let byte = bytes[at];
    while (byte === 32 || byte === 10 || byte === 13 || byte === 9) byte = bytes[++at];
    return byte;
  };

  const enter = () => {
    if (++depth > limits.maxNesting) fault(`byte ${at}`, `at most ${limits.maxNesting} levels`, "one more");
    at++;
  };

  const text = (): string => {
    const start = ++at;
    let plain = true;
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined || byte < 32) wrong("the end of a text");
      if (byte === 34) break;
      if (byte === 92) {
        plain = false;
        at++;
      }
      at++;
    }
    const inner = bytes.subarray(start, at);
    at++;
    try {
      const decoded = decoder.decode(inner);
      return plain ? decoded : String(JSON.parse(`"${decoded}"`));
    } catch {
      return fault(`byte ${start}`, "a text in UTF-8", "bytes that are none");
    }
  };

  const word = (): Value => {
    for (const [name, value] of words) {
      let same = 0;
      while (same < name.length && bytes[at + same] === name.charCodeAt(same)) same++;
      if (same === name.length) {
        at += same;
        return value;
      }
    }
    return wrong("a value of JSON");
  };

  const reader = numberReader(bytes, fault);
  const number = (): number => {
    const value = reader.read(at);
    at = reader.end;
    return value;
  };

  const isDigit = (byte: number | undefined) => byte === 45 || (byte !== undefined && byte >= 48 && byte <= 57);

  /** Numbers of a list up to its end, or up to the first item that is none. */
  const numbers = (): Float64Array => {
    let count = 0;
    while (isDigit(space())) {
      const start = at;
      const value = number();
      if (at === start) break;
      if (count === scratch.length) {
        const larger = new Float64Array(2 * count);
        larger.set(scratch);
        scratch = larger;
      }
      scratch[count++] = value;
      const next = space();
      if (next === 93) break;
      if (next !== 44) wrong("',' or ']'");
      at++;
    }
    return scratch.slice(0, count);
  };

  const list = (taker: Taker | undefined): Value => {
    enter();
    let items: Value[] = [];
    let byte = space();
    if (taker === undefined && isDigit(byte)) {
      const start = at;
      const all = numbers();
      if (bytes[at] === 93 && at > start) {
        at++;
        depth--;
        return all;
      }
      items = Array.from(all);
    }
    let index = 0;
    byte = space();
    if (byte === 93 && items.length === 0) {
      at++;
    } else {
      for (;;) {
        const item = value(undefined);
        if (taker === undefined) items.push(item);
        else taker(item, index++, root);
        byte = space();
        if (byte === 93) break;
        if (byte !== 44) wrong("',' or ']'");
        at++;
      }
      at++;
    }
    depth--;
    return items.length > 0 && items.every((item) => typeof item === "number")
      ? Float64Array.from(items as number[])
      : items;
  };

  const object = (): Value => {
    enter();
    const fields: Record<string, Value> = Object.create(null);
    if (depth === 1) root = fields;
    let byte = space();
    if (byte === 125) {
      at++;
    } else {
      for (;;) {
        if (space() !== 34) wrong("the name of a field");
        const name = text();
        if (space() !== 58) wrong("':'");
        at++;
        fields[name] = value(Object.hasOwn(takers, name) ? takers[name] : undefined);
        byte = space();
        if (byte === 125) break;
        if (byte !== 44) wrong("',' or '}'");
        at++;
      }
      at++;
    }
    depth--;
    return fields;
  };

  function value(taker: Taker | undefined): Value {
    const byte = space();
    if (byte === 123) return object();
    if (byte === 91) return list(taker);
    if (byte === 34) return text();
    if (isDigit(byte)) {
      const start = at;
      const parsed = number();
      if (at > start) return parsed;
    }
    return word();
  }

  const document = value(undefined);
  space();
  if (at < bytes.length) wrong("the end of the document");
  return document;
}
