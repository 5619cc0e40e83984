import type { QueryPairs } from "./query.ts";

/** The fields of a form, in order; of a form that is encoded like a query, values as they were sent as well. */
export type Fields = Iterable<readonly [name: string, value: string | File, sent?: string]>;

/** The fields of a form, some of which may be files; or JSON. */
export type Body = { readonly fields: Fields } | { readonly json: unknown };

/** What a request carries. */
export interface ResourceInput {
  readonly query: QueryPairs;
  /** The parameters of the path, with their escapes. */
  readonly path: Readonly<Record<string, string>>;
  readonly headers?: Headers;
  readonly body?: Body | undefined;
}
