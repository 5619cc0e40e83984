/**
 * Creates the canonical text of a value, the same wherever and in whatever order it was built (RFC 8785): keys sorted by
 * UTF-16 code units, no white space, numbers and text as ECMAScript writes them.
 *
 * @param value What JSON can hold.
 *
 * @returns JSON.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const record = value as Readonly<Record<string, unknown>>;
  const entries = Object.keys(record)
    .filter((key) => record[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key])}`);
  return `{${entries.join(",")}}`;
}
