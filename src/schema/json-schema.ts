/** A JSON Schema (2020-12, as in OpenAPI 3.1). What keywords hold in requests is said in `schema/`. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
