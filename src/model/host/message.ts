import { LaunchpadError } from "../../errors.ts";

/*
 * A message, in which every number is little-endian:
 *
 *   0   4 bytes   "LPH" and the version of the framing, 01
 *   4   4 bytes   size of the header, unsigned
 *   8   8 bytes   size of the body, unsigned
 *   16  header    JSON in UTF-8: an object; "buffers" lists the sizes of the buffers in the body, if it has any
 *       body      the buffers, each at a multiple of 8 bytes from the beginning of the body
 *
 * docs/reference/host-protocol.md says which messages there are.
 */

/** Message of the host protocol: what is small as JSON, what is large as bytes. */
export interface Message {
  readonly header: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

const prefixSize = 16;
/** "LPH" 01, as a little-endian number. */
const magic = 0x0148504c;
/** Larger than any message is meant to be: whoever says so speaks something else. */
const maxHeader = 2 ** 30;
const maxBody = 2 ** 36;
/** What is smaller than this is copied together, and sent in one piece. */
const smallBody = 2 ** 14;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Encodes a message.
 *
 * @param header What JSON can hold.
 * @param buffers Bytes that go with it; they are not copied unless they are small.
 *
 * @returns The pieces to send, in order.
 */
export function encodeMessage(header: object, buffers: readonly Uint8Array[] = []): Uint8Array[] {
  const sizes = buffers.map(({ byteLength }) => byteLength);
  const text = JSON.stringify(buffers.length === 0 ? header : { ...header, buffers: sizes });
  const json = encoder.encode(text);
  const body = sizes.reduce((sum, size) => align(sum) + size, 0);
  const whole = body <= smallBody;
  const first = new Uint8Array(prefixSize + json.length + (whole ? body : 0));
  const view = new DataView(first.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, json.length, true);
  view.setBigUint64(8, BigInt(body), true);
  first.set(json, prefixSize);
  const pieces: Uint8Array[] = [first];
  let at = 0;
  for (const buffer of buffers) {
    const start = align(at);
    if (whole) first.set(buffer, prefixSize + json.length + start);
    else pieces.push(new Uint8Array(start - at), buffer);
    at = start + buffer.byteLength;
  }
  return pieces.filter(({ byteLength }) => byteLength > 0);
}

/** Reader of a stream of messages. */
export interface MessageReader {
  /** Takes bytes as they come. Throws HOST_FAILED when they are no messages; nothing can be read afterwards. */
  push(chunk: Uint8Array): void;
}

/**
 * Creates a reader of messages. A body is put together in memory of its own, aligned for typed arrays.
 *
 * @param onMessage Called with each message when its last byte has come.
 *
 * @returns The reader.
 */
export function createMessageReader(onMessage: (message: Message) => void): MessageReader {
  /** The prefix and the header, as far as they have come. */
  let head = new Uint8Array(prefixSize);
  let have = 0;
  let header: Message["header"] | undefined;
  let body = new Uint8Array(0);
  let filled = 0;

  const begin = (bytes: Uint8Array) => {
    header = parseHeader(bytes.subarray(prefixSize, headSize(bytes)));
    body = new Uint8Array(bodySize(bytes));
    filled = 0;
  };

  /** Takes of the chunk what belongs to the head; returns how much that was. */
  const readHead = (chunk: Uint8Array): number => {
    // Most messages come whole.
    if (have === 0 && chunk.length >= prefixSize && chunk.length >= headSize(chunk)) {
      begin(chunk);
      return headSize(chunk);
    }
    const needed = have < prefixSize ? prefixSize : headSize(head);
    if (needed > head.length) head = grown(head, needed);
    const part = chunk.subarray(0, needed - have);
    head.set(part, have);
    have += part.length;
    if (have >= prefixSize && have === headSize(head)) {
      begin(head);
      head = new Uint8Array(prefixSize);
      have = 0;
    }
    return part.length;
  };

  return {
    push(chunk) {
      let rest = chunk;
      while (rest.length > 0) {
        if (header === undefined) {
          rest = rest.subarray(readHead(rest));
          if (header === undefined) continue;
        }
        const part = rest.subarray(0, body.length - filled);
        body.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
        if (filled < body.length) continue;
        const message = { header, buffers: buffersOf(header, body) };
        header = undefined;
        onMessage(message);
      }
    },
  };
}

/**
 * Reads one message out of bytes that hold nothing else, as contents of models are kept.
 *
 * @param bytes The bytes.
 *
 * @returns The message; undefined if they are something else.
 */
export function decodeMessage(bytes: Uint8Array): Message | undefined {
  if (bytes.length < prefixSize || viewOf(bytes).getUint32(0, true) !== magic) return undefined;
  const messages: Message[] = [];
  createMessageReader((message) => messages.push(message)).push(bytes);
  return messages.length === 1 ? messages[0] : undefined;
}

/** The size of prefix and header; the whole prefix must be there. */
function headSize(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  const size = view.getUint32(4, true);
  if (view.getUint32(0, true) !== magic || size > maxHeader || bodySize(bytes) > maxBody) {
    const start = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw garbled(`expected a message that begins with 4c 50 48 01, found ${start}`);
  }
  return prefixSize + size;
}

function bodySize(bytes: Uint8Array): number {
  return Number(viewOf(bytes).getBigUint64(8, true));
}

function parseHeader(bytes: Uint8Array): Message["header"] {
  try {
    const header: unknown = JSON.parse(decoder.decode(bytes));
    if (typeof header === "object" && header !== null && !Array.isArray(header)) return header as Message["header"];
  } catch (cause) {
    throw garbled("expected a header of JSON, found something else", cause);
  }
  throw garbled("expected an object as header, found something else");
}

function buffersOf({ buffers }: Message["header"], body: Uint8Array): Uint8Array[] {
  if (!Array.isArray(buffers)) return [];
  let at = 0;
  const found = buffers.map((size: unknown) => {
    const start = align(at);
    at = start + (Number.isSafeInteger(size) ? Number(size) : Number.NaN);
    return body.subarray(start, at);
  });
  if (at !== body.length) throw garbled(`expected buffers of ${body.length} bytes, found ${at}`);
  return found;
}

function garbled(what: string, cause?: unknown): LaunchpadError {
  return new LaunchpadError("HOST_FAILED", `[model] ${what}. The process of the model speaks no host protocol.`, {
    cause,
  });
}

function align(size: number): number {
  return Math.ceil(size / 8) * 8;
}

function grown(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size);
  larger.set(bytes);
  return larger;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
