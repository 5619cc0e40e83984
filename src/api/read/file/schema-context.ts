import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { Problems } from "./problems.ts";
import type { ScalarValue } from "./value.ts";

/** The variants of JSON Schema that API files are written in. */
export type Dialect = "draft-04" | "openapi-3.0" | "openapi-3.1";

/** What reading a schema needs besides the schema. */
export interface SchemaContext {
  readonly dialect: Dialect;
  readonly problems: Problems;
  /** Schema of a reference; adds the problem of one that leads nowhere. */
  reference(ref: ScalarValue, where: string): JsonSchema;
}
