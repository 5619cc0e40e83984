import { carriageReturn, lineFeed, quoteByte } from "./scan.ts";

/**
 * Finds out how lines end, by the first of them.
 *
 * @param bytes The bytes.
 * @param from Where the first line begins.
 * @param to Up to where there are bytes.
 * @param plain Whether quotes mean nothing, as in lines that are skipped.
 *
 * @returns LF, which may have a CR before it, or CR; undefined if that cannot be told from these bytes.
 */
export function findNewline(bytes: Uint8Array, from: number, to: number, plain: boolean): number | undefined {
  let quoted = false;
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (byte === quoteByte && !plain) quoted = !quoted;
    else if (quoted) continue;
    else if (byte === lineFeed) return lineFeed;
    else if (byte === carriageReturn) {
      if (i + 1 === to) return undefined;
      return bytes[i + 1] === lineFeed ? lineFeed : carriageReturn;
    }
  }
  return undefined;
}

/**
 * Counts line ends.
 *
 * @param bytes The bytes.
 * @param newline The byte that ends a line.
 * @param from Where to begin.
 * @param to Where to stop.
 *
 * @returns How many there are.
 */
export function countLines(bytes: Uint8Array, newline: number, from: number, to: number): number {
  let found = 0;
  for (let i = from; i < to; i++) if (bytes[i] === newline) found++;
  return found;
}
