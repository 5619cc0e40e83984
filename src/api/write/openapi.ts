import type { ApiDefinition } from "../definition.ts";
import { type DocumentedJobs, withJobs } from "./openapi/jobs.ts";
import { pathsOf } from "./openapi/operations.ts";
import type { Part } from "./openapi/parameters.ts";
import { createResponses } from "./openapi/responses.ts";
import { createSchemas, type Schemas } from "./openapi/schemas.ts";

/** A description of an API in OpenAPI 3.1: plain JSON. */
export interface OpenApiDocument extends Part {
  readonly openapi: "3.1.0";
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly servers: readonly [{ readonly url: string }];
  readonly paths: Part;
  readonly components?: Part;
}

export interface OpenApiDocumentOptions {
  /**
   * The URL that paths follow. One that is relative is relative to the document's own, so that it follows whatever the API
   * is mounted below and whatever stands in front of it: `./iris/v0` for a document at `/openapi.json`.
   */
  readonly server: string;
  /** The version of the API; that of the definition (`v0`) unless told. */
  readonly version?: string;
  /** Whether to describe what the server adds to every response: problems and header fields. Default: true. */
  readonly complete?: boolean;
  /** What happens to parameters that are not described; they are refused, unless told. */
  readonly unknownParameters?: "refuse" | "ignore" | undefined;
  /** What is said of answers in their own time; nothing, unless told. */
  readonly jobs?: DocumentedJobs | undefined;
  /** Adds other paths to those of the API, by the schemas of the document. */
  more?: ((paths: Part, schemas: Schemas) => Part) | undefined;
}

/**
 * Creates the OpenAPI document of an API (https://spec.openapis.org/oas/v3.1.0).
 *
 * @param definition The API.
 * @param options Where it is, and how much to say.
 *
 * @returns The document, as plain JSON.
 */
export function createOpenApiDocument(definition: ApiDefinition, options: OpenApiDocumentOptions): OpenApiDocument {
  const { title, description } = definition;
  const schemas = createSchemas(definition.schemas);
  const responses = createResponses(schemas, { complete: options.complete ?? true });
  const own = pathsOf(definition, schemas, responses, options.unknownParameters === "ignore");
  const told: { readonly paths: Part; readonly components?: Part } = options.jobs
    ? withJobs({ paths: own }, options.jobs)
    : { paths: own };
  const paths = options.more?.(told.paths, schemas) ?? told.paths;
  const named = { ...schemas.components(), ...(told.components?.schemas as Part | undefined) };
  const components: Part = {
    ...(Object.keys(named).length > 0 && { schemas: named }),
    ...responses.components,
  };
  return {
    openapi: "3.1.0",
    info: { title, version: options.version ?? definition.version, ...(description !== undefined && { description }) },
    servers: [{ url: options.server }],
    paths,
    ...(Object.keys(components).length > 0 && { components }),
  };
}
