import type { Parameter } from "../definition.ts";
import { countOf, entriesOf, type Fields, finite, flag, present, readFields } from "../file/fields.ts";
import type { Problems } from "../file/problems.ts";
import { type Place, shown, type Value } from "../file/value.ts";
import { compileValue, patternOf, type ValueRules, type ValueType, valueTypes } from "../values.ts";
import { keyTables } from "./keys.ts";

/** A parameter with the line that describes it. */
export interface Described {
  readonly parameter: Parameter;
  readonly at: Place;
}

const numeric: readonly ValueType[] = ["number", "integer"];
const textual: readonly ValueType[] = ["string"];

/** The facets that constrain a value, and the types that they apply to. */
const applicable = {
  minimum: numeric,
  maximum: numeric,
  minLength: textual,
  maxLength: textual,
  pattern: textual,
} as const;

/**
 * Reads the named parameters below `queryParameters`, `formParameters` or `uriParameters`.
 *
 * @param value The mapping from name to facets.
 * @param place Where the parameters come from.
 * @param where What they belong to, for messages.
 * @param problems Gets what is wrong.
 *
 * @returns The parameters in the order of the file.
 */
export function readParameters(value: Value, place: Parameter["in"], where: string, problems: Problems): Described[] {
  return entriesOf(value, where, problems).map(({ key, at, value: described }) => ({
    parameter: readParameter(key, place, readFields(described, `${where} ${key}`, keyTables.parameter, problems)),
    at,
  }));
}

function readParameter(name: string, place: Parameter["in"], facets: Fields): Parameter {
  const { type, list } = readType(facets);
  const rules: ValueRules = { type, ...readConstraints(facets, type) };
  const choices = readChoices(facets, rules);
  const complete: ValueRules = choices ? { ...rules, enum: choices } : rules;
  const repeat = facets.read("repeat", flag) === true;
  const required = facets.read("required", flag);
  const array = list || repeat;
  if (place === "path") {
    if (array) facets.problem(list ? "type" : "repeat", "a parameter of the path is given once: expected no list");
    if (required === false) facets.warn("required", "false is ignored: there is no path without its parameters");
  }
  return {
    name,
    in: place,
    required: place === "path" || required === true,
    schema: {
      ...(array ? { type: "array", items: complete } : complete),
      ...present({ default: readValue("default", facets, complete, array) }),
    },
    ...present({
      example: readValue("example", facets, complete, array),
      displayName: facets.text("displayName"),
      description: facets.text("description"),
    }),
  };
}

/** `number`, or `number[]` as ML Launchpad takes it from RAML 1.0. */
function readType(facets: Fields): { type: ValueType; list: boolean } {
  const found = facets.value("type");
  if (!found) return { type: "string", list: false };
  const written = found.kind === "scalar" ? found.text : "";
  const list = written.endsWith("[]");
  const name = list ? written.slice(0, -2) : written;
  const type = valueTypes.find((one) => one === name);
  if (type) return { type, list };
  const names = valueTypes.join(", ");
  facets.problem("type", `${shown(found)} is not supported: expected one of ${names}; string[] for a list`, found);
  return { type: "string", list };
}

function readConstraints(facets: Fields, type: ValueType): Omit<ValueRules, "type" | "enum"> {
  const constraints = {
    minimum: facets.read("minimum", finite),
    maximum: facets.read("maximum", finite),
    minLength: facets.read("minLength", countOf("characters")),
    maxLength: facets.read("maxLength", countOf("characters")),
    pattern: readPattern(facets),
  };
  // Of a type that is not known nobody can say what applies to it.
  const written = facets.value("type");
  const isKnown = !written || (written.kind === "scalar" && written.text.startsWith(type));
  for (const [facet, types] of Object.entries(applicable)) {
    if (isKnown && facets.value(facet) && !types.includes(type)) {
      facets.problem(facet, `applies to ${types.join(" and ")}, and the type is ${type}`);
    }
  }
  for (const [low, high] of [["minimum", "maximum"] as const, ["minLength", "maxLength"] as const]) {
    const least = constraints[low];
    const most = constraints[high];
    if (least !== undefined && most !== undefined && least > most) {
      facets.problem(low, `${least} is above ${high} ${most}: no value fits both`);
    }
  }
  return present(constraints);
}

function readPattern(facets: Fields): string | undefined {
  const pattern = facets.text("pattern");
  if (pattern === undefined) return undefined;
  try {
    patternOf(pattern);
    return pattern;
  } catch {
    facets.problem("pattern", `${pattern} is not a regular expression of ECMAScript`);
    return undefined;
  }
}

function readChoices(facets: Fields, rules: ValueRules) {
  const found = facets.value("enum");
  if (!found) return undefined;
  if (found.kind !== "list" || found.items.length === 0) {
    facets.problem("enum", `expected a list of one value or more, found ${shown(found)}`, found);
    return undefined;
  }
  return found.items
    .map((item) => readFitting("enum", facets, item, rules))
    .filter((choice): choice is string | number | boolean => choice !== undefined);
}

/** A default or an example: one value, or a list of them for an array. */
function readValue(facet: "default" | "example", facets: Fields, rules: ValueRules, array: boolean): unknown {
  const found = facets.value(facet);
  if (!found || !array) return found && readFitting(facet, facets, found, rules);
  const items = found.kind === "list" ? found.items : [found];
  return items.map((item) => readFitting(facet, facets, item, rules));
}

function readFitting(facet: string, facets: Fields, found: Value, rules: ValueRules) {
  // `1.10` is the text 1.10 where text is expected, without quotation marks too.
  const raw = found.kind !== "scalar" ? undefined : rules.type === "string" ? found.text : found.value;
  const outcome = compileValue(rules)(raw);
  if (!outcome.expected) return outcome.value;
  facets.problem(facet, `${outcome.expected.join(", ")}, found ${shown(found)}`, found);
  return undefined;
}
