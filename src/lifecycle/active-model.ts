import { messageOf } from "../errors.ts";
import type { RunName } from "../store/types.ts";
import { createBackOff } from "../util/back-off.ts";
import type { Context, Loaded } from "./context.ts";
import { loadRun, loadTrained, servingRun } from "./load-model.ts";
import { prepare, release } from "./prepare.ts";

/** Keeps a task alive that nobody waits for: some runtimes end it with the request otherwise. */
export type WaitUntil = (task: Promise<unknown>) => void;

/** Why somebody looks for a newer model. */
export interface RefreshOptions {
  /** Whether it was a timer: a run that failed a while ago is then left alone for now. Default: false. */
  readonly scheduled?: boolean;
}

/** The model that serves, following the store. */
export interface ActiveModel {
  /**
   * The model that serves, loaded when it is first asked for. Now and then this also looks for a newer one, and does
   * not wait for it.
   */
  model(waitUntil?: WaitUntil): Loaded | Promise<Loaded>;
  /** The model that serves, and the time at which it was loaded; undefined before that. */
  current(): { readonly loaded: Loaded; readonly since: number } | undefined;
  /** Looks for a newer model, and loads it. Resolves with whether another one serves now; rejects when that failed. */
  refresh(options?: RefreshOptions): Promise<boolean>;
  /** Makes a model serve that was just trained. */
  use(loaded: Loaded): void;
  /** Whether the model could not be loaded, or the last look for a newer one failed. */
  failing(): boolean;
  /**
   * Lets go of the model that serves: whoever asks next loads it again. Requests that have it already keep it. Resolves when
   * it is closed.
   */
  unload(): Promise<void>;
  /** Sets what is told whenever a model comes to serve. */
  onServe(listener: () => void): void;
  /** Lets go of the model that serves. */
  close(): Promise<void>;
}

/** A look for a newer model. */
interface Look {
  readonly since: number;
  readonly done: Promise<boolean>;
}

/** The longest wait before a run that failed is tried again, in milliseconds, unless looks are further apart. */
const maxRefreshDelayMs = 3600_000;

/** After so many milliseconds a look is given up: a runtime may have ended it without a word. */
const staleAfterMs = 10 * 60_000;

/**
 * The model that serves. A newer model is loaded and verified aside and reproduces the samples before it serves, which is
 * one assignment: whoever asked before keeps the model they got. If anything of that fails, the one before goes on, and the
 * run that failed is tried again less and less often: after twice the time between two looks, then twice as long, up to an
 * hour. Another run is tried at once, and so is the same one when somebody asks for it.
 *
 * @param context The lifecycle.
 *
 * @returns The model that serves, and what makes it follow the store.
 */
export function createActiveModel(context: Context): ActiveModel {
  const { host, config } = context;
  const every = config.model_store.refresh * 1000;
  const log = host.log.child("lifecycle");

  /** The model that serves; swapped in one assignment. */
  let serving: Loaded | undefined;
  /** Contents that serve without having been made ready: nobody may ever ask for a prediction. */
  let unready: Loaded | undefined;
  let since = 0;
  let lookedAt = 0;
  let running: Look | undefined;
  let next: Promise<boolean> | undefined;
  let failure: string | undefined;
  let told: (() => void) | undefined;
  const backOff = createBackOff(host.now, 2 * every, Math.max(every, maxRefreshDelayMs));

  const serve = (loaded: Loaded) => {
    const before = serving;
    serving = loaded;
    since = host.now();
    if (before) void release(context, before, loaded.contents);
    told?.();
  };

  let loading: Promise<Loaded> | undefined;
  /** Once for all who ask; what failed, and what was let go, is loaded again. */
  const load = (): Promise<Loaded> => {
    loading ??= loadOnce()
      .catch((error) => {
        failure ??= messageOf(error);
        throw error;
      })
      .finally(() => {
        loading = undefined;
      });
    return loading;
  };
  const loadOnce = async (): Promise<Loaded> => {
    const loaded = await prepare(context, await loadTrained(context));
    lookedAt = host.now();
    failure = undefined;
    // A training that ended meanwhile has put a newer model here.
    if (serving !== undefined) {
      void release(context, loaded);
      return serving;
    }
    serve(loaded);
    return loaded;
  };

  /** Whether another model serves now; undefined if the newer one is still to be left alone. */
  const follow = async (asked: boolean): Promise<boolean | undefined> => {
    const before = serving;
    if (before === undefined) {
      await load();
      return true;
    }
    lookedAt = host.now();
    const of = await servingRun(context);
    if (of.run === before.meta?.run && of.version === before.meta.version) return false;
    const name = `${of.version}, run ${of.run}`;
    if (!asked && backOff.holds(name)) return undefined;
    const loaded = await prepared(of, name);
    // Whatever serves by now is newer than what this look began with.
    if (serving !== before) {
      void release(context, loaded);
      return false;
    }
    serve(loaded);
    log.info(`now ${of.name} ${name} serves, instead of run ${before.meta?.run}`);
    return true;
  };

  const prepared = async (of: RunName, name: string): Promise<Loaded> => {
    try {
      return await prepare(context, await loadRun(context, of));
    } catch (error) {
      const wait = backOff.failed(name);
      if (every > 0) log.debug(`${of.name} ${name} is tried again after ${wait / 1000} s, or when it is asked for`);
      throw error;
    }
  };

  const succeeded = (swapped: boolean | undefined): boolean => {
    if (swapped === undefined) return false;
    backOff.clear();
    if (failure !== undefined) log.info("the model store is followed again");
    failure = undefined;
    return swapped;
  };
  const failed = (error: unknown): never => {
    const reason = messageOf(error);
    // The same reason comes back every few seconds: it is logged once.
    if (serving && reason !== failure) {
      log.error(`a newer model cannot serve, run ${serving.meta?.run} goes on: ${reason}`, { error });
      failure = reason;
    }
    throw error;
  };

  const look = (asked: boolean): Promise<boolean> => {
    const done = follow(asked)
      .then(succeeded, failed)
      .finally(() => {
        if (running === own) running = undefined;
      });
    const own: Look = { since: host.now(), done };
    running = own;
    next = undefined;
    return done;
  };
  const isRunning = () => running !== undefined && Math.abs(host.now() - running.since) < staleAfterMs;

  return {
    model(waitUntil) {
      if (serving === undefined) {
        const loading = load();
        // Others wait for it, too, and go on waiting when whoever asked first has gone away.
        waitUntil?.(loading.catch(() => {}));
        return loading;
      }
      if (unready === serving) {
        const loaded = serving;
        const readying = Promise.resolve(context.model.hooks?.ready?.(loaded.contents)).then(() => {
          if (unready === loaded) unready = undefined;
        });
        waitUntil?.(readying.catch(() => {}));
        return readying.then(() => serving ?? loaded);
      }
      if (every > 0 && Math.abs(host.now() - lookedAt) >= every && !isRunning()) {
        // Also a look that fails at once is not repeated at once.
        lookedAt = host.now();
        const task = look(false).catch(() => {});
        waitUntil?.(task);
      }
      return serving;
    },
    current: () => serving && { loaded: serving, since },
    refresh({ scheduled = false } = {}) {
      if (running === undefined || !isRunning()) return look(!scheduled);
      // Whoever looks every few seconds needs no more than the look that has begun.
      if (scheduled) return running.done;
      // What was promoted a moment ago may be news to a look that has begun: one more follows, for all who asked.
      next ??= running.done.catch(() => {}).then(() => look(true));
      return next;
    },
    use(loaded) {
      serve(loaded);
      unready = context.model.hooks?.ready ? loaded : undefined;
      lookedAt = host.now();
      failure = undefined;
      backOff.clear();
    },
    failing: () => failure !== undefined,
    async unload() {
      const last = serving;
      serving = undefined;
      unready = undefined;
      failure = undefined;
      if (last) await release(context, last);
    },
    onServe(listener) {
      told = listener;
    },
    async close() {
      const last = serving;
      if (last) await release(context, last);
    },
  };
}
