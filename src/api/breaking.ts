import type { ApiDefinition, JsonSchema, Method, Parameter, Resource } from "./definition.ts";
import { schemaBreaks } from "./schema-breaks.ts";
import { lookupIn } from "./schema-pointer.ts";
import { type ValueRules, valueRulesOf } from "./values.ts";

type Bound = "minimum" | "maximum" | "minLength" | "maxLength";

/** The bounds of a parameter, and when a new one lets less in than an old one. */
const bounds: Readonly<Record<Bound, (before: number, after: number) => boolean>> = {
  minimum: (before, after) => after > before,
  maximum: (before, after) => after < before,
  minLength: (before, after) => after > before,
  maxLength: (before, after) => after < before,
};

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
        ...resourceBreaks(old, now),
        ...resultBreaks(old.result?.schema, now.result?.schema, before, after),
      ]),
    ];
    return [...new Set(problems)].map((problem) => `${old.path}: ${problem}`);
  });
}

function resourceBreaks(before: Resource, after: Resource): readonly string[] {
  const olds = parametersOf(before);
  const news = parametersOf(after);
  const required = [...news].filter(([key, parameter]) => !olds.has(key) && isNeeded(parameter));
  return [
    ...(before.additional && !after.additional ? ["parameters that are not described are refused now"] : []),
    ...required.map(([, { name }]) => `the parameter ${name} is new and required`),
    ...[...olds].flatMap(([key, old]) => {
      const now = news.get(key);
      if (now === undefined) return after.additional ? [] : [`the parameter ${old.name} is gone`];
      return parameterBreaks(old, now).map((problem) => `the parameter ${old.name} ${problem}`);
    }),
  ];
}

/** An API that describes no result promises none, and one that no longer describes it may still keep its promise. */
function resultBreaks(
  old: JsonSchema | undefined,
  now: JsonSchema | undefined,
  before: ApiDefinition,
  after: ApiDefinition,
): readonly string[] {
  if (old === undefined || now === undefined) return [];
  const lookup = ({ schemas }: ApiDefinition) => lookupIn({ components: { schemas } });
  return schemaBreaks(old, now, {
    direction: "response",
    at: "the result",
    lookupBefore: lookup(before),
    lookupAfter: lookup(after),
  });
}

function parameterBreaks(before: Parameter, after: Parameter): readonly string[] {
  const problems: string[] = [];
  if (!before.required && isNeeded(after)) problems.push("is required now");
  const old = valueRulesOf(before.schema);
  const now = valueRulesOf(after.schema);
  if (old.array && !now.array) problems.push("cannot be given several times any more");
  return [...problems, ...ruleBreaks(old.rules, now.rules)];
}

function isNeeded({ required, schema }: Parameter): boolean {
  return required && (typeof schema !== "object" || schema.default === undefined);
}

function ruleBreaks(before: ValueRules, after: ValueRules): readonly string[] {
  const problems: string[] = [];
  // Every integer is a number.
  const wider = before.type === "integer" && after.type === "number";
  if (before.type !== after.type && !wider) problems.push(`was of type ${before.type}, now ${after.type}`);
  const lost = lostChoices(before, after);
  if (lost !== undefined) problems.push(lost);
  for (const [key, isNarrower] of Object.entries(bounds) as [Bound, (typeof bounds)[Bound]][]) {
    const [old, now] = [before[key], after[key]];
    if (now === undefined || (old !== undefined && !isNarrower(old, now))) continue;
    problems.push(`has a ${key} of ${now}, ${old === undefined ? "where there was none" : `which was ${old}`}`);
  }
  if (after.pattern !== undefined && after.pattern !== before.pattern) {
    problems.push(`has another pattern, ${after.pattern}`);
  }
  return problems;
}

function lostChoices(before: ValueRules, after: ValueRules): string | undefined {
  if (after.enum === undefined) return undefined;
  const choices: readonly unknown[] = after.enum;
  if (before.enum === undefined) return `takes only ${choices.join(", ")} now`;
  const lost = before.enum.filter((choice) => !choices.includes(choice));
  return lost.length > 0 ? `does not take ${lost.join(", ")} any more` : undefined;
}

/** What a client sees of a path: the names of its parameters are not part of it. */
function shapeOf({ path }: Resource): string {
  return path.replace(/\{[^{}]{0,1000}\}/g, "{}");
}

/** By what a client calls them: parameters of the query and the body by name, those of a path by their place in it. */
function parametersOf(resource: Resource): Map<string, Parameter> {
  const places = Array.from(resource.path.matchAll(/\{([^{}]{0,1000})\}/g), ([, name]) => name);
  return new Map(
    resource.parameters.map((parameter) => [
      parameter.in === "path" ? `/${places.indexOf(parameter.name)}` : parameter.name,
      parameter,
    ]),
  );
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
