import type { KeyTable } from "../file/fields.ts";

const security = { ignored: "Launchpad does not check who calls: leave that to what stands in front of it" };
const protocols = { ignored: "what stands in front of Launchpad decides about the protocol" };
const method = { ignored: "Launchpad serves GET and POST" };
const traits = { refused: "traits are not supported: write what they say where it is needed" };
const resourceTypes = { refused: "resource types are not supported: write what they say where it is needed" };
const raml1 = { refused: "this is RAML 1.0, and Launchpad reads RAML 0.8: describe each parameter where it is used" };
const misplaced = { refused: "is expected below a media type: application/x-www-form-urlencoded" };
const formOnly = { refused: "is not supported for a form: describe its fields below formParameters" };

/** The one table of the keys of RAML 0.8, by where they stand. */
export const keyTables = {
  file: {
    title: "read",
    version: "read",
    documentation: "read",
    schemas: "read",
    baseUri: "metadata",
    baseUriParameters: "metadata",
    mediaType: { ignored: "name the media type below each body" },
    protocols,
    securitySchemes: security,
    securedBy: security,
    resourceTypes,
    traits,
    types: raml1,
    uses: raml1,
  },
  documentation: { title: "read", content: "read" },
  resource: {
    displayName: "read",
    description: "read",
    uriParameters: "read",
    get: "read",
    post: "read",
    baseUriParameters: "metadata",
    put: method,
    delete: method,
    patch: method,
    head: { ignored: "Launchpad answers HEAD wherever it answers GET" },
    options: { ignored: "Launchpad answers OPTIONS itself" },
    trace: method,
    connect: method,
    securedBy: security,
    is: traits,
    type: resourceTypes,
  },
  method: {
    description: "read",
    queryParameters: "read",
    body: "read",
    responses: "read",
    displayName: "metadata",
    baseUriParameters: "metadata",
    headers: { ignored: "Launchpad passes no headers to the model" },
    formParameters: { refused: "is expected below body: application/x-www-form-urlencoded:" },
    protocols,
    securedBy: security,
    is: traits,
  },
  body: {
    "application/x-www-form-urlencoded": "read",
    "application/json": "read",
    "multipart/form-data": {
      refused: "files are not supported: expected application/x-www-form-urlencoded with formParameters",
    },
    formParameters: misplaced,
    schema: misplaced,
    example: misplaced,
  },
  form: { formParameters: "read", example: "metadata", schema: formOnly },
  jsonBody: {
    example: "metadata",
    schema: {
      refused:
        "schemas of JSON bodies are not supported: describe the fields as queryParameters, and POST them as JSON",
    },
    formParameters: {
      refused: "is expected below application/x-www-form-urlencoded; POST takes the fields as JSON too",
    },
  },
  response: {
    description: "read",
    body: "read",
    headers: { ignored: "Launchpad sets the headers of a response itself" },
  },
  responseBody: { "application/json": "read" },
  result: { schema: "read", example: "read" },
  parameter: {
    type: "read",
    required: "read",
    default: "read",
    enum: "read",
    minimum: "read",
    maximum: "read",
    minLength: "read",
    maxLength: "read",
    pattern: "read",
    repeat: "read",
    example: "read",
    displayName: "read",
    description: "read",
  },
} as const satisfies Record<string, KeyTable>;
