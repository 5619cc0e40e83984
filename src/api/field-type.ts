import { possibleTypes, typesIn } from "../schema/describe-type.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import { resolveRef, type Target } from "../schema/refs.ts";
import { isRecord } from "../schema/types.ts";
import type { Json } from "../util/json.ts";
import type { Schemas } from "./parameter-from-schema.ts";
import { describesFile } from "./validation/file.ts";

/** Datatypes of fields: those of frames; `bytes` for files, and `json` for whatever has no column of its own. */
export type Dtype = "float64" | "int64" | "bool" | "str" | "bytes" | "json";

/** What the values of a field are. */
export interface FieldType {
  /** Datatype of a value, or of what the lists are made of that it is. */
  readonly dtype: Dtype;
  /** Shape of one value: `[]` for a scalar, `[4]` for four, `[-1]` for a list of any length. */
  readonly shape: readonly number[];
  /** Whether it may be null. */
  readonly nullable: boolean;
  /** Values that it may have, where the schema lists them. */
  readonly choices?: readonly Json[];
  /** Names of the numbers that it holds, in their order, where it is an object of them: probabilities by label. */
  readonly keys?: readonly string[];
}

/** A schema in a schema in a schema says nothing of a column any more. */
const maxDepth = 8;

/**
 * Schema at the end of references.
 *
 * @param target The schema.
 * @param schemas Schemas of the definition, by name.
 *
 * @returns The schema, and what `#` means in it.
 *
 * @throws SchemaError when there is none.
 */
export function followed(target: Target, schemas: Schemas): Target {
  let found = target;
  for (let hops = 0; hops < 20 && typeof found.schema === "object" && found.schema.$ref !== undefined; hops++) {
    found = resolveRef(found, schemas);
  }
  return found;
}

/**
 * Type of the values that a schema takes, as a column or a tensor has them.
 *
 * @param target The schema.
 * @param schemas Schemas of the definition, by name.
 *
 * @returns The type; `json` where values are objects, or of several types that no column holds together.
 *
 * @throws SchemaError when it refers to a schema that there is not.
 */
export function fieldType(target: Target, schemas: Schemas): FieldType {
  return typeOf(target, schemas, 0);
}

function typeOf(target: Target, schemas: Schemas, depth: number): FieldType {
  const types = possibleTypes(target, schemas);
  const nullable = types === undefined || types.includes("null");
  const any: FieldType = { dtype: "json", shape: [], nullable };
  if (types === undefined || depth > maxDepth) return any;
  const { schema: found, root } = followed(target, schemas);
  if (describesFile(found)) return { dtype: "bytes", shape: [], nullable };
  const choices = choicesIn(target, schemas, 0)?.filter((one) => one !== null);
  const own = new Set(types.filter((type) => type !== "null"));
  // Whole numbers that are listed are whole numbers, though the types of their values do not say it.
  const isWhole = own.has("integer") && own.size === 1;
  const areWhole = own.size === 1 && own.has("number") && choices?.every(Number.isSafeInteger);
  if (isWhole || areWhole) return { dtype: "int64", shape: [], nullable, ...(choices && { choices }) };
  if ([...own].every((type) => type === "number" || type === "integer") && own.size > 0)
    return { dtype: "float64", shape: [], nullable, ...(choices && { choices }) };
  if (own.size !== 1) return { ...any, ...(choices && { choices }) };
  if (own.has("boolean")) return { dtype: "bool", shape: [], nullable, ...(choices && { choices }) };
  if (own.has("string")) return { dtype: "str", shape: [], nullable, ...(choices && { choices }) };
  if (typeof found !== "object") return any;
  if (own.has("array")) return { ...listType(found, root, schemas, depth), nullable };
  return { ...(numbersByName(found, root, schemas, depth) ?? any), nullable };
}

type Found = Readonly<Record<string, unknown>>;

function listType(found: Found, root: JsonSchema, schemas: Schemas, depth: number): Omit<FieldType, "nullable"> {
  const any: Omit<FieldType, "nullable"> = { dtype: "json", shape: [] };
  const { items, prefixItems, minItems, maxItems } = found;
  if (prefixItems !== undefined || !isRecord(items)) return any;
  const { dtype, shape, nullable, keys } = typeOf({ schema: items, root, where: "" }, schemas, depth + 1);
  if (dtype === "json" || dtype === "bytes" || nullable || keys) return any;
  const length = typeof minItems === "number" && minItems === maxItems ? minItems : -1;
  return { dtype, shape: [length, ...shape] };
}

/** An object of numbers that are all there, and nothing else. */
function numbersByName(
  { properties, required }: Found,
  root: JsonSchema,
  schemas: Schemas,
  depth: number,
): Omit<FieldType, "nullable"> | undefined {
  if (!isRecord(properties) || !Array.isArray(required)) return undefined;
  const keys = Object.keys(properties);
  const isNumber = (key: string) => {
    const target = { schema: properties[key] as JsonSchema, root, where: "" };
    const { dtype, shape, nullable } = typeOf(target, schemas, depth + 1);
    return !nullable && shape.length === 0 && (dtype === "float64" || dtype === "int64");
  };
  if (keys.length === 0 || !keys.every((key) => required.includes(key) && isNumber(key))) return undefined;
  return { dtype: "float64", shape: [keys.length], keys };
}

/** The values that a schema lists, by itself or as its alternatives; undefined if it takes others, too. */
function choicesIn(target: Target, schemas: Schemas, depth: number): readonly Json[] | undefined {
  const { schema: found, root } = followed(target, schemas);
  if (typeof found !== "object" || depth > maxDepth) return undefined;
  if ("const" in found) return [found.const as Json];
  if (Array.isArray(found.enum)) return found.enum;
  if (typesIn(found)?.join() === "null") return [null];
  const alternatives = [found.anyOf, found.oneOf].find(Array.isArray) as readonly JsonSchema[] | undefined;
  const all = alternatives?.map((one) => choicesIn({ schema: one, root, where: "" }, schemas, depth + 1));
  return all?.every((one) => one !== undefined) ? [...new Set(all.flat())] : undefined;
}
