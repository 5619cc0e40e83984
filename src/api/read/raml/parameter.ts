import { contradictionsIn } from "../../../schema/compat/contradictions.ts";
import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { Parameter } from "../../definition.ts";
import { parameterOf } from "../../parameter-from-schema.ts";
import { fittingExample } from "../file/check-example.ts";
import { countOf, type Fields, finite, flag, present } from "../file/fields.ts";
import type { Media } from "../file/media-types.ts";
import type { Problems } from "../file/problems.ts";
import { formatValue, type Value } from "../file/value.ts";
import { fieldsOf } from "./context.ts";
import { httpDate, readFileTypes, readPattern } from "./facets.ts";
import { parameterKeys } from "./keys.ts";

/** The types of single values. */
const valueTypes = ["number", "integer", "string", "boolean"] as const;

type ValueType = (typeof valueTypes)[number];

type Scalar = string | number | boolean;

/** What a single value must be, as JSON Schema. */
interface ValueRules {
  readonly type: ValueType;
  readonly enum?: readonly Scalar[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
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
 * Reads a named parameter of RAML 0.8.
 *
 * @param name Its name.
 * @param place Where it comes from.
 * @param media The kind of form that it is a field of, if it is one.
 * @param described What is below its name; a list of it where a value may be of several types.
 * @param where The parameter, for messages.
 * @param problems Gets what is wrong.
 *
 * @returns The parameter.
 */
export function readParameter(
  name: string,
  place: Parameter["in"],
  media: Media | undefined,
  described: Value,
  where: string,
  problems: Problems,
): Parameter {
  const several = described.kind === "list" ? described.items : [described];
  const read = several.map((one) => readOne(place, media, fieldsOf(one, where, parameterKeys, problems), problems));
  const [first, ...others] = read;
  const one: One = first ?? { schema: { type: "string" }, array: false, required: false };
  const { array, required, fallback, ...rest } =
    others.length === 0 ? one : alternatives(read, described, where, problems);
  const schema = {
    ...(array ? { type: "array", items: rest.schema } : (rest.schema as object)),
    ...present({ default: fallback }),
  };
  return { ...parameterOf(name, place, place === "path" || required, schema, {}), ...rest.said };
}

/** What one description says. */
interface One {
  readonly schema: JsonSchema;
  readonly array: boolean;
  readonly required: boolean;
  readonly fallback?: unknown;
  readonly said?: Pick<Parameter, "displayName" | "description" | "example">;
}

function alternatives(several: readonly One[], described: Value, where: string, problems: Problems): One {
  const isFile = ({ schema }: One) => typeof schema === "object" && schema.format === "binary";
  if (several.some(isFile) && !several.every(isFile)) {
    problems.add(described.at, `${where}: a file or something else is not supported: describe one of them`);
  }
  const find = <Key extends keyof One>(key: Key) => several.find((one) => one[key] !== undefined)?.[key];
  return {
    schema: { anyOf: several.map(({ schema }) => schema) },
    array: several.some(({ array }) => array),
    required: several.every(({ required }) => required),
    ...present({
      fallback: find("fallback"),
      said: Object.assign({}, ...several.toReversed().map(({ said }) => said)),
    }),
  };
}

function readOne(place: Parameter["in"], media: Media | undefined, facets: Fields, problems: Problems): One {
  const { type, list, kind } = readType(facets);
  const repeat = facets.read("repeat", flag) === true;
  const required = facets.read("required", flag);
  const array = list || repeat;
  if (place === "path") {
    if (array) facets.problem(list ? "type" : "repeat", "a parameter of the path is given once: expected no list");
    if (required === false) facets.warn("required", "false is ignored: there is no path without its parameters");
  }
  const said = { displayName: facets.text("displayName"), description: facets.text("description") };
  if (kind === "file") {
    const schema = readFile(place, media, facets, problems);
    return { schema, array, required: required === true, said: present(said) };
  }
  const rules: ValueRules = { type, ...readConstraints(facets, type), ...(kind === "date" && { pattern: httpDate }) };
  const choices = readChoices(facets, rules);
  const complete: ValueRules = choices ? { ...rules, enum: choices } : rules;
  return {
    schema: { ...complete },
    array,
    required: required === true,
    fallback: readValue("default", facets, complete, array),
    said: present({ example: readValue("example", facets, complete, array), ...said }),
  };
}

function readFile(place: Parameter["in"], media: Media | undefined, facets: Fields, problems: Problems): JsonSchema {
  if (place !== "body" || media !== "multipart")
    facets.problem("type", "a file comes in the body: multipart/form-data");
  for (const facet of ["minimum", "maximum", "pattern", "enum", "default"]) {
    if (facets.value(facet)) facets.problem(facet, "does not apply to a file");
  }
  if (facets.value("minLength"))
    facets.warn("minLength", "is ignored: Launchpad checks the largest size of a file only");
  return {
    type: "string",
    format: "binary",
    ...present({ maxLength: facets.read("maxLength", countOf("bytes")) }),
    ...readFileTypes(facets, problems),
  };
}

/** Types that are no types of JSON: text of a form, and a part of a multipart form. */
const others = ["date", "file"] as const;

/** `number`, or `number[]` as ML Launchpad takes it from RAML 1.0. */
function readType(facets: Fields): { type: ValueType; list: boolean; kind?: (typeof others)[number] } {
  const found = facets.value("type");
  if (!found) return { type: "string", list: false };
  const written = found.kind === "scalar" ? found.text : "";
  const list = written.endsWith("[]");
  const name = list ? written.slice(0, -2) : written;
  const type = valueTypes.find((one) => one === name);
  if (type) return { type, list };
  const kind = others.find((one) => one === name);
  if (kind) return { type: "string", list, kind };
  const names = [...valueTypes, ...others].join(", ");
  facets.problem(
    "type",
    `${formatValue(found)} is not supported: expected one of ${names}; string[] for a list`,
    found,
  );
  return { type: "string", list };
}

function readConstraints(facets: Fields, type: ValueType): Omit<ValueRules, "type" | "enum"> {
  const constraints = {
    minimum: facets.read("minimum", finite),
    maximum: facets.read("maximum", finite),
    minLength: facets.read("minLength", countOf("characters")),
    maxLength: facets.read("maxLength", countOf("characters")),
    ...readPattern(facets),
  };
  // Of a type that is not known nobody can say what applies to it.
  const written = facets.value("type");
  const isKnown =
    !written || (written.kind === "scalar" && (written.text.startsWith(type) || written.text.startsWith("date")));
  for (const [facet, types] of Object.entries(applicable)) {
    if (isKnown && facets.value(facet) && !types.includes(type)) {
      facets.problem(facet, `applies to ${types.join(" and ")}, and the type is ${type}`);
    }
  }
  for (const { keyword, message } of contradictionsIn(constraints)) facets.problem(keyword, message);
  return present(constraints);
}

function readChoices(facets: Fields, rules: ValueRules) {
  const found = facets.value("enum");
  if (!found) return undefined;
  if (found.kind !== "list" || found.items.length === 0) {
    facets.problem("enum", `expected a list of one value or more, found ${formatValue(found)}`, found);
    return undefined;
  }
  return found.items
    .map((item) => readFitting("enum", facets, item, rules))
    .filter((choice): choice is Scalar => choice !== undefined);
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
  const outcome = fittingExample(raw, { ...rules }, {}, "argument");
  if (!outcome.expected) return outcome.value as Scalar;
  facets.problem(facet, `${outcome.expected.join(", ")}, found ${formatValue(found)}`, found);
  return undefined;
}
