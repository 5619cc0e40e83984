import { isFrame } from "../../data/frame/frame.ts";
import { toPlain } from "../../data/to-json.ts";
import { LaunchpadError } from "../../errors.ts";
import { type FrameHeader, float64, int32, int64, packFrame, unpackFrame } from "./columns.ts";

/**
 * Value in a header that JSON has no form for: `{ "$": kind, ... }`. Kinds are `number` (v: nan, inf, -inf, -0), `int` (v:
 * digits), `datetime` (v: milliseconds since 1970, UTC), `bytes` (b: buffer; name and type of a file), `array` (b, dtype,
 * shape), `frame` (rows, columns), and `object` (v: pairs) for an object that has a key `$` itself.
 */
interface Tagged {
  readonly $: string;
  readonly v?: unknown;
  readonly b?: number;
  readonly dtype?: string;
  readonly shape?: readonly number[];
}

/** Value that was packed. */
export interface Packed {
  readonly value: unknown;
  /** Whether there are tags in it: without, nobody need look. */
  readonly tagged: boolean;
}

const numbers: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

/** More than any argument has, and far from where JSON ends the stack. */
const maxDepth = 200;

/**
 * Packs a value for a message: what JSON holds as it is, the rest in tags and buffers.
 *
 * @param value Any value; files must have been read (see `readFiles`).
 * @param buffers Where bytes, arrays and frames go.
 *
 * @returns What goes into the header.
 *
 * @throws TypeError for what has no form: functions, symbols, what contains itself.
 */
export function packValue(value: unknown, buffers: Uint8Array[]): Packed {
  let tagged = false;
  const tag = (it: Tagged & Record<string, unknown>) => {
    tagged = true;
    return it;
  };
  const pack = (it: unknown, depth: number): unknown => {
    if (it === null || typeof it === "string" || typeof it === "boolean") return it;
    if (typeof it === "number") {
      if (Number.isFinite(it) && !Object.is(it, -0)) return it;
      return tag({ $: "number", v: Object.keys(numbers).find((name) => Object.is(numbers[name], it)) });
    }
    if (typeof it === "bigint") return tag({ $: "int", v: String(it) });
    if (it === undefined) return null;
    if (typeof it !== "object" || depth > maxDepth) return toPlain(it);
    if (Array.isArray(it)) return it.map((item) => pack(item, depth + 1));
    if (it instanceof Date && !Number.isNaN(it.getTime())) return tag({ $: "datetime", v: it.getTime() });
    if (it instanceof ReadFile) return tag({ $: "bytes", b: buffers.push(it.bytes) - 1, name: it.name, type: it.type });
    if (isFrame(it)) return tag({ $: "frame", ...packFrame(it, buffers) });
    if (it instanceof Uint8Array) return tag({ $: "bytes", b: buffers.push(it) - 1 });
    const prototype = Object.getPrototypeOf(it);
    if (prototype !== Object.prototype && prototype !== null) return pack(toPlain(it), depth + 1);
    const entries = Object.entries(it).filter(([, item]) => item !== undefined);
    const packed = entries.map(([key, item]) => [key, pack(item, depth + 1)] as const);
    return Object.hasOwn(it, "$") ? tag({ $: "object", v: packed }) : record(packed);
  };
  const packed = isPlain(value) ? value : pack(value, 0);
  return { value: packed, tagged };
}

/** Arguments of most requests are a few texts and numbers: they go as they are. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    const plain = typeof item === "string" || typeof item === "boolean" || item === null;
    if (!plain && !(typeof item === "number" && Number.isFinite(item) && !Object.is(item, -0))) return false;
    if (key === "$") return false;
  }
  return true;
}

/** A file among arguments, and its bytes. */
class ReadFile {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly type: string;
  constructor(bytes: Uint8Array, name: string, type: string) {
    this.bytes = bytes;
    this.name = name;
    this.type = type;
  }
}

/**
 * Reads the files among arguments, so that they can be packed.
 *
 * @param args The arguments.
 *
 * @returns The same arguments at once if there are no files; else a copy with their bytes, later.
 */
export function readFiles<T>(args: T): T | Promise<T> {
  if (typeof args !== "object" || args === null || typeof Blob === "undefined") return args;
  const values = Object.values(args).flat();
  return values.some((value) => value instanceof Blob) ? (readAll(args) as Promise<T>) : args;
}

async function readAll(args: object): Promise<object> {
  const read = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map(read));
    if (!(value instanceof Blob)) return value;
    const name = "name" in value && typeof value.name === "string" ? value.name : "";
    return new ReadFile(new Uint8Array(await value.arrayBuffer()), name, value.type);
  };
  return record(await Promise.all(Object.entries(args).map(async ([key, value]) => [key, await read(value)] as const)));
}

/**
 * Unpacks a value of a message.
 *
 * @param packed What the header holds.
 * @param tagged Whether there are tags in it.
 * @param buffers The buffers of the message.
 *
 * @returns The value: numbers, bigints, dates, typed arrays (nested lists of them for several dimensions) and frames.
 *
 * @throws HOST_FAILED for a tag that is unknown.
 */
export function unpackValue(packed: unknown, tagged: boolean, buffers: readonly Uint8Array[]): unknown {
  const unpack = (it: unknown): unknown => {
    if (typeof it !== "object" || it === null) return it;
    if (Array.isArray(it)) return it.map(unpack);
    if ("$" in it) return untag(it as Tagged, buffers, unpack);
    return record(Object.entries(it).map(([key, item]) => [key, unpack(item)] as const));
  };
  return tagged ? unpack(packed) : packed;
}

function untag(tag: Tagged, buffers: readonly Uint8Array[], unpack: (it: unknown) => unknown): unknown {
  const bytes = buffers[tag.b ?? -1] ?? new Uint8Array(0);
  switch (tag.$) {
    case "number":
      return numbers[String(tag.v)];
    case "int":
      return BigInt(String(tag.v));
    case "datetime":
      return new Date(Number(tag.v));
    case "bytes":
      return bytes;
    case "array":
      return shaped(arrayOf(String(tag.dtype), bytes), tag.shape ?? []);
    case "frame":
      return unpackFrame(tag as unknown as FrameHeader, buffers);
    case "object":
      return record((tag.v as readonly (readonly [string, unknown])[]).map(([key, item]) => [key, unpack(item)]));
    default:
      throw new LaunchpadError(
        "HOST_FAILED",
        `[model] the process of the model sent a value of an unknown kind, "${tag.$}"`,
      );
  }
}

type NumberArray = Float64Array | BigInt64Array | Int32Array | boolean[];

function arrayOf(dtype: string, bytes: Uint8Array): NumberArray {
  switch (dtype) {
    case "float64":
      return float64(bytes);
    case "int64":
      return int64(bytes);
    case "int32":
      return int32(bytes);
    case "bool":
      return Array.from(bytes, (byte) => byte === 1);
    default:
      throw new LaunchpadError("HOST_FAILED", `[model] the process of the model sent an array of ${dtype}`);
  }
}

function shaped(values: NumberArray, shape: readonly number[]): unknown {
  const [first = 0, ...rest] = shape;
  if (rest.length === 0) return values;
  const size = rest.reduce((product, length) => product * length, 1);
  return Array.from({ length: first }, (_, at) => shaped(values.slice(at * size, (at + 1) * size), rest));
}

/** Keys may be `__proto__`. */
function record(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    if (key === "__proto__")
      Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
    else result[key] = value;
  }
  return result;
}
