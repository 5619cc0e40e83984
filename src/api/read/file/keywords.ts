/** What the value of a keyword must be. */
export type KeywordKind =
  | "type"
  | "number"
  | "positive"
  | "bound"
  | "count"
  | "flag"
  | "text"
  | "pattern"
  | "data"
  | "list"
  | "schema"
  | "items"
  | "schemas"
  | "named schemas"
  | "names"
  | "named names"
  | "$ref"
  /** For people and other tools; left out. */
  | "metadata"
  /** Changes what is valid, in a way that Launchpad does not know. */
  | "unsupported";

/** The keywords of JSON Schema 2020-12, and those that OpenAPI and older drafts add to them. */
export const keywords: Readonly<Record<string, KeywordKind>> = {
  type: "type",
  enum: "list",
  const: "data",
  multipleOf: "positive",
  minimum: "number",
  maximum: "number",
  exclusiveMinimum: "bound",
  exclusiveMaximum: "bound",
  minLength: "count",
  maxLength: "count",
  pattern: "pattern",
  format: "text",
  contentEncoding: "text",
  contentMediaType: "text",
  contentSchema: "schema",
  items: "items",
  prefixItems: "schemas",
  contains: "schema",
  minContains: "count",
  maxContains: "count",
  minItems: "count",
  maxItems: "count",
  uniqueItems: "flag",
  unevaluatedItems: "schema",
  properties: "named schemas",
  patternProperties: "named schemas",
  additionalProperties: "schema",
  unevaluatedProperties: "schema",
  propertyNames: "schema",
  required: "names",
  dependentRequired: "named names",
  dependentSchemas: "named schemas",
  minProperties: "count",
  maxProperties: "count",
  allOf: "schemas",
  anyOf: "schemas",
  oneOf: "schemas",
  not: "schema",
  if: "schema",
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: "schema",
  else: "schema",
  $ref: "$ref",
  title: "text",
  description: "text",
  default: "data",
  examples: "list",
  deprecated: "flag",
  readOnly: "flag",
  writeOnly: "flag",
  $defs: "metadata",
  definitions: "metadata",
  $schema: "metadata",
  $id: "metadata",
  $comment: "metadata",
  $anchor: "metadata",
  $vocabulary: "metadata",
  $dynamicAnchor: "metadata",
  $dynamicRef: "unsupported",
  $recursiveRef: "unsupported",
};

/** What OpenAPI adds. */
export const openApiKeywords: Readonly<Record<string, KeywordKind>> = {
  ...keywords,
  example: "data",
  discriminator: "data",
  xml: "metadata",
  externalDocs: "metadata",
};

/** What drafts 3 and 4 have and 2020-12 has not: RAML files are full of it. */
export const draftKeywords: Readonly<Record<string, KeywordKind>> = {
  ...keywords,
  example: "data",
  id: "metadata",
  additionalItems: "schema",
  dependencies: "unsupported",
  divisibleBy: "positive",
  disallow: "unsupported",
  extends: "unsupported",
};

/** The types of JSON Schema. */
export const jsonTypes = ["string", "number", "integer", "boolean", "array", "object", "null"] as const;
