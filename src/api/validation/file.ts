import { type Check, refuse } from "../../schema/check.ts";
import type { Parameter } from "../definition.ts";

/**
 * Tells whether a schema describes a file.
 *
 * @param schema The schema of a parameter, or of the items of one.
 *
 * @returns Whether it is `{ type: "string", format: "binary" }`.
 */
export function describesFile(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && "format" in schema && schema.format === "binary";
}

/**
 * Creates a check of an uploaded file.
 *
 * @param rules What a file may be.
 *
 * @returns A check that takes a `File` of one of the types, no larger than it may be.
 */
export function fileCheck({ mediaTypes = [], maxBytes }: NonNullable<Parameter["file"]> = {}): Check {
  const patterns = mediaTypes.map((type) => type.trim().toLowerCase());
  const takesAll = patterns.length === 0 || patterns.includes("*/*");
  return (value, at, run) => {
    if (!(value instanceof File)) return refuse(run, at, "expected a file, as a part of multipart/form-data", value);
    if (!takesAll && !patterns.some((pattern) => isOfMediaType(value.type, pattern))) {
      return refuse(run, at, `expected a file of type ${patterns.join(", ")}`, value);
    }
    if (maxBytes !== undefined && value.size > maxBytes) {
      return refuse(run, at, `expected a file of ${maxBytes} bytes or fewer`, value);
    }
    return value;
  };
}

/** `image/png; x=y` is of type `image/*`. The pattern is in lower case. */
export function isOfMediaType(given: string, pattern: string): boolean {
  const [essence = ""] = given.toLowerCase().split(";", 1);
  const type = essence.trim();
  return pattern.endsWith("/*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
