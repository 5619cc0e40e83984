import type { Method, Parameter, Resource } from "../../definition.ts";
import { isHeaderName, wrongHeaderName } from "../../header-name.ts";
import { asksOf, dereferenced, meaningOf } from "../../parameter-from-schema.ts";
import { parametersIn, type Segment, segmentsOf, shapeOf } from "../../path.ts";
import { present } from "../file/fields.ts";
import type { Body, Described } from "../file/media-types.ts";
import { readStatus } from "../file/status.ts";
import { type Entry, isEmpty, type SourcePosition, type Value } from "../file/value.ts";
import { argumentsOf } from "../from-model-arguments.ts";
import { readBody } from "./body.ts";
import { fieldsOf, type RamlContext } from "./context.ts";
import { isResourceKey, keyTables } from "./keys.ts";
import { readResult } from "./result.ts";

/** What a resource inherits from those that it is nested in. */
interface Outer {
  readonly path: string;
  readonly uriParameters: readonly Described[];
}

/** What a method asks for and answers. */
interface Operation extends Body {
  readonly method: Method;
  /** Whether nothing is written below it. */
  readonly isEmpty: boolean;
  readonly description?: string | undefined;
  readonly result?: Resource["result"];
  readonly status?: number;
}

/** What a path can end with where a resource has several media types. */
const extension = /(?<=[^/]|^\/)\.?\{(?:ext|mediaTypeExtension)\}$/;

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
  context: RamlContext,
  outer: Outer = { path: "", uriParameters: [] },
): Resource[] {
  const { problems, templates, dialect } = context;
  const key = withoutExtension(entry, context);
  const path = outer.path + key;
  const value = templates.expand(entry.value, path);
  const fields = fieldsOf(value, path, keyTables[dialect.version].resource, problems, isResourceKey);
  const segments = segmentsOf(key);
  const all = segmentsOf(path);
  if (typeof segments === "string") problems.add(entry.at, segments);
  else if (typeof all === "string") problems.add(entry.at, all);
  const described = fields.value("uriParameters");
  const own = described ? dialect.parameters(described, "path", `${path} uriParameters`) : [];
  const uriParameters = [...outer.uriParameters, ...pathParameters(segments, own, key, path, entry.at, context)];
  const operations = (["get", "post"] as const).flatMap((name) => {
    const method = fields.entry(name);
    return method ? [readOperation(method, name === "get" ? "GET" : "POST", path, context)] : [];
  });
  const nested = fields.rest.flatMap((one) => readResource(one, context, { path, uriParameters }));
  if (operations.length === 0 || typeof all === "string") return nested;

  checkClash(shapeOf(all), path, entry.at, context);
  const description = fields.text("description") ?? operations.find((one) => one.description)?.description;
  const shared = { path, ...present({ displayName: fields.text("displayName"), description }) };
  return [...resourcesOf(operations, uriParameters, shared, context), ...nested];
}

/** GET and POST ask the same where only one of them is described; one that comes in a body is for POST only. */
function resourcesOf(
  operations: readonly Operation[],
  uriParameters: readonly Described[],
  shared: Pick<Resource, "path" | "displayName" | "description">,
  context: RamlContext,
): Resource[] {
  const needsBody = operations.some(
    ({ body, parameters }) => body || parameters.some(({ parameter }) => parameter.file && parameter.required),
  );
  const create = (some: readonly Operation[], methods: readonly Method[]): Resource => ({
    ...shared,
    methods,
    parameters: merge([uriParameters, ...some.map(({ parameters }) => parameters)], shared.path, context),
    additional: some.some(({ additional }) => additional),
    ...present({
      body: some.find(({ body }) => body)?.body,
      result: some.find(({ result }) => result)?.result,
      status: some.find(({ status }) => status)?.status,
    }),
  });
  const described = operations.filter(({ isEmpty: nothing }) => !nothing);
  // What nobody describes asks the same as the other one does, as in ML Launchpad.
  if (!needsBody && described.length < 2) return [create(operations, ["GET", "POST"])];
  const resources = operations.map((one) => create([one], [one.method]));
  const [first, second] = resources;
  const same = first && second && !needsBody && asksOf(first) === asksOf(second);
  return same ? [create(operations, ["GET", "POST"])] : resources;
}

function readOperation(entry: Entry, method: Method, path: string, context: RamlContext): Operation {
  const { problems, dialect } = context;
  const where = `${path} ${entry.key}`;
  const fields = fieldsOf(entry.value, where, keyTables[dialect.version].method, problems);
  const query = fields.value("queryParameters");
  const queryString = fields.value("queryString");
  const headers = fields.value("headers");
  const written = fields.value("body");
  const responses = fields.value("responses");
  if (responses) context.lines[`${path} ${method}`] = fields.entry("responses")?.at.line ?? entry.at.line;
  const parameters = query ? dialect.parameters(query, "query", `${where} queryParameters`) : [];
  if (query && queryString) fields.problem("queryString", "is beside queryParameters: keep one of them");
  const whole = queryString && readQueryString(queryString, where, context);
  parameters.push(...(whole?.parameters ?? []));
  parameters.push(...(headers ? dialect.parameters(headers, "header", `${where} headers`) : []));
  for (const { parameter, at } of parameters) {
    const { in: place, name } = parameter;
    if (place === "header" && !isHeaderName(name)) problems.add(at, `${where} headers: ${wrongHeaderName(name)}`);
  }
  const body = written && readBody(written, where, context);
  for (const described of body?.parameters ?? []) {
    const { name } = described.parameter;
    const other = parameters.find(({ parameter }) => parameter.name === name)?.parameter.in;
    if (other === undefined) parameters.push(described);
    else {
      const places = `${other === "query" ? "queryParameters" : "headers"} and in ${bodyName(context)}`;
      problems.add(described.at, `${where}: ${name} is both in ${places}: keep one of them`);
    }
  }
  return {
    method,
    isEmpty: isEmpty(entry.value),
    description: fields.text("description"),
    parameters,
    additional: body?.additional ?? whole?.additional ?? false,
    ...present({
      body: body?.body,
      result: responses && readResult(responses, `${where} responses`, context),
      status: responses && readStatus(responses, where, problems),
    }),
  };
}

function bodyName({ dialect }: RamlContext): string {
  return dialect.version === "0.8" ? "formParameters" : "the body";
}

/** The whole query as one type of RAML 1.0. */
function readQueryString(value: Value, where: string, { dialect, schemas, problems }: RamlContext) {
  const { schema = {} } = dialect.content(value, "form", `${where} queryString`);
  const found = argumentsOf(schema, schemas);
  if (found) {
    const parameters = found.parameters.map((one): Described => ({ at: value.at, parameter: { ...one, in: "query" } }));
    return { parameters, additional: found.additional };
  }
  const { type } = Object(dereferenced(schema, schemas)) as { type?: unknown };
  const hint = type === "string" ? "it is text" : "it is more than that";
  problems.add(value.at, `${where} queryString: expected an object type with properties, ${hint}`);
  return { parameters: [], additional: false };
}

function withoutExtension({ key, at }: Entry, { problems }: RamlContext): string {
  const [found] = extension.exec(key) ?? [];
  if (found === undefined || key.slice(0, -found.length) === "/") return key;
  problems.warn(
    at,
    `extension ${key}`,
    `${key}: ${found} is ignored: Launchpad answers in JSON, whatever a path ends with`,
  );
  return key.slice(0, -found.length);
}

/** Those of the path that nobody described are text, as in ML Launchpad. */
function pathParameters(
  segments: readonly Segment[] | string,
  own: readonly Described[],
  key: string,
  path: string,
  at: SourcePosition,
  { problems }: RamlContext,
): Described[] {
  for (const { parameter, at: place } of own) {
    const { name } = parameter;
    if (key.includes(`{${name}}`) || name === "mediaTypeExtension" || name === "ext") continue;
    problems.add(place, `${path} uriParameters: ${name} is not in the path: expected {${name}} in it`);
  }
  if (typeof segments === "string") return [...own];
  return parametersIn(segments).map((name) => {
    const described = own.find(({ parameter }) => parameter.name === name);
    return described ?? { at, parameter: { name, in: "path", required: true, schema: { type: "string" } } };
  });
}

/** The parameters of a path, and those of a method. */
function merge(
  groups: readonly (readonly Described[])[],
  path: string,
  { problems, schemas }: RamlContext,
): Parameter[] {
  const merged = new Map<string, Described>();
  for (const described of groups.flat()) {
    const { name } = described.parameter;
    const other = merged.get(name);
    if (!other) merged.set(name, described);
    else if (other.parameter.in === "path") {
      problems.add(described.at, `${path}: ${name} is also a parameter of the path: give one of them another name`);
    } else if (meaning(other.parameter, schemas) !== meaning(described.parameter, schemas)) {
      problems.add(
        described.at,
        `${path}: ${name} is not what it is on line ${other.at.line}: an argument has one name, give one of them another`,
      );
    }
  }
  return [...merged.values()].map(({ parameter }) => parameter);
}

function meaning(parameter: Parameter, schemas: RamlContext["schemas"]): string {
  return meaningOf({ ...parameter, schema: dereferenced(parameter.schema, schemas) });
}

function checkClash(shape: string, path: string, at: SourcePosition, { shapes, problems }: RamlContext): void {
  const other = shapes.get(shape);
  if (!other) shapes.set(shape, { path, at });
  else problems.add(at, `${path} clashes with ${other.path} on line ${other.at.line}: a request fits both`);
}
