import type { ApiDefinition, Parameter, Resource } from "./definition.ts";
import { type ValueType, valueRulesOf } from "./values.ts";

/** A request that the API answers. */
export interface ExampleRequest {
  readonly method: "GET" | "POST";
  /** A relative URL: `/iris/v0/varieties?sepal.length=4.9`. */
  readonly url: string;
  /** JSON, for a resource that takes arguments which nobody described. */
  readonly body?: string;
}

/** Made up where the API file gives no example. */
const examples: Record<ValueType, string> = { number: "1.5", integer: "1", string: "text", boolean: "true" };

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
  const method = resource.methods.includes("GET") ? "GET" : "POST";
  const url = `${basePath}${pathOf(resource)}${queryOf(resource)}`;
  return { method, url, ...(resource.additional && method === "POST" && { body: "{}" }) };
}

function pathOf({ path, parameters }: Resource): string {
  return path.replace(/\{(.+?)\}/g, (_, name: string) => {
    const parameter = parameters.find((candidate) => candidate.in === "path" && candidate.name === name);
    return encodeURIComponent(parameter ? exampleOf(parameter) : "1");
  });
}

function queryOf({ parameters }: Resource): string {
  const query = new URLSearchParams();
  for (const parameter of parameters) {
    if (parameter.in === "path" || (!parameter.required && parameter.example === undefined)) continue;
    query.append(parameter.name, exampleOf(parameter));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function exampleOf(parameter: Parameter): string {
  const { example, schema } = parameter;
  const { rules } = valueRulesOf(schema);
  const fallback = typeof schema === "object" ? [schema.default].flat()[0] : undefined;
  return String([example].flat()[0] ?? fallback ?? rules.enum?.[0] ?? rules.minimum ?? examples[rules.type]);
}
