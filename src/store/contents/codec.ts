import { DevalueError, parse, stringify } from "devalue";
import { LaunchpadError, messageOf } from "../../errors.ts";
import { align, createBinaryReader, createBinaryWriter } from "./binary.ts";
import { describeRefused, plainOperations } from "./check-plain.ts";

/*
 * The format, in which every number is little-endian:
 *
 *   0   7 bytes   89 "LPM" CR LF 1A: not text, and not what a transfer as text leaves of it
 *   7   1 byte    version of the format
 *   8   8 bytes   size of the head, unsigned
 *   16  the head  UTF-8: structure and plain values, as devalue writes them, filled with spaces to a multiple of 8 bytes
 *       binary    typed arrays, ArrayBuffer and DataView, each at a multiple of 8 bytes; ends with the last of them
 *
 * A binary value stands in the head as ["binary", i], where value i is [kind, start, size in bytes].
 */
const magic = Uint8Array.of(0x89, 0x4c, 0x50, 0x4d, 0x0d, 0x0a, 0x1a);
const version = 1;
const headStart = 16;

const advice =
  "Return plain data (objects, arrays, typed arrays, Map, Set, Date, bigint), or give the model a `codec` of its own.";

/**
 * The default codec: plain data, typed arrays, ArrayBuffer, DataView, Map, Set, Date, RegExp, bigint, undefined, NaN,
 * -0, infinities, holes, repeated and cyclic references. Of a view, only its own bytes are stored; one object
 * that is there twice is still one after reading. Reading runs no code from the bytes.
 */
export const plainCodec = {
  /**
   * Creates the bytes of contents.
   *
   * @param contents What `train` returned.
   *
   * @returns The bytes.
   *
   * @throws CODEC_FAILED when something in the contents would not come back as it is, with the path to it.
   */
  encode(contents: unknown): Uint8Array<ArrayBuffer> {
    if (isBigEndian) throw bigEndian();
    const binary = createBinaryWriter();
    const head = new TextEncoder().encode(structure(contents, binary.add));
    const binaryStart = align(headStart + head.length);

    const bytes = new Uint8Array(binaryStart + binary.size());
    bytes.set(magic);
    bytes[magic.length] = version;
    new DataView(bytes.buffer).setBigUint64(8, BigInt(binaryStart - headStart), true);
    bytes.set(head, headStart);
    bytes.fill(0x20, headStart + head.length, binaryStart);
    binary.write(bytes.subarray(binaryStart));
    return bytes;
  },

  /**
   * Creates contents from their bytes. Typed arrays are views of these bytes where the alignment allows.
   *
   * @param bytes What `encode` made.
   *
   * @returns The contents.
   *
   * @throws CODEC_FAILED for bytes that are cut, altered or of something else.
   */
  decode(bytes: Uint8Array): unknown {
    if (isBigEndian) throw bigEndian();
    const head = headOf(bytes);
    const binary = createBinaryReader(bytes.subarray(headStart + head.length));
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(head);
      const contents: unknown = parse(text, { binary: binary.read });
      const expected = headStart + head.length + binary.end();
      if (bytes.length !== expected) throw new Error(`found ${bytes.length} bytes, expected ${expected}`);
      return contents;
    } catch (cause) {
      throw unreadable(messageOf(cause), cause);
    }
  },
};

function structure(contents: unknown, binary: (value: unknown) => unknown): string {
  try {
    return stringify(contents, { binary }, { operations: plainOperations });
  } catch (cause) {
    if (cause instanceof DevalueError) {
      const path = `contents${cause.path}`;
      throw new LaunchpadError("CODEC_FAILED", `${path}: ${describeRefused(cause.value)} cannot be stored. ${advice}`, {
        cause,
      });
    }
    throw new LaunchpadError(
      "CODEC_FAILED",
      `contents: they cannot be stored (${messageOf(cause)}). They may be nested too deeply, or too large: keep numbers in ` +
        "typed arrays, or give the model a `codec` of its own.",
      { cause },
    );
  }
}

/** The head of bytes in this format. */
function headOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length < headStart || magic.some((byte, at) => bytes[at] !== byte)) {
    throw unreadable("they do not begin as the default codec's do. They may be from a model with a `codec` of its own");
  }
  if (bytes[magic.length] !== version) {
    throw unreadable(`they are in version ${bytes[magic.length]} of the format, expected ${version}`);
  }
  const size = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(8, true);
  const available = bytes.length - headStart;
  if (size > available) throw unreadable(`found ${available} bytes of a head that has ${size}`);
  return bytes.subarray(headStart, headStart + Number(size));
}

function unreadable(why: string, cause?: unknown): LaunchpadError {
  return new LaunchpadError(
    "CODEC_FAILED",
    `contents: these bytes cannot be read: ${why}. Restore the file, or train the model again.`,
    cause === undefined ? {} : { cause },
  );
}

/** Typed arrays have the machine's byte order, and all machines that the runtimes support are little-endian. */
const isBigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;

function bigEndian(): LaunchpadError {
  return new LaunchpadError(
    "CODEC_FAILED",
    "contents: the default codec works on little-endian machines only. Give the model a `codec` of its own.",
  );
}
