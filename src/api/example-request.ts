import type { ApiDefinition, Parameter } from "./definition.ts";

/** Made up where the API file gives no example. */
const examples: Record<Parameter["type"], string> = { number: "1.5", integer: "1", string: "text", boolean: "true" };

/**
 * Creates the path and query of a request that the API answers: its first resource, with the examples of the API file.
 *
 * @param definition The API.
 * @param basePath What every path begins with: `/iris/v0`.
 *
 * @returns A relative URL: `/iris/v0/varieties?sepal.length=4.9`.
 */
export function exampleUrl(definition: ApiDefinition, basePath: string): string {
  const [resource] = definition.resources;
  if (resource === undefined) return basePath;
  const path = resource.path.replace(/\{(.+?)\}/g, (_, name: string) => {
    const parameter = resource.parameters.find((candidate) => candidate.in === "path" && candidate.name === name);
    return encodeURIComponent(parameter ? exampleOf(parameter) : "1");
  });
  const query = new URLSearchParams();
  for (const parameter of resource.parameters) {
    if (parameter.in === "path" || (!parameter.required && parameter.example === undefined)) continue;
    query.append(parameter.name, exampleOf(parameter));
  }
  return `${basePath}${path}${query.size > 0 ? `?${query}` : ""}`;
}

function exampleOf(parameter: Parameter): string {
  const { example, default: fallback, enum: choices, minimum } = parameter;
  return String([example].flat()[0] ?? fallback ?? choices?.[0] ?? minimum ?? examples[parameter.type]);
}
