const letters = "KMGT";

/**
 * Reads an amount of memory.
 *
 * @param text `2GB`, `512 MiB`, or a number of bytes.
 *
 * @returns Bytes; undefined for what is no amount.
 */
export function bytesOf(text: string | number): number | undefined {
  if (typeof text === "number") return text > 0 && Number.isFinite(text) ? text : undefined;
  const [, number = "", unit = "", binary] = /^(\d+(?:\.\d+)?) ?([KMGT])(i)?B$/i.exec(text) ?? [];
  if (number === "") return undefined;
  const bytes = Number(number) * (binary ? 1024 : 1000) ** (letters.indexOf(unit.toUpperCase()) + 1);
  return bytes > 0 ? bytes : undefined;
}
