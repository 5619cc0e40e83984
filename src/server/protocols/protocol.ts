import type { Route } from "../../api/routes.ts";
import type { ApiOptions } from "../api-options.ts";
import type { Handlers } from "../request-context.ts";

/** Path of an API, and its handlers. */
export interface Endpoint {
  /** The path, as the router takes it. */
  readonly route: Pick<Route, "segments">;
  /** The path with its parameters by name, `/iris/v0/varieties/{id}`: the name under which it is counted and logged. */
  readonly template: string;
  readonly handlers: Handlers;
  /** Whether it is the model that answers: then the time-out holds, and its failures are counted. */
  readonly predicts: boolean;
}

/** Protocol in which callers ask a model: a pure table of endpoints, which holds nothing. */
export interface Protocol {
  /** Name in `api.protocols`. */
  readonly name: string;
  /**
   * Endpoints of a model.
   *
   * @param options The API of the model.
   * @param taken Paths that are taken already.
   *
   * @throws API_INVALID when paths clash.
   */
  endpoints(options: ApiOptions, taken: readonly string[]): readonly Endpoint[];
}
