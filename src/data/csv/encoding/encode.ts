import { LaunchpadError } from "../../../errors.ts";
import { quote } from "../../access/messages.ts";
import { expected, type OptionReader } from "../../access/options.ts";
import { encodingNamed } from "./encodings.ts";

/** Turns text into the bytes of an encoding. */
export interface TextEncoding {
  /** Bytes at the start of a file. */
  readonly mark: Uint8Array;
  /** The bytes of some text; DATA_INVALID for a character that the encoding does not have. */
  encode(text: string): Uint8Array;
}

const utf8 = new TextEncoder();
const none = new Uint8Array(0);

/** Takes an encoding that can be written. */
export const writtenEncoding: OptionReader<TextEncoding> = (value) => {
  const name = typeof value === "string" ? encodingNamed(value) : undefined;
  const found = name === undefined ? undefined : encodingFor(name, String(value));
  if (found === undefined) throw expected('"utf-8", "utf-8-sig", "utf-16" or an encoding of one byte a character');
  return found;
};

function encodingFor(name: string, given: string): TextEncoding | undefined {
  if (name === "utf-8") {
    const marked = /sig/i.test(given);
    return { mark: marked ? Uint8Array.of(0xef, 0xbb, 0xbf) : none, encode: (text) => utf8.encode(text) };
  }
  if (/^utf-16/.test(name)) {
    const big = name === "utf-16be";
    return { mark: name === "utf-16" ? Uint8Array.of(0xff, 0xfe) : none, encode: (text) => utf16(text, big) };
  }
  const codes = singleBytes(name);
  return codes && { mark: none, encode: (text) => bytesOf(text, codes, given) };
}

function utf16(text: string, big: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), !big);
  return new Uint8Array(view.buffer);
}

/** Which byte each character is; undefined for an encoding that takes more than one for some. */
function singleBytes(name: string): ReadonlyMap<string, number> | undefined {
  if (/utf|gb|big5|euc|jis|2022|replacement|user/.test(name)) return undefined;
  const decoder = new TextDecoder(name);
  const codes = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const char = decoder.decode(Uint8Array.of(byte));
    if (char !== "\uFFFD") codes.set(char, byte);
  }
  return codes;
}

function bytesOf(text: string, codes: ReadonlyMap<string, number>, name: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (const char of text) {
    const byte = codes.get(char);
    if (byte === undefined) {
      const message = `text in ${name} expected (options.encoding), found ${quote(char)}, which it does not have`;
      throw new LaunchpadError("DATA_INVALID", `${message}. UTF-8 has all characters`);
    }
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}
