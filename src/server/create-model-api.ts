import type { ApiDefinition } from "../api/definition.ts";
import type { ActiveModel, WaitUntil } from "../lifecycle/active-model.ts";
import type { Context, Loaded } from "../lifecycle/context.ts";
import { predictForRequest } from "../lifecycle/predict.ts";
import { predictRows } from "../lifecycle/predict-rows.ts";
import type { Args } from "../model/define.ts";
import { adminOf } from "./admin-from-config.ts";
import type { ApiOptions } from "./api-options.ts";
import { bodyLimits } from "./body/limits.ts";
import { createApi } from "./handler.ts";
import { createJobs } from "./jobs/create-jobs.ts";
import { openDoors } from "./middleware/open-doors.ts";
import type { ModelApi } from "./models/model-api.ts";
import { onlyModel } from "./models/served-models.ts";
import { sendingOf, serverOptions } from "./options-from-config.ts";
import { pagesOf } from "./pages/index.ts";
import { protocolsOf } from "./protocols/from-config.ts";
import { HeaderPolicy, type PredictOptions } from "./request-context.ts";
import { staticOf } from "./static-from-config.ts";
import { createWatch } from "./watch/index.ts";
import { observed } from "./watch/observe.ts";

/**
 * Opens the API of a model: whatever its configuration asks for, answered by the lifecycle.
 *
 * @param options The lifecycle, what serves, what the API offers, and what tells whether it is ready.
 *
 * @returns The API.
 *
 * @throws API_INVALID, CONFIG_INVALID, VARIABLE_NOT_SET.
 */
export async function createModelApi(options: {
  readonly context: Context;
  readonly serving: ActiveModel;
  readonly definition: ApiDefinition;
  readonly resultIsChecked: boolean;
  ready(waitUntil: WaitUntil): Promise<void>;
  refresh(): Promise<boolean>;
}): Promise<ModelApi> {
  const { context, serving, definition, resultIsChecked, ready, refresh } = options;
  const { config, host, basePath = "" } = context;

  const server = await serverOptions(config, host, config.model.name, () => {
    const current = serving.current();
    if (current?.loaded.meta === undefined) return undefined;
    const { name, version, run } = current.loaded.meta;
    return { name, version, run, loadedAt: current.since / 1000 };
  });
  const watch = createWatch(context, () => serving.current()?.loaded.meta?.run);
  const { observe, identify, rollout } = watch;
  const moreMetrics = async (labels?: Readonly<Record<string, string>>) =>
    ((await watch.metrics?.(labels)) ?? "") + (jobs?.metrics(labels) ?? "");
  const sending = sendingOf(config, host, {
    name: config.model.name,
    text: async (labels) => `${server.metrics?.text(labels)}${await moreMetrics(labels)}`,
  });
  const elapsed = host.elapsed ?? host.now;
  const answerWith = (loaded: Loaded, args: Args, request: PredictOptions, variant?: string) => {
    if (loaded.meta) request.answeredBy(loaded.meta);
    if (variant !== undefined) request.variant = variant;
    if (observe === undefined) return predictForRequest(context, loaded, args, request);
    const id = identify?.(request);
    return observed(observe, elapsed, { loaded, args, request, variant, id }, () =>
      predictForRequest(context, loaded, args, request),
    );
  };
  const predict = (args: Args, request: PredictOptions) => {
    const canary = rollout?.choose(request);
    if (canary) return answerWith(canary, args, request, "canary");
    const variant = rollout && "current";
    const loaded = serving.model((task) => request.waitUntil(task));
    return loaded instanceof Promise
      ? loaded.then((it) => answerWith(it, args, request, variant))
      : answerWith(loaded, args, request, variant);
  };
  const predictRowsNow = async (rows: readonly Args[], request: PredictOptions, places: readonly number[]) => {
    const canary = rollout?.choose(request);
    const loaded = canary ?? (await serving.model((task) => request.waitUntil(task)));
    const variant = rollout && (canary ? "canary" : "current");
    if (loaded.meta) request.answeredBy(loaded.meta);
    if (variant !== undefined) request.variant = variant;
    const id = identify?.(request, true);
    const start = elapsed();
    const outcomes = await predictRows(context, loaded, rows, request);
    const ms = elapsed() - start;
    if (observe) {
      for (const [at, outcome] of outcomes.entries()) {
        observe({ loaded, args: rows[at] ?? {}, request, variant, ms, row: places[at] ?? at, id, ...outcome });
      }
    }
    return outcomes;
  };
  const { telemetry } = server;
  const { guard, endpoints, schemes, addressOf, forwarded, isProxy } = openDoors(config, host, {
    realm: config.model.name,
  });
  const admin = adminOf(config, host, async () => {
    const [refreshed] = await Promise.all([refresh(), host.peers?.refresh()]);
    return { refreshed };
  });
  let opened: ModelApi | undefined;
  const protocols = protocolsOf(config.api ?? {}, host, {
    models: onlyModel({
      name: config.model.name,
      version: config.model.version,
      basePath,
      state: () => (serving.current() ? "ready" : serving.failing() ? "failed" : "idle"),
      // Nothing is asked before it is opened.
      api: () => opened as ModelApi,
      ready: async (waitUntil = () => {}) => ready(waitUntil),
      unload: serving.unload,
    }),
    ready,
    isProxy,
    adminToken: admin?.token,
  });
  const limited = config.limits && bodyLimits(config.limits);
  const jobs = config.api?.jobs
    ? createJobs(context, {
        definition,
        metrics: server.metrics,
        forwarded,
        maxBodyBytes: config.api.max_body_bytes,
        bodyLimits: limited,
      })
    : undefined;
  const predictOne: ApiOptions["predict"] = telemetry
    ? (args, request) => telemetry.predict(request, (within) => predict(args, within))
    : predict;
  const apiOptions: ApiOptions = {
    ...server,
    push: sending?.push,
    protocols,
    drift: watch.drift,
    feedback: watch.feedback,
    rollout: rollout?.state,
    moreMetrics: jobs ? moreMetrics : watch.metrics,
    jobs,
    model: config.model.name,
    guard,
    guardEndpoints: endpoints,
    schemes,
    addressOf,
    forwarded,
    files: (config.api?.static ?? config.api?.root_path) === undefined ? undefined : await staticOf(config, host),
    definition,
    resultIsChecked,
    basePath,
    headers: new HeaderPolicy(config.api?.response_headers),
    log: host.log.child("api"),
    ready: (request) => ready((task) => request.waitUntil(task)),
    failing: serving.failing,
    bodyLimits: limited,
    maxBodyBytes: config.api?.max_body_bytes,
    // Code for batches is a tenth of a package for Workers, where a request may take little time.
    batch: (config.api?.batch ?? !host.isolated) && {
      maxRows: config.api?.max_batch_rows,
      maxBytes: config.api?.max_batch_bytes,
    },
    unknownParameters: config.api?.unknown_parameters,
    results: config.api?.results ?? definition.source?.results,
    // As in ML Launchpad, so that values in an order keep their places. What a model declares by itself says it itself.
    nulls: context.model.input === undefined,
    documentation: config.api?.docs
      ? { version: config.model.version, ...(host.docsFile && { file: host.docsFile }) }
      : undefined,
    pages: host.pageFile && pagesOf(context, serving),
    admin,
    identifyRows: identify && ((request) => void identify(request, true)),
    predict: predictOne,
    predictAlone: observe || identify || rollout ? undefined : predictOne,
    predictRows: telemetry
      ? async (rows, request, places) => telemetry.predict(request, (within) => predictRowsNow(rows, within, places))
      : predictRowsNow,
  };
  const { fetch } = createApi(apiOptions);
  opened = {
    definition,
    resultIsChecked,
    basePath,
    options: apiOptions,
    serving,
    fetch,
    look: watch.look,
    prepare: async () => jobs?.ready(),
    async close() {
      await jobs?.close();
      await Promise.all([watch.close(), sending?.close()]);
    },
  };
  return opened;
}
