import type { ApiDefinition } from "../api/definition.ts";
import { openUnnamedSink, openUnnamedSource, type Unnamed } from "../data/access/unnamed.ts";
import type { Sink, Source } from "../data/types.ts";
import type { Context, Loaded } from "../lifecycle/context.ts";
import type { Meta } from "../store/types.ts";
import { textInputs } from "./row-values.ts";
import { createScorer, type Scorer } from "./scorer.ts";

/** What scores tables: a model, and the data that it reads and writes. */
export interface Batch extends Scorer {
  /** The run that predicts. */
  readonly meta: Meta | undefined;
  /** Opens a source by its name in the configuration, or one that has none there. */
  source(data: string | Unnamed, where: string): Promise<Source>;
  /** Opens a sink by its name in the configuration, or one that has none there. */
  sink(data: string | Unnamed, where: string): Promise<Sink>;
}

/**
 * Opens what scores tables.
 *
 * @param context The lifecycle.
 * @param loaded The model.
 * @param api What the API offers.
 *
 * @returns The model with its data.
 *
 * @throws API_INVALID when a schema is none.
 */
export function openBatch(
  context: Context,
  loaded: Loaded,
  api: { readonly definition: ApiDefinition; readonly resultIsChecked: boolean },
): Batch {
  const { config, host, data, model } = context;
  const results = config.api?.results ?? api.definition.source?.results;
  const scorer = createScorer(context, loaded, {
    ...api,
    // A table has columns of others.
    unknownParameters: "ignore",
    nulls: model.input === undefined,
    ...(results && { results }),
    log: host.log.child("api"),
  });
  const access = data.access("predict");
  const opening = (where: string) => ({ types: data.types, host, where });
  return {
    ...scorer,
    meta: loaded.meta,
    source: async (given, where) =>
      typeof given === "string"
        ? access.source(given)
        : withTexts(await openUnnamedSource(given, opening(where)), textInputs(scorer.signature)),
    sink: async (given, where) =>
      typeof given === "string" ? access.sink(given) : openUnnamedSink(given, opening(where)),
  };
}

/** CSV has no types: what the model takes as text is read as text, `01234` too. */
function withTexts(source: Source, texts: readonly string[]): Source {
  return { ...source, batches: (request) => source.batches({ ...request, texts }) };
}
