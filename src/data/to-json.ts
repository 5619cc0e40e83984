import type { Json } from "../util/json.ts";
import { isFrame } from "./frame/frame.ts";

/** The containers that the value at hand stands in, outermost first, each with the key that led to it. */
type Ancestors = Map<object, string | number>;

/** Deeper than any result, and far from where a recursive JSON.stringify ends the stack. */
const maxDepth = 500;

/**
 * Creates plain JSON from what a model returned: typed arrays become arrays, frames records, bigints numbers (text past
 * 2^53), dates ISO text, maps objects (pairs if a key is not text), sets arrays, NaN and infinities null; properties
 * that are undefined are left out, and `toJSON` is honoured. What is plain already is returned as it is, not copied.
 *
 * @param value Any value.
 *
 * @returns A value that `JSON.stringify` writes without loss.
 *
 * @throws TypeError naming the path, when there is a cycle, a function, a symbol or a promise, or no end to the nesting.
 */
export function toPlain(value: unknown): Json {
  return plain(value, "", new Map());
}

function plain(value: unknown, key: string | number, ancestors: Ancestors): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "undefined":
      return null;
    case "bigint":
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
    case "object":
      return value === null ? null : inside(value, key, ancestors);
    default:
      throw refusal(`is a ${typeof value}`, key, ancestors);
  }
}

function inside(value: object, key: string | number, ancestors: Ancestors): Json {
  if (ancestors.has(value)) throw refusal("contains itself", key, ancestors);
  if (ancestors.size >= maxDepth) throw refusal(`is nested more than ${maxDepth} levels deep`, key, ancestors);
  ancestors.set(value, key);
  const result = Array.isArray(value) ? array(value, ancestors) : object(value, key, ancestors);
  ancestors.delete(value);
  return result;
}

/** The array itself for as long as its items are plain; a copy from the first one that is not. */
function array(items: readonly unknown[], ancestors: Ancestors): Json {
  let copy: Json[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    const json = plain(item, index, ancestors);
    if (copy) copy.push(json);
    else if (json !== item) copy = [...(items.slice(0, index) as Json[]), json];
  }
  return copy ?? (items as Json[]);
}

function object(value: object, key: string | number, ancestors: Ancestors): Json {
  const prototype = Object.getPrototypeOf(value);
  const isRecord = prototype === Object.prototype || prototype === null;
  if (isFrame(value)) return array([...value.rows()], ancestors);
  if (!isRecord) {
    const special = builtIn(value, key, ancestors);
    if (special !== undefined) return special;
  }
  if ("toJSON" in value && typeof value.toJSON === "function") {
    const json: unknown = value.toJSON(String(key));
    if (json !== value) {
      ancestors.delete(value);
      return plain(json, key, ancestors);
    }
  }
  return record(value, isRecord, ancestors);
}

function record(value: object, isRecord: boolean, ancestors: Ancestors): Json {
  const entries = Object.entries(value);
  let changed = !isRecord;
  for (const entry of entries) {
    const json = entry[1] === undefined ? undefined : plain(entry[1], entry[0], ancestors);
    if (json !== entry[1] || json === undefined) changed = true;
    entry[1] = json;
  }
  if (!changed) return value as { [key: string]: Json };
  return fromEntries(entries.filter(([, json]) => json !== undefined));
}

/** The classes of the language that JSON.stringify loses something of. */
function builtIn(value: object, key: string | number, ancestors: Ancestors): Json | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  if (value instanceof DataView) return [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)];
  if (ArrayBuffer.isView(value)) return array(Array.from(value as unknown as ArrayLike<unknown>), ancestors);
  if (value instanceof Map) {
    const keys = [...value.keys()];
    if (!keys.every((name) => typeof name === "string")) return array([...value], ancestors);
    return record(fromEntries([...value]), false, ancestors);
  }
  if (value instanceof Set) return array([...value], ancestors);
  if (value instanceof URL) return value.href;
  if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    return plain(value.valueOf(), key, ancestors);
  }
  if (value instanceof Promise) {
    ancestors.delete(value);
    throw refusal("is a promise that nobody awaited", key, ancestors);
  }
  return undefined;
}

/** Without a prototype, so that the key `__proto__` is a key. */
function fromEntries<T>(entries: readonly (readonly [string, T])[]): { [key: string]: T } {
  const result: { [key: string]: T } = Object.create(null);
  for (const [key, value] of entries) result[key] = value;
  return result;
}

function refusal(what: string, key: string | number, ancestors: Ancestors): TypeError {
  // The first key is that of the value as a whole, which has none.
  const path = [...ancestors.values(), key].slice(1, 20);
  const where = path.map((part) => (typeof part === "number" ? `[${part}]` : `[${JSON.stringify(part)}]`)).join("");
  return new TypeError(`result${where} ${what}: JSON has no such value`);
}
