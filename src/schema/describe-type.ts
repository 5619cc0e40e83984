import type { JsonSchema } from "./json-schema.ts";
import { resolveRef, type Target } from "./refs.ts";
import { listed, shown } from "./scalars.ts";
import { type TypeName, typeNames, typeOf } from "./types.ts";

type Schemas = Readonly<Record<string, JsonSchema>>;

/** References and alternatives inside each other that are followed; who writes more gets fewer words. */
const maxRefs = 20;

/**
 * Reads the types that a schema names.
 *
 * @param schema The schema.
 *
 * @returns The names; undefined if it names none.
 */
export function typesIn(schema: JsonSchema): readonly TypeName[] | undefined {
  if (typeof schema !== "object" || schema.type === undefined) return undefined;
  return [schema.type].flat().filter((name): name is TypeName => typeNames.includes(name as TypeName));
}

/**
 * Finds the types that a value must have: those that the schema names, those of its choices, or those of what it
 * refers to.
 *
 * @param target The schema.
 * @param schemas The schemas of the definition, by name.
 *
 * @returns The types; undefined if any will do, or there are alternatives.
 */
export function impliedTypes(target: Target, schemas: Schemas, depth = 0): readonly TypeName[] | undefined {
  const { schema } = target;
  if (typeof schema === "boolean" || depth > maxRefs) return undefined;
  const own = typesIn(schema);
  if (own) return own;
  const choices = "const" in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : [];
  if (choices.length > 0) {
    return [...new Set(choices.map(typeOf))].filter((name): name is TypeName => name !== undefined);
  }
  const further = Array.isArray(schema.allOf) ? schema.allOf.map((one) => ({ ...target, schema: one })) : [];
  if (schema.$ref !== undefined) further.unshift(resolveRef(target, schemas));
  for (const one of further) {
    const types = impliedTypes(one, schemas, depth + 1);
    if (types) return types;
  }
  return undefined;
}

/**
 * Creates words for what a schema asks for.
 *
 * @param target The schema.
 * @param schemas The schemas of the definition, by name.
 * @param wordsOf Creates the words for types.
 *
 * @returns One phrase for each alternative: `a number`, `one of a, b`.
 */
export function describeType(
  target: Target,
  schemas: Schemas,
  wordsOf: (types: readonly TypeName[]) => readonly string[],
  depth = 0,
): readonly string[] {
  const { schema } = target;
  if (typeof schema === "boolean" || depth > maxRefs) return ["another value"];
  const follow = (one: Target) => describeType(one, schemas, wordsOf, depth + 1);
  if ("const" in schema) return [shown(schema.const)];
  if (Array.isArray(schema.enum)) return [`one of ${listed(schema.enum.map(shown))}`];
  const types = typesIn(schema);
  if (types) return wordsOf(types);
  if (schema.$ref !== undefined) return follow(resolveRef(target, schemas));
  for (const list of [schema.anyOf, schema.oneOf]) {
    if (Array.isArray(list)) return [...new Set(list.flatMap((one: JsonSchema) => follow({ ...target, schema: one })))];
  }
  const [first] = Array.isArray(schema.allOf) ? (schema.allOf as JsonSchema[]) : [];
  return first === undefined ? ["another value"] : follow({ ...target, schema: first });
}

/**
 * Finds the types that a value may have, whichever alternative it fits.
 *
 * @param target The schema.
 * @param schemas The schemas of the definition, by name.
 *
 * @returns The types; undefined if any will do.
 */
export function possibleTypes(target: Target, schemas: Schemas, depth = 0): readonly TypeName[] | undefined {
  const { schema } = target;
  const implied = impliedTypes(target, schemas);
  if (implied || typeof schema === "boolean" || depth > maxRefs) return implied;
  if (schema.$ref !== undefined) return possibleTypes(resolveRef(target, schemas), schemas, depth + 1);
  const alternatives = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (!alternatives) return undefined;
  const found = new Set<TypeName>();
  for (const one of alternatives as JsonSchema[]) {
    const types = possibleTypes({ ...target, schema: one }, schemas, depth + 1);
    if (!types) return undefined;
    for (const type of types) found.add(type);
  }
  return [...found];
}
