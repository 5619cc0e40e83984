import type { ApiDefinition } from "./api/definition.ts";
import type { Source } from "./data/types.ts";
import { isLaunchpadError, LaunchpadError, messageOf } from "./errors.ts";
import { type ActiveModel, createActiveModel, type RefreshOptions, type WaitUntil } from "./lifecycle/active-model.ts";
import type { Context } from "./lifecycle/context.ts";
import { createModelApi } from "./server/create-model-api.ts";
import type { ModelApi } from "./server/models/model-api.ts";
import type { Execution } from "./server/request-context.ts";
import { memoizeAsync } from "./util/memoize-async.ts";

/** What an API offers. */
export interface Described {
  readonly definition: ApiDefinition;
  /** Whether its results are those of the model's own schema, which the lifecycle checks already. */
  readonly resultIsChecked: boolean;
}

/** What a service is made of besides the lifecycle. */
export interface ServiceOptions {
  /** Finds what the API offers. */
  describe(): Promise<Described>;
  /** Answers a request when the API cannot be opened; without it, `fetch` rejects. */
  unopened?(error: unknown, request: Request): Response;
}

/** A model that serves, and its API. */
export interface ModelService {
  readonly serving: ActiveModel;
  /** Looks now for a newer model to serve. */
  refresh(options?: RefreshOptions): Promise<boolean>;
  /** Resolves when a request would be answered: model loaded, samples reproduced, sources preloaded, API valid. */
  ready(): Promise<void>;
  /** Writes what waits, and lets the model go. */
  close(): Promise<void>;
  /** What the API offers, and the path that its resources are below. */
  api(): Promise<ModelApi>;
  /** The API as one Fetch handler. */
  fetch(request: Request, second?: Execution | object | null, execution?: Execution): Response | Promise<Response>;
}

/**
 * Server of a model; nothing is loaded before it is needed.
 *
 * @param context The lifecycle.
 * @param options What the API offers.
 *
 * @returns The model that serves, and its API.
 */
export function createModelService(context: Context, { describe, unopened }: ServiceOptions): ModelService {
  const { config, data } = context;
  const serving = createActiveModel(context);

  const preload = memoizeAsync(async () => {
    if (!config.api?.preload_datasources) return;
    const access = data.access("predict");
    await Promise.all(access.sources.map((name) => preloaded(access.source(name))));
  });
  const ready = async (waitUntil?: WaitUntil) => {
    await data.prepare("predict");
    const [{ look, prepare }] = await Promise.all([api(), serving.model(waitUntil), preload()]);
    await prepare();
    // What is tried besides is no reason not to be ready.
    lookedOnce ??= look().catch(() => {});
    await lookedOnce;
  };
  const refresh = async (options?: RefreshOptions) => {
    await data.prepare("predict");
    const [swapped] = await Promise.all([serving.refresh(options), opened?.look()]);
    return swapped;
  };
  let lookedOnce: Promise<void> | undefined;
  /** What serves by now: a request that finds it waits for nothing. */
  let opened: ModelApi | undefined;
  const api = memoizeAsync(async () => {
    opened = await createModelApi({ context, serving, ...(await describe()), ready, refresh });
    return opened;
  });

  return {
    serving,
    refresh,
    ready: () => ready(),
    async close() {
      await opened?.close();
      await serving.close();
    },
    api,
    fetch(request, second, third) {
      const execution = (third ?? second ?? undefined) as Execution | undefined;
      if (opened) return opened.fetch(request, execution);
      return api().then((it) => it.fetch(request, execution), unopened && ((error) => unopened(error, request)));
    },
  };
}

/** A source says where its data is; whoever waits for it wants to know which source that is. */
async function preloaded(source: Source): Promise<void> {
  try {
    await source.frame();
  } catch (cause) {
    const message = `[${source.type}] ${source.name} cannot be preloaded (api.preload_datasources): ${messageOf(cause)}`;
    throw new LaunchpadError(isLaunchpadError(cause) ? cause.code : "DATA_UNAVAILABLE", message, { cause });
  }
}
