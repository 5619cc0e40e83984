import type { GenericSchema, InferInput } from "valibot";
import { createApi } from "./api/api.ts";
import { type ApiDefinition, openDefinition } from "./api/definition.ts";
import { defineConfig, isConfig } from "./config/define.ts";
import { showLocation } from "./config/locations.ts";
import { whereIs } from "./config/positions.ts";
import type { Config } from "./config/types.ts";
import { filledSection } from "./config/variables.ts";
import { createData } from "./data/open.ts";
import type { Plugin } from "./data/plugin.ts";
import { LaunchpadError } from "./errors.ts";
import type { Host } from "./host.ts";
import type { Context, Loaded } from "./lifecycle/context.ts";
import { loadTrained } from "./lifecycle/load.ts";
import { type PredictOptions, predict } from "./lifecycle/predict.ts";
import { type RetestOptions, retest } from "./lifecycle/retest.ts";
import { checkSamples } from "./lifecycle/samples.ts";
import { type Trained, type TrainOptions, train } from "./lifecycle/train.ts";
import type { Args, Model, ModelDefinition } from "./model.ts";
import { createStore } from "./store/store.ts";
import type { Meta, ModelList, Store } from "./store/types.ts";

/** What a launchpad is made of. */
export interface LaunchpadOptions<Contents, Input extends GenericSchema> {
  /** A configuration from `loadConfig` or `defineConfig`, or a plain object of the same shape. */
  readonly config: Config | object;
  readonly model: ModelDefinition<Contents, Input>;
  /** What the runtime can do: from `launchpad/node`, `/deno`, `/bun` or `/cloudflare`. */
  readonly host: Host;
  /**
   * The API, or a function that reads it when it is first needed. Without one, and with an `api` section in the
   * configuration, `POST <base path>/predictions` takes any JSON object.
   */
  readonly api?: ApiDefinition | (() => ApiDefinition | Promise<ApiDefinition>);
  /** More types of sources and sinks, from `defineSource` and `defineSink`. */
  readonly plugins?: readonly Plugin[];
}

/** One model: its whole life, and its API. */
export interface Launchpad<Contents = unknown, Arguments = Args> {
  readonly config: Config;
  /** Trains, tests and stores the model, and serves it from then on. */
  train(options?: TrainOptions): Promise<Trained & { readonly model: Contents }>;
  /** Tests the stored model again and adds the metrics to its history. */
  retest(options?: RetestOptions): Promise<Meta["metrics"]>;
  /** Makes one prediction with the stored model. */
  predict(args: Arguments, options?: PredictOptions): Promise<unknown>;
  /** Metadata of everything in the model store. */
  models(): Promise<ModelList>;
  /** Resolves when a request would be answered: model loaded, samples reproduced, sources preloaded, API valid. */
  ready(): Promise<void>;
  /** What the API offers, and the path that its resources are below. */
  api(): Promise<{ readonly definition: ApiDefinition; readonly basePath: string }>;
  /** The API as one Fetch handler. */
  fetch(request: Request): Promise<Response>;
  /** Ends connections of sources, sinks and the store. */
  close(): Promise<void>;
}

/**
 * Creates a launchpad. All state of a model in a process is in here: two launchpads share nothing.
 *
 * @param options The configuration, the model, and what the runtime can do.
 *
 * @returns The verbs of the model's life, and its API.
 *
 * @throws CONFIG_INVALID when the configuration, or a type of source or sink in it, is wrong.
 */
export function createLaunchpad<Contents, Input extends GenericSchema = GenericSchema<Args, Args>>(
  options: LaunchpadOptions<Contents, Input>,
): Launchpad<Contents, InferInput<Input>> {
  const { host } = options;
  const config = isConfig(options.config) ? options.config : defineConfig(options.config, { log: host.log });
  const data = createData({ config, host, plugins: options.plugins ?? [] });
  data.check();

  const major = `v${Number.parseInt(config.model.version, 10)}`;
  const basePath = config.api && `/${config.api.name}/${major}`;
  const openStore = once(() => storeOf(config, host));
  const context: Context = { config, model: options.model as Model, host, data, store: openStore, basePath };

  /** The model that serves; swapped in one assignment. */
  let serving: Loaded | undefined;

  const load = once(async () => {
    const loaded = await loadTrained(context);
    await checkSamples(context, loaded);
    // A training that ended meanwhile has put a newer model here.
    serving ??= loaded;
  });
  const model = async () => {
    if (serving === undefined) await load();
    return serving as Loaded;
  };
  const preload = once(async () => {
    if (!config.api?.preload_datasources) return;
    const access = data.access("predict");
    await Promise.all(access.sources.map((name) => access.source(name).frame()));
  });
  const ready = async () => {
    await data.prepare("predict");
    await Promise.all([api(), model(), preload()]);
  };

  const api = once(async () => {
    if (config.api === undefined || basePath === undefined) {
      throw new LaunchpadError(
        "CONFIG_INVALID",
        `${whereIs(config, [])}: there is no API, because the section api is missing. Expected at least "api: { name: ... }".`,
      );
    }
    const given = typeof options.api === "function" ? await options.api() : options.api;
    const definition = given ?? openDefinition(config.api.name, major);
    if (definition.version !== major) {
      throw new LaunchpadError(
        "API_INVALID",
        `${whereIs(config, ["model", "version"])}: the API's version is ${definition.version}, but the model's version ` +
          `${config.model.version} asks for ${major}. Change the one or the other.`,
      );
    }
    const { fetch } = createApi({
      definition,
      basePath,
      log: host.log.child("api"),
      ready,
      predict: async (args, { signal }) => predict(context, serving ?? (await model()), args, signal),
    });
    return { definition, basePath, fetch };
  });

  return {
    config,
    async train(trainOptions) {
      const { loaded, ...trained } = await train(context, trainOptions);
      if (trained.meta) serving = loaded;
      return trained as Trained & { readonly model: Contents };
    },
    retest: (retestOptions) => retest(context, retestOptions),
    async predict(args, predictOptions = {}) {
      await data.prepare("predict");
      const loaded =
        predictOptions.model === undefined
          ? await model()
          : { contents: predictOptions.model, meta: undefined, columnsOrdered: false };
      return predict(context, loaded, args as Args, predictOptions.signal);
    },
    models: async () => (await openStore()).models(),
    ready,
    api,
    fetch: async (request) => (await api()).fetch(request),
    async close() {
      await data.close();
      if (openStore.started()) await (await openStore()).close();
    },
  };
}

async function storeOf(config: Config, host: Host): Promise<Store> {
  const { location, ...options } = filledSection(config, ["model_store"], host.env);
  if (typeof location !== "string") {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${whereIs(config, ["model_store"])}: model_store: found no location, expected a folder or a URL.`,
    );
  }
  return createStore({
    driver: await host.openStorage(location, options),
    location: showLocation(location, host.files?.cwd),
    now: host.now,
    log: host.log.child("store"),
  });
}

/** Runs a task at its first call and shares the result; one that failed is run again at the next call. */
function once<T>(task: () => Promise<T>): (() => Promise<T>) & { started(): boolean } {
  let running: Promise<T> | undefined;
  const run = () => {
    running ??= task().catch((error) => {
      running = undefined;
      throw error;
    });
    return running;
  };
  return Object.assign(run, { started: () => running !== undefined });
}
