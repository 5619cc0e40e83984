import type { GenericSchema, InferInput } from "valibot";
import type { ApiDefinition } from "./api/definition.ts";
import { tryExamples } from "./api/validation/try-examples.ts";
import { type Batch, openBatch } from "./batch/open-batch.ts";
import { defineConfig, isConfig } from "./config/define.ts";
import { whereIs } from "./config/source-map.ts";
import type { Config } from "./config/types.ts";
import { createData } from "./data/access/create-data.ts";
import type { Plugin } from "./data/access/plugin.ts";
import { LaunchpadError, messageOf } from "./errors.ts";
import type { Host } from "./host.ts";
import type { RefreshOptions } from "./lifecycle/active-model.ts";
import { type Loaded, majorOf, type TrainingContext } from "./lifecycle/context.ts";
import { loadRun } from "./lifecycle/load-model.ts";
import { type PredictOptions, predict } from "./lifecycle/predict.ts";
import { predictRows, type RowOutcome } from "./lifecycle/predict-rows.ts";
import { prepare } from "./lifecycle/prepare.ts";
import { type RetestOptions, retest } from "./lifecycle/train/retest.ts";
import { type Trained, type TrainOptions, train } from "./lifecycle/train/train.ts";
import type { Args, Model, ModelDefinition } from "./model/define.ts";
import { schemaBreaks } from "./schema/compat/breaks.ts";
import { outputDocumentOf } from "./schema/from-valibot.ts";
import { contractOf, describedByModel } from "./server/described-model.ts";
import type { ModelApi } from "./server/models/model-api.ts";
import type { Execution } from "./server/request-context.ts";
import { createModelService } from "./service.ts";
import { type LazyStore, lazyStore } from "./store/lazy-store.ts";
import { openStore } from "./store/open-store.ts";
import { createSigning } from "./store/signing/signing.ts";
import type { Meta, ModelList, RunName } from "./store/types.ts";
import { memoizeAsync, memoizeWhile } from "./util/memoize-async.ts";

/** What a launchpad is made of. */
export interface LaunchpadOptions<Contents, Input extends GenericSchema> {
  /** A configuration from `loadConfig` or `defineConfig`, or a plain object of the same shape. */
  readonly config: Config | object;
  readonly model: ModelDefinition<Contents, Input>;
  /** What the runtime can do: from `mllaunchpad/node`, `/deno`, `/bun` or `/cloudflare`. */
  readonly host: Host;
  /**
   * The API, or a function that reads it when it is first needed. Without one, and with an `api` section in the
   * configuration, there is one resource, `<base path>/predictions` unless `api.resource` names it: what the model's
   * `input` and `output` say of it; if they say nothing, POST takes any JSON object.
   */
  readonly api?: ApiDefinition | ((about: AboutApi) => ApiDefinition | Promise<ApiDefinition>);
  /** More types of sources and sinks, from `defineSource` and `defineSink`. */
  readonly plugins?: readonly Plugin[];
}

/** What the configuration says of an API, for whoever reads its description. */
export interface AboutApi {
  /** `v` and the major version of the model. */
  readonly version: string;
  /** `/<api.name>/<version>`. */
  readonly basePath: string;
}

/** One model: its whole life, and its API. */
export interface Launchpad<Contents = unknown, Arguments = Args> {
  readonly config: Config;
  /** What the runtime can do. */
  readonly host: Host;
  /** Trains, tests and stores the model, and serves it from then on if it may. */
  train(options?: TrainOptions): Promise<Trained & { readonly model: Contents }>;
  /** Tests the stored model again and adds the metrics to its history. */
  retest(options?: RetestOptions): Promise<Meta["metrics"]>;
  /** Makes one prediction with the stored model. */
  predict(args: Arguments, options?: PredictOptions): Promise<unknown>;
  /**
   * Predicts rows with the stored model: as many outcomes, in the order of the rows, each a prediction or an error. They go
   * together where the model has `predictBatch`. Rejects with PREDICT_FAILED when that returns another number of predictions,
   * and with ABORTED.
   */
  predictBatch(rows: readonly Arguments[], options?: PredictOptions): Promise<readonly RowOutcome[]>;
  /** The model that serves now, or another of its runs, to score tables with. */
  batch(run?: RunName): Promise<Batch>;
  /** Metadata of everything in the model store. */
  models(): Promise<ModelList>;
  /** The model store; opened when it is first used. */
  readonly store: LazyStore;
  /**
   * Looks now for a newer model to serve, instead of every `model_store.refresh` seconds. Resolves with whether another
   * one serves now. Rejects when the newer one cannot be loaded or does not reproduce the samples; the one before goes on.
   * A timer passes `scheduled`: a run that has failed is then tried again less and less often, not every time.
   */
  refresh(options?: RefreshOptions): Promise<boolean>;
  /** Resolves when a request would be answered: model loaded, samples reproduced, sources preloaded, API valid. */
  ready(): Promise<void>;
  /** What the API offers, and the path that its resources are below. */
  api(): Promise<ModelApi>;
  /**
   * The API as one Fetch handler; never throws or rejects once the API is valid. `execution` is what a Worker's
   * handler gets, and can come second or, as frameworks such as Hono hand it over, after something that is ignored.
   */
  fetch(request: Request, second?: Execution | object | null, execution?: Execution): Response | Promise<Response>;
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

  const major = majorOf(config.model.version);
  const basePath = config.api && `/${config.api.name}/${major}`;
  const openModelStore = memoizeAsync(() => openStore(config, host));

  const readDescription = async () => {
    if (config.api === undefined) {
      throw new LaunchpadError(
        "CONFIG_INVALID",
        `${whereIs(config, [])}: there is no API, because the section api is missing. Expected at least "api: { name: ... }".`,
      );
    }
    const about = { version: major, basePath: basePath ?? "" };
    const given = typeof options.api === "function" ? await options.api(about) : options.api;
    const definition = given ?? (await describedByModel(options.model as Model, config.api, major));
    if (definition.version === major) {
      return { definition, resultIsChecked: given === undefined && options.model.output !== undefined };
    }
    throw new LaunchpadError(
      "API_INVALID",
      `${whereIs(config, ["model", "version"])}: the API's version is ${definition.version}, but the model's version ` +
        `${config.model.version} asks for ${major}. Change the one or the other.`,
    );
  };
  // Some models know only when they have been trained what they take.
  const describe = memoizeWhile(() => options.model.input, readDescription);
  const context: TrainingContext = {
    config,
    model: options.model as Model,
    host,
    data,
    store: openModelStore,
    basePath,
    contract: async () => (config.api ? contractOf(await describe()) : undefined),
    outputs: {
      describe: outputDocumentOf,
      compare: (before, after, at) => schemaBreaks(before, after, { direction: "response", at }),
    },
    checkSigning: () => createSigning(config, host.env).check(),
  };
  const { serving, refresh, ready, api, fetch, close } = createModelService(context, { describe });

  /** Requests that come meanwhile do not wait for it; what cannot serve yet is stored nevertheless, and tried again later. */
  const readied = async ({ contents }: Loaded): Promise<boolean> => {
    if (serving.current() === undefined) return true;
    try {
      await context.model.hooks?.ready?.(contents);
      return true;
    } catch (error) {
      const log = host.log.child("lifecycle");
      log.error(`what was trained cannot serve yet, the model before goes on: ${messageOf(error)}`, { error });
      return false;
    }
  };

  /** A file that lies about results would otherwise be found by its first caller. */
  const sayOfExamples = async (loaded: Loaded) => {
    const { definition, resultIsChecked } = await describe();
    const mode = config.api?.results ?? definition.source?.results;
    if (definition.source === undefined || resultIsChecked || mode === "off") return;
    const problems = await tryExamples(definition, {
      predict: (args) => predict(context, loaded, args, { persist: false }),
      nulls: options.model.input === undefined,
    });
    for (const problem of problems) host.log.child("api").warning(problem);
  };
  const examplesOnce = memoizeAsync(async () => sayOfExamples(await serving.model()));

  const loadedFor = async ({ model }: PredictOptions): Promise<Loaded> => {
    await data.prepare("predict");
    return model === undefined ? serving.model() : { contents: model, meta: undefined, columnsOrdered: false };
  };

  return {
    config,
    host,
    async train(trainOptions) {
      const { loaded, ...trained } = await train(context, trainOptions);
      // An alias decides for itself.
      if (trained.promoted && config.model.serve === undefined) {
        if (await readied(loaded)) serving.use(loaded);
      }
      if (config.api && trainOptions?.persist !== false) await sayOfExamples(loaded);
      return trained as Trained & { readonly model: Contents };
    },
    retest: (retestOptions) => retest(context, retestOptions),
    async predict(args, predictOptions = {}) {
      return predict(context, await loadedFor(predictOptions), args as Args, predictOptions);
    },
    async predictBatch(rows, predictOptions = {}) {
      const { signal, persist } = predictOptions;
      const loaded = await loadedFor(predictOptions);
      const request = { signal: () => signal ?? new AbortController().signal, persist };
      return predictRows(context, loaded, rows as readonly Args[], request);
    },
    async batch(run) {
      const loaded = run ? await prepare(context, await loadRun(context, run)) : await loadedFor({});
      await data.prepare("predict");
      if (config.api) return openBatch(context, loaded, await describe());
      const definition = await describedByModel(
        context.model,
        { name: config.model.name, resource: "predictions" },
        major,
      );
      return openBatch(context, loaded, { definition, resultIsChecked: context.model.output !== undefined });
    },
    models: async () => (await openModelStore()).models(),
    store: lazyStore(openModelStore),
    refresh,
    async ready() {
      await ready();
      await examplesOnce();
    },
    api,
    fetch,
    async close() {
      await close();
      await data.close();
      if (openModelStore.started()) await (await openModelStore()).close();
    },
  };
}
