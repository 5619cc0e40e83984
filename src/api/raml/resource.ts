import type { Parameter, Resource } from "../definition.ts";
import { readFields } from "../file/fields.ts";
import type { Problems } from "../file/problems.ts";
import type { Entry, Place, Value } from "../file/value.ts";
import { segmentsOf, shapeOf } from "../path.ts";
import { keyTables } from "./keys.ts";
import { type Described, readParameters } from "./parameter.ts";
import { readResult } from "./result.ts";

/** What the whole file says that a resource needs. */
export interface ResourceContext {
  readonly problems: Problems;
  readonly schemas: ReadonlyMap<string, Entry>;
  /** The resources that were read before, with their lines, by the shape of their paths. */
  readonly shapes: Map<string, { path: string; at: Place }>;
}

/** What a resource inherits from those that it is nested in. */
interface Outer {
  readonly path: string;
  readonly uriParameters: readonly Described[];
}

interface Method {
  readonly description?: string | undefined;
  readonly parameters: readonly Described[];
  readonly result?: Resource["result"];
}

/** Whether a key below the file or below a resource is a resource. */
export const isResourceKey = (key: string): boolean => key.startsWith("/");

/**
 * Reads a resource and those that are nested in it.
 *
 * @param entry The path and what is below it.
 * @param context What the whole file says.
 * @param outer What it is nested in.
 *
 * @returns Those of them that answer requests, in the order of the file.
 */
export function readResource(
  entry: Entry,
  context: ResourceContext,
  outer: Outer = { path: "", uriParameters: [] },
): Resource[] {
  const { problems } = context;
  const path = outer.path + entry.key;
  const fields = readFields(entry.value, path, keyTables.resource, problems, isResourceKey);
  const described = fields.entry("uriParameters");
  const own = described ? readParameters(described.value, "path", `${path} uriParameters`, problems) : [];
  const segments = segmentsOf(entry.key);
  const all = segmentsOf(path);
  if (typeof segments === "string") problems.add(entry.at, segments);
  else if (typeof all === "string") problems.add(entry.at, all);
  for (const { parameter, at } of own) {
    if (!entry.key.includes(`{${parameter.name}}`)) {
      problems.add(
        at,
        `${path} uriParameters: ${parameter.name} is not in the path: expected {${parameter.name}} in it`,
      );
    }
  }
  const uriParameters = [...outer.uriParameters, ...pathParameters(segments, own, entry.at)];
  const nested = fields.rest.flatMap((one) => readResource(one, context, { path, uriParameters }));
  const methods = ["get", "post"].flatMap((name) => {
    const method = fields.entry(name);
    return method ? [readMethod(method, `${path} ${name}`, context)] : [];
  });
  if (methods.length === 0 || typeof all === "string") return nested;

  checkClash(shapeOf(all), path, entry.at, context);
  const parameters = merge([uriParameters, ...methods.map((method) => method.parameters)], path, problems);
  const displayName = fields.text("displayName");
  const description = fields.text("description") ?? methods.find((method) => method.description)?.description;
  const result = methods.find((method) => method.result)?.result;
  const resource: Resource = {
    path,
    methods: ["GET", "POST"],
    parameters,
    additional: false,
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    ...(result && { result }),
  };
  return [resource, ...nested];
}

function readMethod(entry: Entry, where: string, { problems, schemas }: ResourceContext): Method {
  const fields = readFields(entry.value, where, keyTables.method, problems);
  const query = fields.entry("queryParameters");
  const body = fields.entry("body");
  const responses = fields.entry("responses");
  const parameters = query ? readParameters(query.value, "query", `${where} queryParameters`, problems) : [];
  for (const described of body ? readBody(body.value, `${where} body`, problems) : []) {
    const { name } = described.parameter;
    if (parameters.some(({ parameter }) => parameter.name === name)) {
      problems.add(
        described.at,
        `${where}: ${name} is both in queryParameters and in formParameters: keep one of them`,
      );
    } else parameters.push(described);
  }
  const result = responses && readResult(responses.value, `${where} responses`, schemas, problems);
  return { description: fields.text("description"), parameters, ...(result && { result }) };
}

function readBody(value: Value, where: string, problems: Problems): Described[] {
  const fields = readFields(value, where, keyTables.body, problems, (key) => key.includes("/"));
  for (const { key, at } of fields.rest) {
    problems.add(
      at,
      `${where}: ${key} is not supported: expected application/x-www-form-urlencoded with formParameters`,
    );
  }
  const json = fields.entry("application/json");
  if (json) readFields(json.value, `${where} application/json`, keyTables.jsonBody, problems);
  const form = fields.entry("application/x-www-form-urlencoded");
  if (!form) return [];
  const inside = readFields(form.value, `${where} form`, keyTables.form, problems).entry("formParameters");
  return inside ? readParameters(inside.value, "body", `${where} formParameters`, problems) : [];
}

/** Those of the path that nobody described are text, as in ML Launchpad. */
function pathParameters(segments: ReturnType<typeof segmentsOf>, own: readonly Described[], at: Place): Described[] {
  if (typeof segments === "string") return [...own];
  return segments.flatMap(({ parameter: name }) => {
    if (name === undefined) return [];
    const described = own.find(({ parameter }) => parameter.name === name);
    return [described ?? { at, parameter: { name, in: "path", required: true, schema: { type: "string" } } }];
  });
}

/** GET and POST answer alike: what one of them takes, the other takes too. */
function merge(groups: readonly (readonly Described[])[], path: string, problems: Problems): Parameter[] {
  const merged = new Map<string, Described>();
  for (const described of groups.flat()) {
    const { name } = described.parameter;
    const other = merged.get(name);
    if (!other) merged.set(name, described);
    else if (other.parameter.in === "path") {
      problems.add(described.at, `${path}: ${name} is also a parameter of the path: give one of them another name`);
    } else if (meaning(other.parameter) !== meaning(described.parameter)) {
      problems.add(
        described.at,
        `${path}: ${name} is not what it is on line ${other.at.line}: GET and POST take the same parameters, describe them alike`,
      );
    }
  }
  return [...merged.values()].map(({ parameter }) => parameter);
}

/** What a parameter takes, without where it stands and what it says to people. */
function meaning({ in: _, displayName, description, example, ...rules }: Parameter): string {
  return JSON.stringify(Object.entries(rules).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function checkClash(shape: string, path: string, at: Place, { shapes, problems }: ResourceContext): void {
  const other = shapes.get(shape);
  if (!other) shapes.set(shape, { path, at });
  else problems.add(at, `${path} clashes with ${other.path} on line ${other.at.line}: a request fits both`);
}
