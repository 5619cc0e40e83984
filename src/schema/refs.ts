import { pointerKey } from "../util/json-pointer.ts";
import type { JsonSchema } from "./json-schema.ts";
import { SchemaError } from "./schema-error.ts";
import { isRecord } from "./types.ts";

/** A schema, and what is known of its place. */
export interface Target {
  readonly schema: JsonSchema;
  /** What `#` means in it. */
  readonly root: JsonSchema;
  /** Which part of the whole schema it is, for messages: `properties.width`. */
  readonly where: string;
}

const components = "#/components/schemas/";

/**
 * Finds what a reference leads to: `#/components/schemas/NAME`, or a place in the same schema, `#/$defs/NAME`.
 *
 * @param target The schema that has the reference.
 * @param schemas The schemas of the definition, by name.
 *
 * @returns The schema.
 *
 * @throws SchemaError when there is none.
 */
export function resolveRef(target: Target, schemas: Readonly<Record<string, JsonSchema>>): Target {
  const { schema, root } = target;
  const ref = typeof schema === "object" ? schema.$ref : undefined;
  const at = placeOf(target, "$ref");
  if (typeof ref !== "string") throw new SchemaError(at, "text");
  if (ref === "#") return { schema: root, root, where: ref };
  if (!ref.startsWith("#/")) throw new SchemaError(at, `a place in the same file, such as ${components}NAME`);
  const inComponents = ref.startsWith(components);
  const [name = "", ...rest] = ref
    .slice(inComponents ? components.length : 2)
    .split("/")
    .map(pointerKey);
  const start: unknown = inComponents ? schemas : root;
  let found: unknown = start;
  let top = root;
  for (const [index, key] of [name, ...rest].entries()) {
    found =
      typeof found === "object" && found !== null && Object.hasOwn(found, key)
        ? (found as Record<string, unknown>)[key]
        : undefined;
    if (index === 0 && inComponents) top = (found ?? true) as JsonSchema;
  }
  if (typeof found === "boolean" || isRecord(found)) return { schema: found, root: top, where: ref };
  throw new SchemaError(at, `the place of a schema, and there is none at ${ref}`);
}

/** References to references that are followed. */
const maxHops = 20;

/**
 * Finds what a schema says that is a reference.
 *
 * @param target The schema.
 * @param schemas The schemas of the definition, by name.
 *
 * @returns The schema at the end of the references.
 */
export function endOf(target: Target, schemas: Readonly<Record<string, JsonSchema>>): JsonSchema {
  let found = target;
  for (let hops = 0; hops < maxHops && typeof found.schema === "object" && found.schema.$ref !== undefined; hops++) {
    found = resolveRef(found, schemas);
  }
  return found.schema;
}

/**
 * Creates the name of a part of a schema.
 *
 * @param target The schema.
 * @param keyword The keyword, or the path from there.
 *
 * @returns The path from the whole schema.
 */
export function placeOf({ where }: Target, keyword: string): string {
  return where === "" ? keyword : `${where}.${keyword}`;
}

/**
 * Checks that a schema does not refer to itself for the same value, which would have no end.
 *
 * @param start What a reference leads to.
 * @param schemas The schemas of the definition, by name.
 *
 * @throws SchemaError when it does.
 */
export function checkLoops(start: Target, schemas: Readonly<Record<string, JsonSchema>>): void {
  const open = new Set<JsonSchema>();
  const done = new Set<JsonSchema>();
  const visit = (target: Target): void => {
    const { schema, root, where } = target;
    if (typeof schema === "boolean" || done.has(schema)) return;
    if (open.has(schema)) {
      throw new SchemaError(where, "a schema that does not lead back to itself without an end");
    }
    open.add(schema);
    if (typeof schema.$ref === "string") visit(resolveRef(target, schemas));
    const alike = [schema.not, schema.if, schema.then, schema.else];
    for (const list of [schema.allOf, schema.anyOf, schema.oneOf]) if (Array.isArray(list)) alike.push(...list);
    if (isRecord(schema.dependentSchemas)) alike.push(...Object.values(schema.dependentSchemas));
    for (const one of alike) if (isRecord(one)) visit({ schema: one, root, where });
    open.delete(schema);
    done.add(schema);
  };
  visit(start);
}
