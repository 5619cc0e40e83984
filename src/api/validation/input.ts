import type { QueryPairs } from "./query.ts";

/** The fields of a form, in order. */
export type Fields = Iterable<readonly [name: string, value: string | File]>;

/** The fields of a form, some of which may be files; or JSON. */
export type Body = { readonly fields: Fields } | { readonly json: unknown };

/** What a request carries. */
export interface ResourceInput {
  readonly query: QueryPairs;
  /** The decoded parameters of the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly headers?: Headers;
  readonly body?: Body | undefined;
}
