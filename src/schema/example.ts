import { impliedTypes } from "./describe-type.ts";
import type { JsonSchema } from "./json-schema.ts";
import { resolveRef, type Target } from "./refs.ts";
import { isRecord } from "./types.ts";

type Schemas = Readonly<Record<string, JsonSchema>>;

/** A schema that contains itself has no end. */
const maxDepth = 8;

/** Texts of the formats that are checked. */
const texts: Readonly<Record<string, string>> = {
  date: "2026-01-31",
  "date-time": "2026-01-31T12:00:00Z",
  time: "12:00:00Z",
  duration: "P1D",
  email: "name@example.com",
  uri: "https://example.com",
  uuid: "123e4567-e89b-12d3-a456-426614174000",
  ipv4: "127.0.0.1",
  ipv6: "::1",
  hostname: "example.com",
  byte: "dGV4dA==",
};

/**
 * Creates a value that fits a schema, as far as that can be seen: what the schema gives as an example, a default or a
 * choice, or else something of its type within its bounds.
 *
 * @param schema The schema.
 * @param schemas The schemas of the definition, by name.
 *
 * @returns The value; of an object, the properties that are required.
 */
export function exampleValue(schema: JsonSchema, schemas: Schemas = {}): unknown {
  return exampleOf({ schema, root: schema, where: "" }, schemas, 0);
}

function exampleOf(target: Target, schemas: Schemas, depth: number): unknown {
  const { schema } = target;
  if (typeof schema === "boolean" || depth > maxDepth) return "text";
  const [given] = [
    schema.example,
    ...listOf(schema.examples),
    schema.default,
    schema.const,
    ...listOf(schema.enum),
  ].filter((value) => value !== undefined);
  if (given !== undefined) return given;
  const inside = (one: unknown) => exampleOf({ ...target, schema: one as JsonSchema }, schemas, depth + 1);
  if (schema.$ref !== undefined) return exampleOf(resolveRef(target, schemas), schemas, depth + 1);
  for (const list of [schema.anyOf, schema.oneOf]) if (Array.isArray(list)) return inside(list[0]);
  const type = (impliedTypes(target, schemas) ?? []).find((name) => name !== "null");
  if (Array.isArray(schema.allOf) && type !== "object")
    return inside({ ...schema.allOf[0], ...without(schema, "allOf") });
  if (type === "number" || type === "integer") return numberIn(schema, type === "integer");
  if (type === "boolean") return true;
  if (type === "array")
    return Array.from({ length: Math.max(1, Number(schema.minItems ?? 1)) }, () => inside(schema.items ?? {}));
  if (type !== "object") return textIn(schema);
  const parts = [...listOf(schema.allOf).map(inside).filter(isRecord), requiredIn(schema, inside)];
  return Object.assign({}, ...parts);
}

function requiredIn(schema: Readonly<Record<string, unknown>>, inside: (one: unknown) => unknown): object {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    listOf(schema.required).map((name) => [
      name,
      inside(Object.hasOwn(properties, String(name)) ? properties[String(name)] : {}),
    ]),
  );
}

function numberIn(schema: Readonly<Record<string, unknown>>, whole: boolean): number {
  const bounds = schema as Readonly<Record<string, number | undefined>>;
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below, multipleOf } = bounds;
  const given = multipleOf ?? (whole ? 1 : 0.5);
  const step = whole ? Math.ceil(given) : given;
  const isStep = (value: number) => (multipleOf === undefined && !whole) || Number.isInteger(value / step);
  const fits = (value: number) =>
    isStep(value) &&
    value >= (minimum ?? Number.NEGATIVE_INFINITY) &&
    value <= (maximum ?? Number.POSITIVE_INFINITY) &&
    value > (above ?? Number.NEGATIVE_INFINITY) &&
    value < (below ?? Number.POSITIVE_INFINITY);
  const low = Math.max(minimum ?? Number.NEGATIVE_INFINITY, above ?? Number.NEGATIVE_INFINITY);
  const high = Math.min(maximum ?? Number.POSITIVE_INFINITY, below ?? Number.POSITIVE_INFINITY);
  const [up, down] = [Math.ceil(low / step) * step, Math.floor(high / step) * step];
  const usual = multipleOf === undefined && !whole ? 1.5 : step;
  const candidates = [minimum ?? usual, usual, low, up, up + step, high, down, down - step, (low + high) / 2];
  return candidates.find((value) => Number.isFinite(value) && fits(value)) ?? usual;
}

function textIn({ format, minLength, maxLength }: Readonly<Record<string, unknown>>): string {
  const text = typeof format === "string" && Object.hasOwn(texts, format) ? texts[format] : undefined;
  return text ?? "text".padEnd(Number(minLength ?? 0), "x").slice(0, Number(maxLength ?? 1000));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function without(schema: Readonly<Record<string, unknown>>, keyword: string): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== keyword));
}
