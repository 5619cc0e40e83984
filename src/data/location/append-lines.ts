import { expected, type OptionReader } from "../access/options.ts";
import type { Location } from "./open-location.ts";

/** Takes whether to write in the place of what is there, or behind it. */
export const writeMode: OptionReader<"w" | "a"> = (value) => {
  if (value === "w" || value === "a") return value;
  throw expected('"w" (in the place of what is there) or "a" (added to it)');
};

/**
 * Tells whether a file ends with a line that is not finished, as when its writer was killed.
 *
 * @param location The file.
 * @param size How many bytes it has.
 * @param newline The end of a line, as the file has it.
 * @param signal Ends the reading.
 *
 * @returns Whether what is added would become part of its last line.
 */
export async function isWithinLine(
  location: Location,
  size: number,
  newline: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const last = await bytesAt(location, Math.max(0, size - newline.length), size, signal);
  return last.length < newline.length || last.some((byte, at) => byte !== newline[at]);
}

/**
 * Reads some bytes of a file.
 *
 * @param location The file.
 * @param start The first byte.
 * @param end The byte after the last.
 * @param signal Ends the reading.
 *
 * @returns The bytes; none of what can only be read whole.
 */
export async function bytesAt(
  location: Location,
  start: number,
  end: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const parts = await location.parts(signal);
  const to = Math.min(end, parts?.size ?? 0);
  return parts === undefined || to <= start ? new Uint8Array() : parts.read(start, to, signal);
}

/**
 * Creates the lines that are added to a file, so that the first begins a line.
 *
 * @param texts The lines, in pieces.
 * @param location The file.
 * @param signal Ends the reading of the file's end.
 *
 * @returns The same pieces; the first may begin with the end of the line before.
 */
export async function* onNewLine(
  texts: AsyncIterable<string>,
  location: Location,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const size = (await location.size(signal)) ?? 0;
  let before = size > 0 && (await isWithinLine(location, size, Uint8Array.of(10), signal)) ? "\n" : "";
  for await (const text of texts) {
    if (text === "") continue;
    yield before + text;
    before = "";
  }
}
