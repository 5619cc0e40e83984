import type { Part } from "./parameters.ts";

/** Way in which a caller can say who they are. */
export type SecurityScheme = "apiKey" | "bearer" | "jwt" | "mutualTLS";

/** The one table of ways in which a caller can say who they are (OpenAPI 3.1, "Security Scheme Object"). */
const schemes: Readonly<Record<SecurityScheme, Part>> = {
  apiKey: { type: "apiKey", in: "header", name: "x-api-key", description: "A key of this API." },
  bearer: { type: "http", scheme: "bearer", description: "A key of this API, in the header Authorization." },
  jwt: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "A token of the issuer." },
  mutualTLS: { type: "mutualTLS", description: "A certificate of the caller." },
};

/** What whoever may not come in is told. */
const refusals: Readonly<Record<string, { readonly name: string; readonly description: string }>> = {
  401: { name: "Unauthorized", description: "Nothing, or the wrong thing, says who calls." },
  403: { name: "Forbidden", description: "This caller may not ask this." },
};

/**
 * Creates a document that says how callers are known, from one that does not.
 *
 * @param document The document; its paths are those that ask.
 * @param names Ways in which a caller can say who they are, any of which will do.
 *
 * @returns The document; the same one where nobody is asked.
 */
export function withSecurity<T extends object>(document: T, names: readonly SecurityScheme[]): T {
  if (names.length === 0) return document;
  const { paths, components } = document as { readonly paths?: Part; readonly components?: Part };
  const answer = ({ description }: { readonly description: string }) => ({
    description,
    content: { "application/problem+json": { schema: problemOf(components) } },
  });
  const answers = Object.values(refusals).map((refusal) => [refusal.name, answer(refusal)]);
  const referred = Object.entries(refusals).map(([status, { name }]) => [
    status,
    { $ref: `#/components/responses/${name}` },
  ]);
  const told = (operation: unknown): unknown =>
    isPart(operation) && isPart(operation.responses) && !("default" in operation.responses)
      ? { ...operation, responses: { ...Object.fromEntries(referred), ...operation.responses } }
      : operation;
  const each = (part: Part, change: (value: unknown) => unknown): Part =>
    Object.fromEntries(Object.entries(part).map(([key, value]) => [key, change(value)]));
  return {
    ...document,
    security: names.map((name) => ({ [name]: [] })),
    paths: each(paths ?? {}, (item) => (isPart(item) ? each(item, told) : item)),
    components: {
      ...components,
      responses: { ...(isPart(components?.responses) ? components.responses : {}), ...Object.fromEntries(answers) },
      securitySchemes: Object.fromEntries(names.map((name) => [name, schemes[name]])),
    },
  };
}

function problemOf(components: Part | undefined): Part {
  const schemas = components?.schemas;
  return isPart(schemas) && "Problem" in schemas ? { $ref: "#/components/schemas/Problem" } : { type: "object" };
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
