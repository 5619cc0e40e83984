import { isRecord } from "../../schema/types.ts";
import type { Resource } from "../definition.ts";

/** Keywords that say nothing of a value but its bounds. */
const known = new Set(["type", "minimum", "maximum", "title", "description", "example", "examples"]);

/** Takes a row whose values are all as they should be; undefined for any other, which somebody else must look at. */
export type TakeNumbers = (row: unknown) => Record<string, unknown> | undefined;

/**
 * Creates what takes rows of numbers without looking at their schemas one by one: most models have inputs that are numbers with bounds, and
 * most rows are right. It takes nothing that validation would refuse or change.
 *
 * @param resource The resource.
 *
 * @returns A function from a row to its arguments; undefined where not all of them are numbers that must be there.
 */
export function numbersOnly({ parameters, body, additional }: Resource): TakeNumbers | undefined {
  if (body !== undefined || additional || parameters.length === 0) return undefined;
  const fields: { name: string; least: number; most: number; isWhole: boolean }[] = [];
  for (const { name, required, schema, style, explode, file } of parameters) {
    const isOther = !required || file !== undefined || style !== undefined || explode !== undefined;
    if (isOther || name in Object.prototype || !isRecord(schema)) return undefined;
    const { type, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
    if (type !== "number" && type !== "integer") return undefined;
    if (typeof minimum !== "number" || typeof maximum !== "number") return undefined;
    if (!Object.keys(schema).every((key) => known.has(key))) return undefined;
    fields.push({ name, least: minimum, most: maximum, isWhole: type === "integer" });
  }
  const count = fields.length;
  return (row) => {
    if (!isRecord(row)) return undefined;
    let found = 0;
    for (const _ in row) found++;
    if (found !== count) return undefined;
    const args: Record<string, unknown> = {};
    for (let at = 0; at < count; at++) {
      const field = fields[at];
      if (field === undefined) return undefined;
      const value = row[field.name];
      if (typeof value !== "number" || !Number.isFinite(value) || !Object.hasOwn(row, field.name)) return undefined;
      if (value < field.least || value > field.most || (field.isWhole && !Number.isSafeInteger(value)))
        return undefined;
      args[field.name] = value;
    }
    return args;
  };
}
