import { unknownName } from "../util/suggest.ts";
import { type At, type Check, refuse, refused } from "./check.ts";
import type { Scope, Step } from "./compile-context.ts";
import type { JsonSchema } from "./json-schema.ts";
import { entriesFor, expressionFor, namesFor, SchemaError, schemaFor } from "./schema-error.ts";
import { isRecord } from "./types.ts";

/** What is said of one property by name. */
interface Member {
  readonly key: string;
  readonly check?: Check;
  /** What to expect where it is missing; undefined if it may be. */
  readonly missing?: string;
  /** What is taken where it is missing. */
  readonly fallback?: unknown;
}

/** What is said of properties by name: which there must be, which there may be, and what they are. */
export const members: Step = (schema, scope) => {
  const keywords = ["properties", "patternProperties", "additionalProperties", "required"];
  if (keywords.every((keyword) => schema[keyword] === undefined)) return undefined;
  const named = membersOf(schema.properties, schema.required, scope);
  const names = new Map(named.map((member) => [member.key, member]));
  const patterns = entriesFor(schema.patternProperties, scope.where("patternProperties"), schemaFor).map(
    ([pattern, one]) => ({
      expression: expressionFor(pattern, scope.where("patternProperties")),
      check: scope.property(one, `patternProperties[${JSON.stringify(pattern)}]`),
    }),
  );
  const others = schema.additionalProperties;
  const closed = others === false;
  const other =
    others === undefined || typeof others === "boolean"
      ? undefined
      : scope.property(schemaFor(others, scope.where("additionalProperties")), "additionalProperties");
  const looksAtAll = closed || other !== undefined || patterns.length > 0;

  return (value, at, run) => {
    if (!isRecord(value)) return value;
    const here: At = { parent: at, key: "" };
    const members = changes(value);
    let fits = true;
    const use = (key: string, check: Check) => {
      here.key = key;
      const result = check(members.get(key), here, run);
      if (result === refused) fits = false;
      else members.set(key, result);
    };
    for (const { key, check, missing, fallback } of named) {
      if (Object.hasOwn(value, key)) {
        if (check) use(key, check);
      } else if (fallback !== undefined) {
        members.set(key, copyOf(fallback));
      } else if (missing !== undefined) {
        here.key = key;
        refuse(run, here, missing, undefined);
        fits = false;
      }
    }
    if (!looksAtAll) return fits ? members.result() : refused;
    for (const key of Object.keys(value)) {
      if (!fits && (run.quiet > 0 || run.full)) return refused;
      let known = names.get(key)?.check !== undefined;
      for (const { expression, check } of patterns) {
        if (!expression.test(key)) continue;
        known = true;
        use(key, check);
      }
      if (known) continue;
      if (other) use(key, other);
      else if (closed) {
        here.key = key;
        if (run.quiet === 0) refuse(run, here, unknownName("property", key, names.keys()), value[key]);
        fits = false;
      }
    }
    return fits ? members.result() : refused;
  };
};

/** What the names of properties must be. */
export const propertyNames: Step = ({ propertyNames: given }, scope) => {
  if (given === undefined) return undefined;
  const check = scope.property(schemaFor(given, scope.where("propertyNames")), "propertyNames");
  return (value, at, run) => {
    if (!isRecord(value)) return value;
    const here: At = { parent: at, key: "" };
    let fits = true;
    for (const key of Object.keys(value)) {
      here.key = key;
      if (check(key, here, run) === refused) fits = false;
      if (!fits && (run.quiet > 0 || run.full)) break;
    }
    return fits ? value : refused;
  };
};

/** What must be there, or must fit, where a property is there. */
export const dependents: Step = (schema, scope) => {
  const required = entriesFor(schema.dependentRequired, scope.where("dependentRequired"), namesFor);
  const schemas = entriesFor(schema.dependentSchemas, scope.where("dependentSchemas"), schemaFor).map(
    ([key, one]) => [key, scope.same(one, `dependentSchemas.${key}`)] as const,
  );
  if (required.length === 0 && schemas.length === 0) return undefined;
  return (value, at, run) => {
    if (!isRecord(value)) return value;
    let result: unknown = value;
    let fits = true;
    for (const [key, names] of required) {
      if (!Object.hasOwn(value, key)) continue;
      for (const name of names) {
        if (Object.hasOwn(value, name)) continue;
        refuse(run, { parent: at, key: name }, `required, because there is ${key}`, undefined);
        fits = false;
      }
    }
    for (const [key, check] of schemas) {
      if (!Object.hasOwn(value, key)) continue;
      const next = check(result, at, run);
      if (next === refused) fits = false;
      else result = next;
    }
    return fits ? result : refused;
  };
};

function membersOf(properties: unknown, required: unknown, scope: Scope): readonly Member[] {
  const described = new Map<string, JsonSchema>(entriesFor(properties, scope.where("properties"), schemaFor));
  if (typeof required === "boolean")
    throw new SchemaError(scope.where("required"), "a list of the names of properties that are required");
  const needed = new Set(namesFor(required, scope.where("required")));
  return [...new Set([...described.keys(), ...needed])].map((key): Member => {
    const schema = described.get(key);
    const fallback = typeof schema === "object" ? schema.default : undefined;
    const words = schema === undefined ? "a value" : scope.words(schema).join(" or ");
    return {
      key,
      ...(schema !== undefined && { check: scope.property(schema, `properties.${key}`) }),
      ...(needed.has(key) && { missing: `required: expected ${words}` }),
      ...(fallback !== undefined && { fallback }),
    };
  });
}

/** An object that is copied when it first changes. */
function changes(value: Readonly<Record<string, unknown>>) {
  let copy: Record<string, unknown> | undefined;
  return {
    get: (key: string) => (copy ?? value)[key],
    set(key: string, changed: unknown) {
      if (Object.hasOwn(value, key) && (copy ?? value)[key] === changed) return;
      copy ??= { ...value };
      // Assigning to `__proto__` would set the prototype.
      Object.defineProperty(copy, key, { value: changed, enumerable: true, writable: true, configurable: true });
    },
    result: () => copy ?? value,
  };
}

/**
 * Creates a value of its own for whoever may change it.
 *
 * @param fallback A default.
 *
 * @returns The value; a list or an object is copied.
 */
export function copyOf(fallback: unknown): unknown {
  return typeof fallback === "object" ? structuredClone(fallback) : fallback;
}
