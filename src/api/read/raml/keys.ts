import type { KeyTable } from "../file/fields.ts";

const security = { ignored: "Launchpad does not check who calls: leave that to what stands in front of it" };
const protocols = { ignored: "what stands in front of Launchpad decides about the protocol" };
const method = { ignored: "Launchpad serves GET and POST" };
const raml1 = { refused: "this is of RAML 1.0, and the first line says RAML 0.8: write #%RAML 1.0 there" };
const misplaced = { refused: "is expected below a media type: application/x-www-form-urlencoded" };
const formOnly = { refused: "is not supported for a form: describe its fields below formParameters" };

/** What was read before, and has no meaning where it is left: `is` and `type` of a resource. */
const expanded = "metadata";

const file = {
  title: "read",
  version: "read",
  documentation: "read",
  mediaType: "read",
  schemas: "read",
  baseUri: "metadata",
  baseUriParameters: "metadata",
  protocols,
  securitySchemes: security,
  securedBy: security,
  resourceTypes: "metadata",
  traits: "metadata",
} as const satisfies KeyTable;

const resource = {
  displayName: "read",
  description: "read",
  uriParameters: "read",
  get: "read",
  post: "read",
  put: method,
  delete: method,
  patch: method,
  head: { ignored: "Launchpad answers HEAD wherever it answers GET" },
  options: { ignored: "Launchpad answers OPTIONS itself" },
  trace: method,
  connect: method,
  securedBy: security,
  is: expanded,
  type: expanded,
} as const satisfies KeyTable;

const operation = {
  description: "read",
  queryParameters: "read",
  headers: "read",
  body: "read",
  responses: "read",
  displayName: "metadata",
  formParameters: { refused: "is expected below body: application/x-www-form-urlencoded:" },
  protocols,
  securedBy: security,
  is: expanded,
} as const satisfies KeyTable;

const response = {
  description: "read",
  body: "read",
  headers: { ignored: "Launchpad sets the headers of a response itself" },
} as const satisfies KeyTable;

/** The one table of the keys of RAML 0.8 and 1.0, by where they stand. */
export const keyTables = {
  "0.8": {
    file: { ...file, types: raml1, uses: raml1, annotationTypes: raml1, description: raml1 },
    resource: { ...resource, baseUriParameters: "metadata" },
    method: { ...operation, baseUriParameters: "metadata", queryString: raml1 },
    response,
  },
  "1.0": {
    file: {
      ...file,
      description: "read",
      types: "read",
      annotationTypes: "metadata",
      uses: "metadata",
      extends: { refused: "overlays and extensions are not supported: write what they change into the API file" },
    },
    resource,
    method: { ...operation, queryString: "read" },
    response,
  },
} as const satisfies Record<string, Record<string, KeyTable>>;

/** The keys of a library of RAML 1.0, of which types, traits and resource types are used. */
export const libraryKeys: KeyTable = {
  types: "read",
  schemas: "read",
  uses: "read",
  usage: "metadata",
  annotationTypes: "metadata",
  securitySchemes: security,
  traits: "read",
  resourceTypes: "read",
};

/** The keys of what both versions describe alike. */
export const documentationKeys: KeyTable = { title: "read", content: "read" };

/** The keys below a body of RAML 0.8 that are no media types. */
export const misplacedKeys: KeyTable = { formParameters: misplaced, schema: misplaced, example: misplaced };

/** The keys below a media type of RAML 0.8. */
export const mediaKeys = {
  form: { formParameters: "read", example: "metadata", schema: formOnly },
  multipart: { formParameters: "read", example: "metadata", schema: formOnly },
  json: {
    schema: "read",
    example: "read",
    formParameters: {
      refused: "is expected below application/x-www-form-urlencoded; POST takes the fields as JSON too",
    },
  },
} as const satisfies Record<string, KeyTable>;

/** The facets of a named parameter of RAML 0.8. */
export const parameterKeys = {
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
  fileTypes: "read",
  example: "read",
  displayName: "read",
  description: "read",
} as const satisfies KeyTable;

/** The facets of a type of RAML 1.0, of whatever kind. */
export const typeKeys = {
  type: "read",
  schema: "read",
  displayName: "read",
  description: "read",
  example: "read",
  examples: "read",
  default: "read",
  required: "read",
  enum: "read",
  properties: "read",
  additionalProperties: "read",
  minProperties: "read",
  maxProperties: "read",
  discriminator: { ignored: "which type a value has is seen by what fits" },
  discriminatorValue: "metadata",
  items: "read",
  minItems: "read",
  maxItems: "read",
  uniqueItems: "read",
  pattern: "read",
  minLength: "read",
  maxLength: "read",
  minimum: "read",
  maximum: "read",
  multipleOf: "read",
  format: "read",
  fileTypes: "read",
  facets: "metadata",
  xml: "metadata",
} as const satisfies KeyTable;

/** Whether a key below the file or below a resource is a resource. */
export const isResourceKey = (key: string): boolean => key.startsWith("/");

/** Annotations, which are for other tools. */
export const isAnnotation = (key: string): boolean => key.startsWith("(") && key.endsWith(")");
