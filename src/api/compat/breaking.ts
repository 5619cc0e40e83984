import { schemaBreaks } from "../../schema/compat/breaks.ts";
import { lookupIn } from "../../schema/compat/lookup.ts";
import type { ApiDefinition, Method, Parameter, Resource } from "../definition.ts";
import { isRequired } from "../parameter-from-schema.ts";
import { type Compare, parameterBreaks } from "./parameters.ts";

/**
 * Finds what a client of an earlier API could not do any more, or not rely on in what comes.
 *
 * @param before The definition of that API, as it was stored; anything else has no clients.
 * @param after The definition of the new one.
 *
 * @returns One line for each break; none if every request that was valid still is, and is answered as before.
 */
export function breakingChanges(before: unknown, after: ApiDefinition): readonly string[] {
  if (!isDefinition(before)) return [];
  const lookup = ({ schemas }: ApiDefinition) => lookupIn({ components: { schemas } });
  const lookups = { lookupBefore: lookup(before), lookupAfter: lookup(after) };
  const compare: Compare = (direction, at, old, now) => schemaBreaks(old, now, { direction, at, ...lookups });
  return before.resources.flatMap((old) => {
    // Those of one path may have a method each.
    const there = after.resources.filter((resource) => shapeOf(resource) === shapeOf(old));
    if (there.length === 0) return [`${old.path}: the resource is gone`];
    const answers = (method: Method) => there.find(({ methods }) => methods.includes(method));
    const gone = old.methods.filter((method) => answers(method) === undefined);
    const heirs = there.filter((now) => old.methods.some((method) => answers(method) === now));
    const problems = [
      ...gone.map((method) => `the method ${method} is gone`),
      ...heirs.flatMap((now) => [
        ...resourceBreaks(old, now, compare),
        ...bodyBreaks(old, now, compare),
        ...resultBreaks(old, now, compare),
      ]),
    ];
    return [...new Set(problems)].map((problem) => `${old.path}: ${problem}`);
  });
}

function resourceBreaks(before: Resource, after: Resource, compare: Compare): readonly string[] {
  const olds = parametersOf(before);
  const news = parametersOf(after);
  const required = [...news].filter(([key, parameter]) => !olds.has(key) && isRequired(parameter));
  return [
    ...(before.additional && !after.additional ? ["parameters that are not described are refused now"] : []),
    ...required.map(([, { name }]) => `the parameter ${name} is new and required`),
    ...[...olds].flatMap(([key, old]) => {
      const now = news.get(key);
      if (now === undefined) return after.additional ? [] : [`the parameter ${old.name} is gone`];
      return parameterBreaks(old, now, compare);
    }),
  ];
}

/** What lines call the result of a resource. */
export function resultAt({ path }: Resource): string {
  return `${path}: ${theResult}`;
}

const theResult = "the result";

/** An API that describes no result promises none, and one that no longer describes it may still keep its promise. */
function resultBreaks(before: Resource, after: Resource, compare: Compare): readonly string[] {
  const [old, now] = [before.result?.schema, after.result?.schema];
  return old === undefined || now === undefined ? [] : compare("response", theResult, old, now);
}

/** A body that is described as a whole. */
function bodyBreaks(before: Resource, after: Resource, compare: Compare): readonly string[] {
  const [old, now] = [before.body, after.body];
  if (now === undefined) return old === undefined ? [] : ["the body is gone"];
  if (old === undefined) return now.required ? ["the body is new and required"] : [];
  const required = now.required && !old.required ? ["the body is required now"] : [];
  return [...required, ...compare("request", "the body", old.schema, now.schema)];
}

/** What a client sees of a path: the names of its parameters are not part of it. */
function shapeOf({ path }: Resource): string {
  return path.replace(/\{[^{}]{0,1000}\}/g, "{}");
}

/** By what a client calls them: those of the query and the body by name, of a path by their place in it, of headers apart. */
function parametersOf(resource: Resource): Map<string, Parameter> {
  const places = Array.from(resource.path.matchAll(/\{([^{}]{0,1000})\}/g), ([, name]) => name);
  return new Map(resource.parameters.map((parameter) => [keyOf(parameter, places), parameter]));
}

function keyOf({ in: place, name }: Parameter, places: readonly (string | undefined)[]): string {
  if (place === "path") return `/${places.indexOf(name)}`;
  return place === "header" ? `header ${name.toLowerCase()}` : name;
}

/** Metadata of other origin may hold anything under that key. */
function isDefinition(value: unknown): value is ApiDefinition {
  const resources = has(value, "resources") ? value.resources : undefined;
  return (
    Array.isArray(resources) &&
    resources.every(
      (resource: unknown) =>
        has(resource, "path") &&
        typeof resource.path === "string" &&
        has(resource, "methods") &&
        Array.isArray(resource.methods) &&
        has(resource, "parameters") &&
        Array.isArray(resource.parameters) &&
        resource.parameters.every((parameter: unknown) => has(parameter, "name") && typeof parameter.name === "string"),
    )
  );
}

function has<Key extends string>(value: unknown, key: Key): value is Record<Key, unknown> {
  return typeof value === "object" && value !== null && key in value;
}
