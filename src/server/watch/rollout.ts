import type { RolloutConfig } from "../../config/watch/watch-types.ts";
import { toPlain } from "../../data/to-json.ts";
import { messageOf } from "../../errors.ts";
import type { Context, Loaded } from "../../lifecycle/context.ts";
import { predictForRequest } from "../../lifecycle/predict.ts";
import { createVariant } from "../../lifecycle/variant.ts";
import { isChosen } from "../../monitoring/rollout/choose.ts";
import { addPrediction, mergeVariants } from "../../monitoring/rollout/variant-counts.ts";
import { reasonToAbort } from "../../monitoring/rollout/verdict.ts";
import type { Store, StoreReader } from "../../store/types.ts";
import { canonicalJson } from "../../util/canonical-json.ts";
import type { Json } from "../../util/json.ts";
import type { PredictOptions } from "../request-context.ts";
import type { DriftState } from "./drift-state.ts";
import type { ObservedPrediction, Observer } from "./observe.ts";
import { type RolloutPart, type RolloutState, rolloutMetrics, rolloutState } from "./rollout-state.ts";

/** A canary and a shadow beside the model that serves. */
export interface Rollout {
  /** The canary, if this request is one of its own. */
  choose(request: PredictOptions): Loaded | undefined;
  readonly observe: Observer;
  /** Looks where the aliases point. */
  look(): Promise<void>;
  state(): Promise<RolloutState>;
  metrics(labels?: Readonly<Record<string, string>>): Promise<string>;
  close(): Promise<void>;
}

const evaluateEveryMs = 1000;
/** So many predictions of a shadow are under way at a time; others are left out. */
const maxShadows = 8;
const shadowTimeoutMs = 10_000;

const empty = () => ({ n: 0, errors: 0, durations: [] as number[] });

/**
 * Rollout: asks other models than the one that serves.
 *
 * @param settings The section `model.rollout`.
 * @param context The lifecycle.
 * @param serving Finds the run that serves.
 * @param drift What is known of drift.
 *
 * @returns The rollout.
 */
export function createRollout(
  settings: RolloutConfig,
  context: Context,
  serving: () => string | undefined,
  drift: (() => Promise<DriftState>) | undefined,
): Rollout {
  const { host, config } = context;
  const { name, version } = config.model;
  const { canary: tried, shadow: asked, abort_if: abortIf = {}, promote_after: promoteAfter } = settings;
  const log = host.log.child("lifecycle");
  const canary = tried && createVariant(context, tried.alias, serving);
  const shadow = asked === undefined ? undefined : createVariant(context, asked, serving);
  const ended = new Set<string>();
  const elapsed = host.elapsed ?? host.now;
  let run: string | null = null;
  let since = host.now();
  let counts = { current: empty(), canary: empty(), shadow: empty() };
  let compared = { equal: 0, different: 0, skipped: 0 };
  let busy = 0;
  let evaluatedAt = 0;

  const own = (): RolloutPart => ({ canary: run, since, counts, ...compared });
  const gathered = host.peers?.gather?.(`rollout ${name}`, () => own() as unknown as Json);
  const all = async (): Promise<readonly RolloutPart[]> => {
    const parts = ((await gathered?.()) ?? []) as unknown as readonly RolloutPart[];
    return gathered ? parts.filter((part) => part.canary === run) : [own()];
  };

  /** Another canary is counted anew. */
  const meet = (loaded: Loaded | undefined): Loaded | undefined => {
    const found = loaded?.meta?.run ?? null;
    if (found !== run && found !== null) {
      run = found;
      since = host.now();
      counts = { current: empty(), canary: empty(), shadow: counts.shadow };
    }
    return found === null || ended.has(found) ? undefined : loaded;
  };

  const end = async (of: string, what: string, change: (store: Store) => Promise<void>): Promise<void> => {
    ended.add(of);
    if (host.peers?.claim && !(await host.peers.claim(`rollout ${name} ${of}`))) return;
    const store: StoreReader | Store = await context.store();
    log.warning(`${name} ${version}: ${what}`);
    if (!isWritable(store)) {
      log.error(
        `${name} ${version}: this package does not write to the model store: launchpad rollout does, where it was made`,
      );
      return;
    }
    await change(store);
    await Promise.all([canary?.look(), host.peers?.refresh()]);
  };

  const evaluate = async (): Promise<void> => {
    const of = run;
    if (tried === undefined || of === null || ended.has(of)) return;
    const parts = await all();
    const merged = (variant: "current" | "canary") => mergeVariants(parts.map((part) => part.counts[variant]));
    const reason = reasonToAbort(abortIf, merged("canary"), merged("current")) ?? (await driftReason(of));
    if (reason !== undefined) {
      await end(of, `canary ${of} is taken back: ${reason}`, (store) =>
        store.abort({ name, version, run: of }, tried.alias),
      );
      return;
    }
    const begun = Math.min(...parts.map((part) => part.since));
    if (promoteAfter === undefined || host.now() - begun < promoteAfter * 1000 || merged("canary").n === 0) return;
    await end(of, `canary ${of} serves from now on: it had no fault for ${promoteAfter} s`, async (store) => {
      await store.promote({ name, version, run: of }, "rollout");
      if (config.model.serve !== undefined) await store.alias(name, config.model.serve, { name, version, run: of });
      await store.alias(name, tried.alias, undefined);
    });
  };
  const driftReason = async (of: string): Promise<string | undefined> => {
    if (!abortIf.drift || drift === undefined) return undefined;
    const { windows } = await drift();
    const worst = (found: string | undefined) =>
      windows.findLast((one) => one.ended && one.run === found)?.report.outputs ?? {};
    const before = worst(serving());
    const names = Object.entries(worst(of)).flatMap(([field, { drifted }]) =>
      drifted.length > 0 && (before[field]?.drifted.length ?? 0) === 0 ? [field] : [],
    );
    return names.length === 0 ? undefined : `drift of its output ${names.join(", ")}`;
  };

  const askShadow = ({ args, prediction, request }: ObservedPrediction): void => {
    const loaded = shadow?.model((task) => request.waitUntil(task));
    if (loaded === undefined) return;
    if (busy >= maxShadows) {
      compared.skipped += 1;
      return;
    }
    busy += 1;
    const signal = AbortSignal.timeout(shadowTimeoutMs);
    const start = elapsed();
    const asking = async () => {
      try {
        const other = toPlain(
          await predictForRequest(context, loaded, structuredClone(args), { signal: () => signal, persist: false }),
        );
        addPrediction(counts.shadow, elapsed() - start, false);
        const isEqual = canonicalJson(other) === canonicalJson(toPlain(prediction));
        compared = isEqual
          ? { ...compared, equal: compared.equal + 1 }
          : { ...compared, different: compared.different + 1 };
      } catch {
        addPrediction(counts.shadow, elapsed() - start, true);
      } finally {
        busy -= 1;
      }
    };
    // Not before the answer is on its way: what takes the shadow long must not hold it up.
    request.waitUntil(new Promise((resolve) => setTimeout(resolve, 0)).then(asking));
  };

  return {
    choose(request) {
      if (canary === undefined || tried === undefined) return undefined;
      const loaded = meet(canary.model((task) => request.waitUntil(task)));
      if (loaded === undefined || run === null) return undefined;
      const key = keyOf(tried.sticky, request);
      const chosen = key === undefined ? Math.random() * 100 < tried.percent : isChosen(key, run, tried.percent);
      return chosen ? loaded : undefined;
    },
    observe(event) {
      const isCanary = event.variant === "canary";
      addPrediction(
        isCanary ? counts.canary : counts.current,
        event.ms,
        event.error !== undefined && !isOfCaller(event.error),
      );
      if (!isCanary && event.error === undefined && shadow) askShadow(event);
      const now = host.now();
      if (canary === undefined || Math.abs(now - evaluatedAt) < evaluateEveryMs) return;
      evaluatedAt = now;
      event.request.waitUntil(
        evaluate().catch((error) => log.error(`the rollout cannot go on: ${messageOf(error)}`, { error })),
      );
    },
    async look() {
      await Promise.all([canary?.look(), shadow?.look()]);
    },
    state: async () =>
      rolloutState({
        settings,
        run: run !== null && !ended.has(run) ? run : null,
        serving: serving() ?? null,
        parts: await all(),
      }),
    async metrics(labels) {
      return rolloutMetrics(own(), serving() ?? "", labels);
    },
    async close() {
      await Promise.all([canary?.close(), shadow?.close()]);
    },
  };
}

const isWritable = (store: StoreReader | Store): store is Store => "promote" in store;

/** Whoever sent what the model does not take has not met a fault of it. */
function isOfCaller(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "ARGUMENTS_INVALID";
}

/** Who asks: the name of their key, or a header. */
function keyOf(sticky: string | undefined, request: PredictOptions): string | undefined {
  if (sticky === undefined) return undefined;
  return (sticky === "key" ? request.caller : request.header?.(sticky)) ?? undefined;
}
