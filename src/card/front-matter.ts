import type { Json } from "../util/json.ts";

/**
 * YAML of a mapping: keys a line each, values as JSON, which YAML 1.1 and 1.2 read alike once numbers have a point.
 *
 * @param mapping The mapping.
 *
 * @returns Its text.
 */
export function frontMatter(mapping: { readonly [key: string]: Json | undefined }): string {
  return Object.entries(mapping)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${flow(value as Json)}\n`)
    .join("");
}

function flow(value: Json): string {
  if (typeof value === "number")
    return String(value)
      .replace(/^(-?\d+)e/, "$1.0e")
      .replace(/e(\d)/, "e+$1");
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return escaped(JSON.stringify(value));
  return `{${Object.entries(value)
    .map(([key, one]) => `${escaped(JSON.stringify(key))}: ${flow(one)}`)
    .join(", ")}}`;
}

/** YAML has line breaks and characters that JSON does not escape. */
function escaped(json: string): string {
  return json.replace(/[\u007f-\u009f\u2028\u2029\ufeff]|[\ud800-\udfff]{1,2}/g, (found) =>
    [...found].length === 1 && found.length === 2
      ? `\\U${(found.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`
      : Array.from(found, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  );
}
