import { takeName } from "../../../util/unique-name.ts";
import type { ApiDefinition, Method, Parameter, Resource } from "../../definition.ts";
import { isRequired } from "../../parameter-from-schema.ts";
import { bodyOf } from "./body.ts";
import { type Part, parameterOf } from "./parameters.ts";
import type { Responses } from "./responses.ts";
import type { Schemas } from "./schemas.ts";

/**
 * Creates the paths of a document.
 *
 * @param definition The API.
 * @param schemas Gets the schemas.
 * @param responses Creates the responses.
 * @param ignoresOthers Whether arguments that are not described are ignored, and not refused.
 *
 * @returns Path items by path. Two resources whose paths differ in the names of parameters only are one path.
 */
export function pathsOf(
  definition: ApiDefinition,
  schemas: Schemas,
  responses: Responses,
  ignoresOthers: boolean,
): Part {
  const paths = new Map<string, Part>();
  const first = new Map<string, string>();
  const ids = new Set<string>();
  const names = new Set<string>();
  for (const given of definition.resources) {
    const shape = given.path.replace(/\{[^{}]*\}/g, "{}");
    const path = first.get(shape) ?? given.path;
    first.set(shape, path);
    const resource = withPath(given, path);
    const item = paths.get(path) ?? {};
    paths.set(path, item);
    const words = wordsOf(path);
    const name = takeName(words || "Root", names);
    for (const method of resource.methods) {
      if (!canBeAsked(resource, method)) continue;
      const operationId = takeName(`${method.toLowerCase()}${words}`, ids);
      item[method.toLowerCase()] = {
        operationId,
        ...tagOf(path),
        ...(resource.displayName !== undefined && { summary: resource.displayName }),
        ...(resource.description !== undefined && { description: resource.description }),
        ...(resource.deprecated && { deprecated: true }),
        ...argumentsOf(resource, method, name, schemas, ignoresOthers),
        responses: responses.of(resource, method, name),
      };
    }
  }
  return Object.fromEntries(paths);
}

/** The names of a path's parameters are nothing that a client sees. */
function withPath(resource: Resource, path: string): Resource {
  if (resource.path === path) return resource;
  const [olds, news] = [resource.path, path].map((text) =>
    Array.from(text.matchAll(/\{([^{}]*)\}/g), ([, name]) => name),
  );
  const renamed = (parameter: Parameter): Parameter => {
    const name = parameter.in === "path" ? news?.[olds?.indexOf(parameter.name) ?? -1] : undefined;
    return name === undefined ? parameter : { ...parameter, name };
  };
  return { ...resource, path, parameters: resource.parameters.map(renamed) };
}

/** A file cannot be sent in a query. */
function canBeAsked({ parameters }: Resource, method: Method): boolean {
  return method !== "GET" || !parameters.some((parameter) => parameter.file && isRequired(parameter));
}

/**
 * Arguments of the query and of the body are interchangeable, so GET takes all of them in the query, and POST in the body
 * where GET already says that the query will do, too.
 */
function argumentsOf(resource: Resource, method: Method, name: string, schemas: Schemas, ignoresOthers: boolean): Part {
  const { parameters, methods, body, additional } = resource;
  const inQuery = ({ in: place, file }: Parameter) =>
    method === "GET"
      ? (place === "query" || place === "body") && file === undefined
      : place === "query" && file === undefined && (body !== undefined || !methods.includes("GET"));
  const listed = parameters.flatMap((parameter) => {
    const { in: place } = parameter;
    if (place === "path" || place === "header") return [parameterOf(parameter, place, schemas)];
    return inQuery(parameter) ? [parameterOf(parameter, "query", schemas)] : [];
  });
  if (method === "GET" && additional) listed.push(anythingElse(parameters));
  const fields = parameters.filter(
    (parameter) => (parameter.in === "query" || parameter.in === "body") && !inQuery(parameter),
  );
  const requestBody =
    method === "POST" ? bodyOf(resource, fields, `${name}Arguments`, schemas, ignoresOthers) : undefined;
  return { ...(listed.length > 0 && { parameters: listed }), ...(requestBody && { requestBody }) };
}

/** How OpenAPI says that a query may hold what nobody described: the properties of an object, each a parameter. */
function anythingElse(parameters: readonly Parameter[]): Part {
  return {
    name: takeName("arguments", new Set(parameters.map(({ name }) => name))),
    in: "query",
    description: "Whatever else the model understands.",
    style: "form",
    explode: true,
    schema: { type: "object", additionalProperties: true },
    example: {},
  };
}

/** What belongs together on a page: resources whose paths begin alike. */
function tagOf(path: string): Part {
  const [, first = ""] = path.split("/");
  return first === "" || first.startsWith("{") ? {} : { tags: [first] };
}

/** `VarietiesById` for `/varieties/{id}`. */
function wordsOf(path: string): string {
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  return path
    .split("/")
    .flatMap((segment) => (segment.startsWith("{") ? ["by", segment] : [segment]))
    .flatMap((segment) => segment.match(/[A-Za-z0-9]+/g) ?? [])
    .map(capital)
    .join("");
}
