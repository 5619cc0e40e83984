import type { Awaitable, RequestContext } from "../request-context.ts";

/** Answers a request; never throws or rejects. */
export type Answer = (context: RequestContext) => Awaitable<Response>;

/** Layer around what answers requests: it may look at a request, change its response, or answer in its place. */
export type Middleware = (context: RequestContext, next: Answer) => Awaitable<Response>;

/**
 * Folds layers into one function, once at the start: a layer costs one call a request, and one that is not there nothing.
 *
 * @param layers The layers, the outermost first.
 * @param answer What answers within all of them.
 *
 * @returns A function that answers through all layers.
 */
export function fold(layers: readonly (Middleware | undefined)[], answer: Answer): Answer {
  return layers.reduceRight<Answer>(
    (next, layer) => (layer === undefined ? next : (context) => layer(context, next)),
    answer,
  );
}
