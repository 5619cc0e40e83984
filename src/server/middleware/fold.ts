import type { Answer, Middleware } from "../request-context.ts";

export type { Answer, Middleware };

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

/**
 * Composes layers into one, for what is only known when a request has come.
 *
 * @param layers The layers, the outermost first.
 *
 * @returns One layer; undefined where there is none.
 */
export function compose(layers: readonly (Middleware | undefined)[]): Middleware | undefined {
  return layers
    .filter((layer): layer is Middleware => layer !== undefined)
    .reduceRight<Middleware | undefined>(
      (inner, outer) => (inner === undefined ? outer : (context, next) => outer(context, (it) => inner(it, next))),
      undefined,
    );
}
