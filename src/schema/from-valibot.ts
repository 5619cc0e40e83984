import type { ConversionConfig } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import type { Json } from "../util/json.ts";
import { anyOf } from "./any-of.ts";
import type { JsonSchema } from "./json-schema.ts";

type Override = NonNullable<ConversionConfig["overrideAction"]>;
type SchemaOverride = NonNullable<ConversionConfig["overrideSchema"]>;
type Plain = Record<string, unknown>;

/**
 * Creates the JSON Schema of a schema of valibot. What it cannot say is left open.
 *
 * @param schema The schema.
 * @param mode Whether what it takes is described, or what it makes of that.
 * @param schemas Gets the schemas that it refers to, by name.
 *
 * @returns The JSON Schema.
 */
export async function jsonSchemaOf(
  schema: GenericSchema,
  mode: "input" | "output",
  schemas: Record<string, JsonSchema>,
): Promise<JsonSchema> {
  // Whoever declares no schema does not load it.
  const { toJsonSchema } = await import("@valibot/to-json-schema");
  const isInput = mode === "input";
  const nameOf = (id: string) => `${isInput ? "Input" : "Output"}${id}`;
  const {
    $schema: _,
    $defs: definitions,
    ...converted
  } = toJsonSchema(schema as never, {
    typeMode: mode,
    target: "draft-2020-12",
    errorMode: "ignore",
    overrideAction: isInput ? overrideInputAction : overrideOutputAction,
    overrideSchema: isInput ? overrideSchema : overrideOutputSchema,
    overrideRef: ({ referenceId }) => `#/components/schemas/${nameOf(referenceId)}`,
  }) as Plain;
  for (const [id, one] of Object.entries((definitions ?? {}) as Plain)) schemas[nameOf(id)] = simplified(plain(one));
  return simplified(plain(converted));
}

/**
 * Creates the JSON Schema of what a schema of valibot lets out, complete in itself.
 *
 * @param schema The schema.
 *
 * @returns The JSON Schema; what it refers to is in it, below `components`.
 */
export async function outputDocumentOf(schema: GenericSchema): Promise<Json> {
  const schemas: Record<string, JsonSchema> = {};
  const converted = (await jsonSchemaOf(schema, "output", schemas)) as Json & object;
  return Object.keys(schemas).length > 0 ? { ...converted, components: { schemas: schemas as Json } } : converted;
}

/** What `file()` and `blob()` are, which the library does not know; and what it says too much of. */
const overrideSchema: SchemaOverride = ({ valibotSchema, jsonSchema }) => {
  const { type } = valibotSchema;
  if (type === "file" || type === "blob") return { type: "string", format: "binary" } as typeof jsonSchema;
  if (type === "loose_object") return { ...jsonSchema, additionalProperties: true };
  // A function is called for each request, not once for all of them.
  const { default: given } = valibotSchema as { default?: unknown };
  if (typeof given === "function" || (given !== undefined && !isJson(given))) {
    const { default: _, ...rest } = jsonSchema;
    return rest;
  }
  return undefined;
};

/** Of what code makes, several alternatives may be. */
const overrideOutputSchema: SchemaOverride = (given) => {
  if (given.valibotSchema.type !== "variant") return overrideSchema(given);
  const { oneOf, ...rest } = given.jsonSchema;
  return { ...rest, ...(oneOf && { anyOf: oneOf }) };
};

/** The schema as it was when a pipe changed the value; under a symbol, so that copies have it and JSON has not. */
const ended = Symbol("ended");

/**
 * What a pipe says after it has changed the value holds for the changed value. The library goes on after changes that
 * keep the type (`trim`); what it says then would refuse what the schema takes.
 */
const overrideInputAction: Override = (given) => {
  const { valibotAction, jsonSchema } = given;
  const before = (jsonSchema as { [ended]?: Plain })[ended];
  if (before) {
    const known: Plain = valibotAction.kind === "metadata" ? withoutOthers(jsonSchema, valibotAction) : before;
    return { ...known, [ended]: known } as Plain;
  }
  if (valibotAction.kind === "transformation") return { ...jsonSchema, [ended]: { ...jsonSchema } } as Plain;
  return overrideAction(given);
};

/** Transformations that change nothing. */
const unchanging: ReadonlySet<string> = new Set(["brand", "flavor", "readonly"]);

/** Transformations of text that leave text. */
const ofText: ReadonlySet<string> = new Set([
  ...["normalize", "to_lower_case", "to_upper_case"],
  ...["trim", "trim_end", "trim_start"],
]);

/** What a pipe says before it changes the value does not hold for what comes out; of what code makes, nothing is known. */
const overrideOutputAction: Override = (given) => {
  const { kind, type } = given.valibotAction as { kind: string; type: string };
  if (kind !== "transformation" || unchanging.has(type)) return overrideAction(given);
  if (!ofText.has(type)) return {};
  const { title, description } = given.jsonSchema;
  return { type: "string", title, description } as typeof given.jsonSchema;
};

/** The conditions that the library does not know, and what it says too much of. */
const overrideAction: Override = ({ valibotAction, jsonSchema }) => {
  const { kind, type, requirement } = valibotAction as { kind: string; type: string; requirement?: unknown };
  if (kind === "metadata") return withoutOthers(jsonSchema, valibotAction);
  if (requirement instanceof RegExp && /[^uv]/.test(requirement.flags)) {
    const { pattern, ...rest } = jsonSchema;
    return pattern === requirement.source ? rest : undefined;
  }
  if (type === "mime_type") return { ...jsonSchema, contentMediaType: requirement } as typeof jsonSchema;
  if (type === "max_size") return { ...jsonSchema, maxLength: requirement as number };
  return undefined;
};

/** Metadata may hold what other tools want to know. */
function withoutOthers(schema: object, action: object): Plain {
  const known: Plain = { ...schema };
  const { metadata } = action as { metadata?: object };
  for (const key of Object.keys(metadata ?? {})) {
    if (!["title", "description", "examples"].includes(key)) delete known[key];
  }
  return known;
}

/** What a caller can write as text is easier to see without a choice between a type and null. */
function simplified(schema: JsonSchema): JsonSchema {
  if (typeof schema !== "object") return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === "properties") {
        const properties = Object.entries(value as Record<string, JsonSchema>);
        return [key, Object.fromEntries(properties.map(([name, one]) => [name, simplified(one)]))];
      }
      if (Array.isArray(value) && ["anyOf", "oneOf", "allOf", "prefixItems"].includes(key))
        return [key, value.map(simplified)];
      const isSchema = ["items", "additionalProperties", "not"].includes(key);
      return [key, isSchema ? simplified(value as JsonSchema) : value];
    }),
  );
  if (Array.isArray(inner.required) && inner.required.length === 0) delete inner.required;
  if (Array.isArray(inner.anyOf)) {
    const { anyOf: alternatives, ...rest } = inner;
    return { ...anyOf(alternatives), ...rest };
  }
  if ("const" in inner && inner.type === undefined) return { type: typeof inner.const, ...inner };
  return inner;
}

/** JSON, without what is none. */
function plain(value: unknown): JsonSchema {
  return JSON.parse(JSON.stringify(value, (_, one) => (typeof one === "bigint" ? undefined : one)));
}

function isJson(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return ["string", "boolean", "object"].includes(typeof value);
  const prototype = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson);
}
