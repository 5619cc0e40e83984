import { exampleValue } from "../schema/example.ts";
import type { ApiDefinition, Method, Parameter, Resource } from "./definition.ts";
import { styledText } from "./parameter-style.ts";
import { describesFile } from "./validation/file.ts";

/** A request that the API answers. */
export interface ExampleRequest {
  readonly method: Method;
  /** A relative URL: `/iris/v0/varieties?sepal.length=4.9`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, where arguments cannot stand in a query. */
  readonly body?: string;
  /** The fields of a form in parts, where some of them are files; those have the name of a file to choose, after an `@`. */
  readonly form?: Readonly<Record<string, string>>;
}

/**
 * Creates a request to the first resource of an API, from the examples of the API file.
 *
 * @param definition The API.
 * @param basePath What every path begins with: `/iris/v0`.
 *
 * @returns The request; undefined for an API without resources.
 */
export function exampleRequest(definition: ApiDefinition, basePath: string): ExampleRequest | undefined {
  const [resource] = definition.resources;
  if (resource === undefined) return undefined;
  const { schemas = {} } = definition;
  const exampleOf = ({ example, schema }: Parameter) => example ?? exampleValue(schema, schemas);
  const sent = resource.parameters.filter(({ required, example }) => required || example !== undefined);
  const headers = sent.filter((parameter) => parameter.in === "header");
  const method: Method = resource.methods.includes("GET") && !sent.some(needsBody) ? "GET" : "POST";
  const inBody = method === "POST" ? sent.filter((parameter) => parameter.in === "body") : [];
  const inQuery = sent.filter((parameter) => ["query", "body"].includes(parameter.in) && !inBody.includes(parameter));
  return {
    method,
    url: `${basePath}${pathOf(resource, exampleOf)}${queryOf(inQuery, exampleOf)}`,
    ...(headers.length > 0 && {
      headers: Object.fromEntries(headers.map((one) => [one.name, textOf(exampleOf(one))])),
    }),
    ...(method === "POST" && bodyOf(resource, inBody, exampleOf, schemas)),
  };
}

type ExampleOf = (parameter: Parameter) => unknown;

/** Text has no good form for objects, and none for files. */
function needsBody(parameter: Parameter): boolean {
  return isFile(parameter) || (parameter.in === "body" && typeof parameter.example === "object");
}

function isFile({ schema, file }: Parameter): boolean {
  return file !== undefined || describesFile(schema);
}

function pathOf({ path, parameters }: Resource, exampleOf: ExampleOf): string {
  return path.replace(/\{(.+?)\}/g, (_, name: string) => {
    const parameter = parameters.find((candidate) => candidate.in === "path" && candidate.name === name);
    return parameter ? styledText(parameter, exampleOf(parameter)) : "1";
  });
}

function queryOf(parameters: readonly Parameter[], exampleOf: ExampleOf): string {
  const query = new URLSearchParams();
  for (const parameter of parameters) query.append(parameter.name, textOf(exampleOf(parameter)));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function bodyOf(
  { additional, body }: Resource,
  parameters: readonly Parameter[],
  exampleOf: ExampleOf,
  schemas: NonNullable<ApiDefinition["schemas"]>,
): Pick<ExampleRequest, "body" | "form"> {
  if (parameters.some(isFile)) {
    const fields = parameters.map((one) => [one.name, isFile(one) ? `@${one.name}` : textOf(exampleOf(one))]);
    return { form: Object.fromEntries(fields) };
  }
  if (body) return { body: JSON.stringify(body.example ?? exampleValue(body.schema, schemas)) };
  if (parameters.length === 0 && !additional) return {};
  return { body: JSON.stringify(Object.fromEntries(parameters.map((one) => [one.name, exampleOf(one)]))) };
}

/** One value of a list, as it stands in a query. */
function textOf(value: unknown): string {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" ? JSON.stringify(one) : String(one);
}
