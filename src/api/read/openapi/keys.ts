import type { KeyTable } from "../file/fields.ts";

const security = { ignored: "Launchpad does not check who calls: leave that to what stands in front of it" };
const method = { ignored: "Launchpad serves get and post" };
const servers = { ignored: "Launchpad serves every path where it is told to" };
const callbacks = { ignored: "Launchpad calls nobody" };
const serialization = {
  style: "read",
  explode: "read",
  allowReserved: "metadata",
  allowEmptyValue: { ignored: "an empty text is a text" },
} as const;

/** The one table of the keys of OpenAPI 3.0 and 3.1, by where they stand. Keys that begin with `x-` are other tools'. */
export const keyTables = {
  file: {
    openapi: "read",
    info: "read",
    servers: "read",
    paths: "read",
    components: "read",
    security,
    tags: "metadata",
    externalDocs: "metadata",
    webhooks: callbacks,
    jsonSchemaDialect: { ignored: "schemas are read as OpenAPI 3.1 defines them" },
    swagger: { refused: "this is Swagger 2.0: convert the file to OpenAPI 3.0 or 3.1" },
  },
  info: {
    title: "read",
    version: "read",
    description: "read",
    summary: "read",
    termsOfService: "metadata",
    contact: "metadata",
    license: "metadata",
  },
  server: { url: "read", description: "metadata", variables: "metadata", name: "metadata" },
  pathItem: {
    summary: "read",
    description: "read",
    parameters: "read",
    get: "read",
    post: "read",
    $ref: "metadata",
    put: method,
    delete: method,
    patch: method,
    trace: method,
    head: { ignored: "Launchpad answers HEAD wherever it answers GET" },
    options: { ignored: "Launchpad answers OPTIONS itself" },
    servers,
  },
  operation: {
    summary: "read",
    description: "read",
    deprecated: "read",
    parameters: "read",
    requestBody: "read",
    responses: "read",
    operationId: "metadata",
    tags: "metadata",
    externalDocs: "metadata",
    callbacks,
    security,
    servers,
  },
  parameter: {
    name: "read",
    in: "read",
    description: "read",
    required: "read",
    deprecated: "read",
    schema: "read",
    content: "read",
    example: "read",
    examples: "read",
    ...serialization,
  },
  requestBody: { description: "read", content: "read", required: "read" },
  mediaType: { schema: "read", example: "read", examples: "read", encoding: "read" },
  encoding: {
    contentType: "read",
    headers: { ignored: "Launchpad reads no headers of a part" },
    ...serialization,
  },
  response: {
    description: "read",
    content: "read",
    headers: { ignored: "Launchpad sets the headers of a response itself" },
    links: { ignored: "Launchpad does not follow links" },
  },
  example: {
    value: "read",
    summary: "metadata",
    description: "metadata",
    externalValue: { ignored: "Launchpad fetches nothing: write the value here" },
  },
} as const satisfies Record<string, KeyTable>;

/** Extensions, which belong to other tools. */
export const isExtension = (key: string): boolean => key.startsWith("x-");
