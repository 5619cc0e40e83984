import type { Keywords } from "../schema-error.ts";
import { isRecord } from "../types.ts";
import type { Alternative } from "./alternatives.ts";

/** What an alternative says of the keys of objects. */
export interface Properties {
  /** The keys that are described by name. */
  readonly names: readonly string[];
  /** The schema of a key, or of keys that are not described; `true` takes everything, `false` nothing. */
  schema(name?: string): unknown;
  /** Whether a key is described by its name. */
  describes(name: string): boolean;
}

/**
 * Finds what an alternative says of the keys of objects.
 *
 * @param alternative An alternative of a schema.
 *
 * @returns The keys and their schemas.
 */
export function propertyOf({ parts }: Alternative): Properties {
  const names = [...new Set(parts.flatMap(({ properties }) => (isRecord(properties) ? Object.keys(properties) : [])))];
  return {
    names,
    schema: (name) => both(parts.map((part) => schemaIn(part, name))),
    describes: (name) => names.includes(name),
  };
}

/**
 * Finds the keys that objects must have.
 *
 * @param alternative An alternative of a schema.
 *
 * @returns Their names. In draft 3, it is the property that says so.
 */
export function requiredOf({ parts }: Alternative): ReadonlySet<string> {
  return new Set(
    parts.flatMap(({ required, properties }) => [
      ...(Array.isArray(required) ? required.map(String) : []),
      ...(isRecord(properties)
        ? Object.keys(properties).filter((name) => {
            const property = properties[name];
            return isRecord(property) && property.required === true;
          })
        : []),
    ]),
  );
}

/**
 * Finds the schema of an item.
 *
 * @param alternative An alternative of a schema.
 * @param index Which item, from 0.
 *
 * @returns The schema; `true` if nothing is said of it.
 */
export function itemAt({ parts }: Alternative, index: number): unknown {
  return both(
    parts.map((part) => {
      const first = firstOf(part);
      if (index < first.length) return first[index];
      return (Array.isArray(part.items) ? part.additionalItems : part.items) ?? true;
    }),
  );
}

/**
 * Counts the first items that have schemas of their own.
 *
 * @param alternative An alternative of a schema.
 *
 * @returns Their number; 0 where all items have one schema.
 */
export function tupleLength({ parts }: Alternative): number {
  return Math.max(0, ...parts.map((part) => firstOf(part).length));
}

/** Up to draft 2019-09, they are below `items`. */
function firstOf({ prefixItems, items }: Keywords): readonly unknown[] {
  return [prefixItems, items].find((list): list is unknown[] => Array.isArray(list)) ?? [];
}

function schemaIn({ properties, patternProperties, additionalProperties = true }: Keywords, name?: string): unknown {
  const patterns = isRecord(patternProperties) ? Object.values(patternProperties) : [];
  if (name !== undefined && isRecord(properties) && Object.hasOwn(properties, name)) return properties[name];
  // Which names a pattern means is not found out: it may be any.
  return patterns.length > 0 ? { anyOf: [...patterns, additionalProperties] } : additionalProperties;
}

/** Schemas that hold at once. */
function both(schemas: readonly unknown[]): unknown {
  if (schemas.includes(false)) return false;
  const saying = [...new Set(schemas)].filter((schema) => schema !== true && schema !== undefined);
  return saying.length > 1 ? { allOf: saying } : (saying[0] ?? true);
}
