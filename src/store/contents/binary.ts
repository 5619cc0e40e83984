/** Every kind of value that is kept as bytes, by name, with the bytes of one element. */
const kinds: Readonly<Record<string, number>> = {
  ArrayBuffer: 1,
  DataView: 1,
  Int8Array: 1,
  Uint8Array: 1,
  Uint8ClampedArray: 1,
  Int16Array: 2,
  Uint16Array: 2,
  Float16Array: 2,
  Int32Array: 4,
  Uint32Array: 4,
  Float32Array: 4,
  Float64Array: 8,
  BigInt64Array: 8,
  BigUint64Array: 8,
};

/** Where every binary value begins: at a multiple of the widest element. */
export const alignment = 8;

/** Where a binary value is: its kind, its first byte and its number of bytes in the binary part. */
export type Segment = readonly [kind: string, start: number, size: number];

/** Makes a value of this kind over existing memory. */
type MakeView = new (buffer: ArrayBufferLike, start: number, length: number) => ArrayBufferView;

/**
 * Creates a writer of the binary part: takes values one by one, then writes them all at once.
 *
 * @returns `add`, which takes a value and returns its segment, or undefined for what is not binary; `size`, the bytes
 * so far; `write`, which copies all of them to a place.
 */
export function createBinaryWriter() {
  const parts: { start: number; bytes: Uint8Array }[] = [];
  let size = 0;
  return {
    add(value: unknown): Segment | undefined {
      const bytes = bytesOf(value);
      if (bytes === undefined) return undefined;
      const start = align(size);
      size = start + bytes.length;
      parts.push({ start, bytes });
      return [kindOf(value), start, bytes.length];
    },
    size: () => size,
    write(target: Uint8Array) {
      for (const { start, bytes } of parts) target.set(bytes, start);
    },
  };
}

/**
 * Creates a reader of the binary part. Typed arrays are views of it where the alignment allows, and copies where not.
 *
 * @param binary The binary part.
 *
 * @returns `read`, which makes the value of a segment; `end`, where the last segment that was read ends.
 */
export function createBinaryReader(binary: Uint8Array) {
  let end = 0;
  let total = 0;
  return {
    read(segment: unknown): ArrayBufferView | ArrayBufferLike {
      if (!isSegment(segment)) throw new Error(`${JSON.stringify(segment)} does not say where a binary value is`);
      const [kind, start, size] = segment;
      total += size;
      // No two values share bytes. Without the sum, a few bytes could ask for the same megabytes over and over.
      if (start + size > binary.length || total > binary.length) {
        throw new Error(`${kind} at ${start}, ${size} bytes, is not within the ${binary.length} bytes there are`);
      }
      end = Math.max(end, start + size);
      return view(kind, binary.subarray(start, start + size));
    },
    end: () => end,
  };
}

/**
 * Rounds up to where the next binary value may begin.
 *
 * @param position A number of bytes.
 *
 * @returns The next multiple of the alignment.
 */
export function align(position: number): number {
  return Math.ceil(position / alignment) * alignment;
}

function view(kind: string, bytes: Uint8Array): ArrayBufferView | ArrayBufferLike {
  if (kind === "ArrayBuffer") return bytes.slice().buffer;
  const width = kinds[kind] ?? 1;
  const make = Reflect.get(globalThis, kind) as MakeView | undefined;
  if (make === undefined) throw new Error(`this runtime has no ${kind}`);
  const placed = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  return new make(placed.buffer, placed.byteOffset, placed.byteLength / width);
}

function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** The bytes of a binary value; undefined for any other value, and for an instance of a subclass, such as Buffer. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof ArrayBuffer) {
    return Object.getPrototypeOf(value) === ArrayBuffer.prototype ? new Uint8Array(value) : undefined;
  }
  if (!ArrayBuffer.isView(value)) return undefined;
  const maker: unknown = Reflect.get(globalThis, kindOf(value));
  if (typeof maker !== "function" || Object.getPrototypeOf(value) !== maker.prototype) return undefined;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function isSegment(value: unknown): value is Segment {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [kind, start, size] = value as unknown[];
  const width = typeof kind === "string" && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return width !== undefined && isMultiple(start, alignment) && isMultiple(size, width);
}

function isMultiple(value: unknown, of: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value % of === 0;
}
