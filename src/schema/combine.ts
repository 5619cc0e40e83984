import { enumerate } from "../util/suggest.ts";
import { type Check, refuse, refused, tried } from "./check.ts";
import type { Scope, Step } from "./compile-context.ts";
import { type Keywords, schemaFor, schemasFor } from "./schema-error.ts";
import { tagsOf } from "./tagged.ts";
import { isRecord } from "./types.ts";

/** All of several schemas. */
export const allOf: Step = ({ allOf: given }, scope) =>
  given === undefined
    ? undefined
    : all(schemasFor(given, scope.where("allOf")).map((schema, index) => scope.same(schema, `allOf[${index}]`)));

/** One of several schemas, or more. The value is what the first that fits makes of it. */
export const anyOf: Step = (schema, scope) => {
  if (schema.anyOf === undefined) return undefined;
  const { checks, fail } = alternatives(schema, "anyOf", scope);
  return (value, at, run) => {
    for (const check of checks) {
      const result = tried(check, value, at, run);
      if (result !== refused) return result;
    }
    return fail(value, at, run);
  };
};

/** Exactly one of several schemas. Text can be read in several ways: there, the first that fits is taken. */
export const oneOf: Step = (schema, scope) => {
  if (schema.oneOf === undefined) return undefined;
  const { checks, fail } = alternatives(schema, "oneOf", scope);
  return (value, at, run) => {
    let found: unknown = refused;
    for (const check of checks) {
      const result = tried(check, value, at, run);
      if (result === refused) continue;
      if (found !== refused) return refuse(run, at, "expected to fit one of the alternatives, and fits several", value);
      found = result;
      if (typeof value === "string" && scope.reading !== "json") break;
    }
    return found === refused ? fail(value, at, run) : found;
  };
};

export const not: Step = ({ not: given }, scope) => {
  if (given === undefined) return undefined;
  const schema = schemaFor(given, scope.where("not"));
  const check = scope.same(schema, "not");
  const expected = `expected anything but ${enumerate(scope.words(schema))}`;
  return (value, at, run) => (tried(check, value, at, run) === refused ? value : refuse(run, at, expected, value));
};

/** `then` where `if` fits, else `else`. */
export const conditional: Step = (schema, scope) => {
  if (schema.if === undefined) return undefined;
  const branch = (key: string) => scope.same(schemaFor(schema[key] ?? true, scope.where(key)), key);
  const [condition, met, unmet] = [branch("if"), branch("then"), branch("else")];
  return (value, at, run) => {
    const applies = tried(condition, value, at, run) === refused ? unmet : met;
    return applies(value, at, run);
  };
};

/**
 * Creates a check that asks several, each about what the one before made of the value.
 *
 * @param checks The checks.
 *
 * @returns The check.
 */
export function all(checks: readonly Check[]): Check {
  const [only] = checks;
  if (only && checks.length === 1) return only;
  return (value, at, run) => {
    let result = value;
    let fits = true;
    for (const check of checks) {
      const next = check(result, at, run);
      if (next === refused) fits = false;
      else result = next;
    }
    return fits ? result : refused;
  };
}

/** Where a value's type or its tag leaves one alternative only, that one's faults are told: they say more. */
function alternatives(whole: Keywords, keyword: "anyOf" | "oneOf", scope: Scope) {
  const given = whole[keyword];
  const schemas = schemasFor(given, scope.where(keyword));
  const checks = schemas.map((schema, index) => scope.same(schema, `${keyword}[${index}]`));
  const expected = `expected ${enumerate([...new Set(schemas.flatMap((schema) => scope.words(schema)))])}`;
  const tagged = schemas.length > 1 ? tagsOf(whole, schemas, scope) : () => undefined;
  const fail: Check = (value, at, run) => {
    if (run.quiet > 0) return refused;
    const tag = isRecord(value) ? tagged(value) : undefined;
    const chosen = tag?.index === undefined ? undefined : checks[tag.index];
    if (chosen) return chosen(value, at, run);
    if (tag)
      return refuse(run, { parent: at, key: tag.name }, tag.expected, (value as Record<string, unknown>)[tag.name]);
    const near = checks.filter((_, index) => !scope.refusesType(schemas[index] ?? true, value));
    const [only] = near;
    return only && near.length === 1 ? only(value, at, run) : refuse(run, at, expected, value);
  };
  return { checks, fail };
}
