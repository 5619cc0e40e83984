import { LaunchpadError } from "../../../errors.ts";
import { optionHint, quote } from "../../access/messages.ts";
import { expected, type OptionReader } from "../../access/options.ts";

/** Common encodings by the names that people give them; there are many more: https://encoding.spec.whatwg.org/#names-and-labels */
const common = [
  "utf-8",
  "utf-8-sig",
  "utf-16",
  "utf-16le",
  "utf-16be",
  "utf-32",
  "latin1",
  "windows-1252",
  "iso-8859-15",
  "macintosh",
  "shift_jis",
  "gbk",
];

/** What Python calls encodings that have other names on the web: https://docs.python.org/3/library/codecs.html#standard-encodings */
const pythonNames: Readonly<Record<string, string>> = {
  u8: "utf-8",
  utf: "utf-8",
  cp65001: "utf-8",
  "utf-8-sig": "utf-8",
  utf16: "utf-16",
  u16: "utf-16",
  utf32: "utf-32",
  u32: "utf-32",
  "utf-16-le": "utf-16le",
  "utf-16-be": "utf-16be",
  "utf-32-le": "utf-32le",
  "utf-32-be": "utf-32be",
  l1: "latin1",
  l2: "latin2",
  l9: "iso-8859-15",
  latin9: "iso-8859-15",
  "mac-roman": "macintosh",
  macroman: "macintosh",
  cp932: "shift_jis",
  "shift-jis": "shift_jis",
  sjis: "shift_jis",
  "euc-jp": "euc-jp",
  cp949: "euc-kr",
  uhc: "euc-kr",
  cp936: "gbk",
  cp950: "big5",
  koi8r: "koi8-r",
  cyrillic: "iso-8859-5",
  greek: "iso-8859-7",
  646: "us-ascii",
};

/** Encodings that TextDecoder does not have, or that the first bytes decide. */
const own = ["utf-16", "utf-32", "utf-32le", "utf-32be"];

/**
 * Finds the encoding that a name stands for: a label of the Encoding Standard, or a name of Python's in any of its spellings
 * (`latin-1`, `iso8859_15`, `cp1252`).
 *
 * @param name The name.
 *
 * @returns The encoding; undefined for any other name.
 */
export function encodingNamed(name: string): string | undefined {
  const spelt = name.trim().toLowerCase().replaceAll(/[_ ]/g, "-");
  const without = spelt.replace(/^(latin|iso-?8859|utf|windows|cp|koi8|euc|mac)-?(?=\w)/, "$1");
  const candidates = [
    name,
    pythonNames[spelt],
    pythonNames[without],
    spelt,
    without,
    without.replace(/^iso-?8859-?/, "iso-8859-"),
    without.replace(/^(cp|windows)(125\d|874)$/, "windows-$2"),
    without.replace(/^utf(?=\d)/, "utf-"),
    without.replace(/^(koi8|euc)/, "$1-"),
  ];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    if (own.includes(candidate)) return candidate;
    try {
      return new TextDecoder(candidate).encoding;
    } catch {
      // It is called otherwise.
    }
  }
  return undefined;
}

/** Takes an encoding. */
export const encoding: OptionReader<string> = (value) => {
  if (typeof value !== "string") {
    throw expected(`an encoding, ${common.map(quote).join(", ")} or another of the Encoding Standard,`);
  }
  const found = encodingNamed(value);
  if (found === undefined) throw expected(`an encoding (${optionHint(value.toLowerCase(), common)})`);
  return found;
};

/** The bytes at the start of a file that say how its text is encoded; the longer ones first. */
const marks: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ["utf-32le", [0xff, 0xfe, 0, 0]],
  ["utf-32be", [0, 0, 0xfe, 0xff]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/** Turns the bytes of a file into UTF-8; the last call has no chunk. */
export type Transcoder = (chunk?: Uint8Array) => Uint8Array;

/**
 * Decoder of text of any encoding to UTF-8. A byte order mark decides where UTF-8, UTF-16 or UTF-32 was told: no
 * text in UTF-8 begins with that of another.
 *
 * @param encoding What was told.
 * @param errors Whether bytes that are no characters are an error, or become U+FFFD.
 * @param where The beginning of a message.
 *
 * @returns The function.
 */
export function createTranscoder(encoding: string, errors: "strict" | "replace", where: () => string): Transcoder {
  const encoder = new TextEncoder();
  let decode: ((chunk?: Uint8Array) => string) | undefined;
  let held = new Uint8Array(0);
  const marked = ["utf-8", "utf-16", "utf-32"].includes(encoding);
  let asItIs = false;

  function begin(): void {
    const mark = marked ? marks.find(([, bytes]) => bytes.every((byte, at) => held[at] === byte))?.[0] : undefined;
    const bare = { "utf-16": "utf-16le", "utf-32": "utf-32le" }[encoding] ?? encoding;
    const found = mark ?? bare;
    asItIs = found === "utf-8" && errors === "strict";
    decode = found.startsWith("utf-32") ? utf32(found === "utf-32be") : textDecoder(found, errors);
  }

  return (chunk) => {
    let bytes = chunk;
    if (decode === undefined) {
      const more = new Uint8Array(held.length + (chunk?.length ?? 0));
      more.set(held);
      more.set(chunk ?? new Uint8Array(0), held.length);
      held = more;
      if (held.length < 4 && chunk !== undefined) return new Uint8Array(0);
      begin();
      bytes = held;
      if (chunk === undefined) {
        if (asItIs) return held;
        const text = decoded(held);
        return encoder.encode(text + decoded(undefined));
      }
    }
    if (asItIs) return bytes ?? new Uint8Array(0);
    return encoder.encode(decoded(bytes));
  };

  function decoded(bytes: Uint8Array | undefined): string {
    try {
      return decode?.(bytes) ?? "";
    } catch (cause) {
      const message = `${where()} or below: ${encoding} expected (options.encoding), found bytes that are not`;
      throw new LaunchpadError("DATA_INVALID", message, { cause });
    }
  }
}

function textDecoder(encoding: string, errors: "strict" | "replace") {
  const decoder = new TextDecoder(encoding, { fatal: errors === "strict" });
  return (chunk?: Uint8Array) => (chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true }));
}

/** UTF-32, which no runtime decodes. */
function utf32(big: boolean): (chunk?: Uint8Array) => string {
  let rest = new Uint8Array(0);
  let begun = false;
  return (chunk = new Uint8Array(0)) => {
    if (chunk.length === 0 && rest.length > 0) throw new RangeError("it ends within a character");
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    const whole = bytes.length - (bytes.length % 4);
    const view = new DataView(bytes.buffer);
    const parts: string[] = [];
    for (let at = 0; at < whole; at += 4) {
      const point = view.getUint32(at, !big);
      if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new RangeError(`no character: ${point}`);
      if (begun || point !== 0xfeff) parts.push(String.fromCodePoint(point));
      begun = true;
    }
    rest = bytes.slice(whole);
    return parts.join("");
  };
}
