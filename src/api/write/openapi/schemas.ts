import { possibleTypes } from "../../../schema/describe-type.ts";
import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { TypeName } from "../../../schema/types.ts";
import { pointerKey } from "../../../util/json-pointer.ts";
import { componentName, takeName } from "../../../util/unique-name.ts";

/** The schemas of a document that have a name. */
export interface Schemas {
  /**
   * Puts a schema into the document. One that refers to its own parts gets a name, because `#` means the whole document
   * there.
   *
   * @param schema The schema, as the definition has it.
   * @param name What it is called if it needs a name.
   *
   * @returns The schema, or a reference to it.
   */
  place(schema: JsonSchema, name: string): JsonSchema;
  /**
   * Gives a schema a name.
   *
   * @returns A reference to it.
   */
  add(name: string, schema: JsonSchema): { readonly $ref: string };
  /** Whether what fits a schema is of a type, wherever the schema says so; null is beside the point. */
  isOnly(type: TypeName, schema: JsonSchema): boolean;
  /** What stands below `components.schemas`. */
  components(): Readonly<Record<string, JsonSchema>>;
}

/** Where references of a definition lead. */
const root = "#/components/schemas/";

/** Keywords whose value is data: what looks like a reference there is none. */
const data = new Set(["enum", "const", "default", "example", "examples"]);

/** Keywords whose value is a mapping from the user's names to schemas. */
const mappings = new Set(["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]);

/**
 * Creates the named schemas of a document.
 *
 * @param given The named schemas of the definition. OpenAPI allows fewer characters in a name than RAML does.
 * @param base Where the document has named schemas.
 *
 * @returns The schemas, those of the definition among them.
 */
export function createSchemas(given: Readonly<Record<string, JsonSchema>> = {}, base = root): Schemas {
  // A map, because a name may be __proto__.
  const components = new Map<string, JsonSchema>();
  const names = new Map<string, string>();
  const taken = new Set(Object.keys(given).filter((name) => componentName(name) === name));
  const free = (name: string) => takeName(componentName(name) || "Schema", taken);
  for (const name of Object.keys(given)) names.set(name, componentName(name) === name ? name : free(name));

  const renamed = (ref: string) => {
    const [, token = "", rest = ""] = /^#\/components\/schemas\/([^/]*)(.*)$/s.exec(ref) ?? [];
    const name = names.get(token) ?? names.get(pointerKey(token));
    return name === undefined ? ref : `${base}${name}${rest}`;
  };
  const write = (own: string, schema: JsonSchema) => {
    components.set(
      own,
      mapRefs(schema, (ref) => (isOwn(ref) ? `${base}${own}${ref.slice(1)}` : renamed(ref))),
    );
    return { $ref: `${base}${own}` };
  };
  for (const [name, schema] of Object.entries(given)) write(names.get(name) ?? name, schema);
  const placed = new Map<JsonSchema, JsonSchema>();
  return {
    place(schema, name) {
      const known = placed.get(schema);
      if (known !== undefined) return known;
      const result = refersToItself(schema) ? write(free(name), schema) : mapRefs(schema, renamed);
      placed.set(schema, result);
      return result;
    },
    add: (name, schema) => write(free(name), schema),
    isOnly(type, schema) {
      const types = possibleTypes({ schema, root: schema, where: "" }, given)?.filter((one) => one !== "null") ?? [];
      return types.length > 0 && types.every((one) => one === type);
    },
    components: () => Object.fromEntries(components),
  };
}

/** Whether a reference means a part of the schema that it stands in. */
function isOwn(ref: string): boolean {
  return (ref === "#" || ref.startsWith("#/")) && !ref.startsWith(root);
}

function refersToItself(schema: JsonSchema): boolean {
  let found = false;
  mapRefs(schema, (ref) => {
    found ||= isOwn(ref);
    return ref;
  });
  return found;
}

function mapRefs(schema: JsonSchema, change: (ref: string) => string): JsonSchema {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    // What has an id of its own is a document of its own.
    if (value !== schema && "$id" in value) return value;
    return mapEntries(value, (inner, key) => {
      if (data.has(key)) return inner;
      if (key === "$ref" && typeof inner === "string") return change(inner);
      if (key === "discriminator" && typeof inner === "object" && inner !== null) return withMapping(inner, change);
      const isMapping = mappings.has(key) && typeof inner === "object" && inner !== null;
      return isMapping ? mapEntries(inner, walk) : walk(inner);
    });
  };
  if (typeof schema === "boolean" || "$id" in schema) return schema;
  return walk(schema) as JsonSchema;
}

/** What the mapping of a discriminator leads to: references, and names of schemas, which stay. */
function withMapping(discriminator: object, change: (ref: string) => string): object {
  return mapEntries(discriminator, (inner, key) =>
    key === "mapping" && typeof inner === "object" && inner !== null
      ? mapEntries(inner, (to) => (typeof to === "string" && to.startsWith("#") ? change(to) : to))
      : inner,
  );
}

function mapEntries(object: object, change: (value: unknown, key: string) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
