import type { Method, Resource } from "../../definition.ts";
import { asksOf } from "../../parameter-from-schema.ts";
import { parametersIn, segmentsOf, shapeOf } from "../../path.ts";
import { flag, present } from "../file/fields.ts";
import type { Described } from "../file/media-types.ts";
import { readStatus } from "../file/status.ts";
import { type Entry, isEmpty, type SourcePosition } from "../file/value.ts";
import { readBody } from "./body.ts";
import type { OpenApiContext } from "./context.ts";
import { keyTables } from "./keys.ts";
import { readParameters } from "./parameter.ts";
import { readResult } from "./result.ts";

/** The paths that were read before, with their lines, by their shapes. */
export type Shapes = Map<string, { path: string; at: SourcePosition }>;

const methods = { get: "GET", post: "POST" } as const satisfies Record<string, Method>;

/**
 * Reads a path with its operations.
 *
 * @param entry The path and what is below it.
 * @param context The whole file.
 * @param shapes The paths before it.
 *
 * @returns A resource for each operation; one for both if they ask the same.
 */
export function readPath(entry: Entry, context: OpenApiContext, shapes: Shapes): Resource[] {
  const { problems } = context;
  const path = entry.key;
  const segments = segmentsOf(path);
  if (typeof segments === "string") {
    problems.add(entry.at, segments);
    return [];
  }
  const shape = shapeOf(segments);
  const other = shapes.get(shape);
  if (other) problems.add(entry.at, `${path} clashes with ${other.path} on line ${other.at.line}: a request fits both`);
  else shapes.set(shape, { path, at: entry.at });

  const fields = context.fields(context.resolve(entry.value, path), path, keyTables.pathItem);
  const shared = readParameters(fields.value("parameters"), path, context);
  const names = parametersIn(segments);
  const resources = Object.entries(methods).flatMap(([key, method]) => {
    const operation = fields.entry(key);
    if (!operation) return [];
    const resource = readOperation(operation, path, method, names, shared, context);
    return [
      { ...present({ displayName: fields.text("summary"), description: fields.text("description") }), ...resource },
    ];
  });
  const [first, second] = resources;
  if (first && second && asksOf(first) === asksOf(second)) return [{ ...second, ...first, methods: ["GET", "POST"] }];
  return resources;
}

function readOperation(
  entry: Entry,
  path: string,
  method: Method,
  names: readonly string[],
  shared: readonly Described[],
  context: OpenApiContext,
): Resource {
  const { problems } = context;
  const where = `${path} ${entry.key}`;
  const fields = context.fields(entry.value, where, keyTables.operation);
  const own = readParameters(fields.value("parameters"), where, context);
  const key = ({ parameter }: Described) => `${parameter.in} ${parameter.name}`;
  const overridden = new Set(own.map(key));
  const described = [...shared.filter((one) => !overridden.has(key(one))), ...own];
  checkPath(described, names, path, entry.at, context);

  const written = fields.entry("requestBody");
  const hasBody = written && !isEmpty(written.value);
  if (hasBody && method === "GET") {
    fields.problem("requestBody", "a get has no body: describe parameters, or make it a post", written.value);
  }
  const body = hasBody && method === "POST" ? readBody(written.value, where, context) : undefined;
  const all = [...described, ...(body?.parameters ?? [])];
  const seen = new Map<string, Described>();
  for (const one of all) {
    const { name } = one.parameter;
    const other = seen.get(name);
    if (other) {
      problems.add(
        one.at,
        `${where}: ${name} is on line ${other.at.line} already, in the ${other.parameter.in}: arguments are known by their names, give one of them another name`,
      );
    } else seen.set(name, one);
  }
  const responses = fields.value("responses");
  const result = responses && readResult(responses, where, context);
  if (responses) context.lines[`${path} ${method}`] = fields.entry("responses")?.at.line ?? entry.at.line;
  return {
    path,
    methods: [method],
    parameters: all.map(({ parameter }) => parameter),
    additional: body?.additional ?? false,
    ...present({
      displayName: fields.text("summary"),
      description: fields.text("description"),
      deprecated: fields.read("deprecated", flag) || undefined,
      body: body?.body,
      result,
      status: responses && readStatus(responses, where, problems),
    }),
  };
}

function checkPath(
  described: readonly Described[],
  names: readonly string[],
  path: string,
  at: SourcePosition,
  { problems }: OpenApiContext,
): void {
  const inPath = described.filter(({ parameter }) => parameter.in === "path");
  for (const { parameter, at: place } of inPath) {
    if (names.includes(parameter.name)) continue;
    problems.add(place, `${path}: ${parameter.name} is not in the path: expected {${parameter.name}} in it`);
  }
  for (const name of names) {
    if (inPath.some(({ parameter }) => parameter.name === name)) continue;
    problems.add(
      at,
      `${path}: {${name}} is not described: expected { name: ${name}, in: path, required: true, schema: { type: string } } below parameters`,
    );
  }
}
