import { isLaunchpadError, messageOf } from "../errors.ts";
import type { RunName } from "../store/types.ts";
import { createBackOff } from "../util/back-off.ts";
import type { WaitUntil } from "./active-model.ts";
import type { Context, Loaded } from "./context.ts";
import { loadRun } from "./load-model.ts";
import { prepare, release } from "./prepare.ts";

/** A model beside the one that serves: the run that an alias points to, for as long as it does. */
export interface Variant {
  /** The model, if there is one by now. Now and then this also looks where the alias points, and nobody waits for it. */
  model(waitUntil: WaitUntil): Loaded | undefined;
  /** Looks now. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Follower of an alias. Nothing is asked of what cannot be loaded, or does not reproduce its samples.
 *
 * @param context The lifecycle.
 * @param alias The alias.
 * @param serving The run that serves: nothing is beside itself.
 *
 * @returns The variant; nothing is loaded yet.
 */
export function createVariant(context: Context, alias: string, serving: () => string | undefined): Variant {
  const { host, config } = context;
  const { name, version } = config.model;
  const log = host.log.child("lifecycle");
  const every = Math.max(1, config.model_store.refresh || 30) * 1000;
  const backOff = createBackOff(host.now, 2 * every, 3_600_000);
  let loaded: Loaded | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  const pointed = async (): Promise<RunName | undefined> => {
    try {
      return await (await context.store()).resolve(`${name}@${alias}`);
    } catch (error) {
      if (isLaunchpadError(error) && error.code === "MODEL_NOT_TRAINED") return undefined;
      throw error;
    }
  };
  const drop = (next?: Loaded) => {
    const before = loaded;
    loaded = next;
    if (before) void release(context, before, next?.contents);
  };
  const follow = async (): Promise<void> => {
    const of = await pointed();
    if (of === undefined || of.run === serving() || of.version !== version) {
      if (of && of.version !== version) {
        log.warning(`${name}: alias ${alias} is a run of version ${of.version}, expected ${version}: it is not asked`);
      }
      drop();
      return;
    }
    if (of.run === loaded?.meta?.run) return;
    // What the alias pointed to before is not what is wanted any more.
    drop();
    if (backOff.holds(of.run)) return;
    try {
      drop(await prepare(context, await loadRun(context, of)));
      backOff.clear();
      log.info(`${name} ${version}: run ${of.run} (${alias}) is asked beside the one that serves`);
    } catch (error) {
      backOff.failed(of.run);
      log.error(`${name}: alias ${alias}: run ${of.run} cannot be asked: ${messageOf(error)}`, { error });
    }
  };
  const look = (): Promise<void> => {
    lookedAt = host.now();
    running ??= follow().finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    model(waitUntil) {
      if (Math.abs(host.now() - lookedAt) >= every) {
        waitUntil(look().catch((error) => log.warning(`alias ${alias} cannot be followed: ${messageOf(error)}`)));
      }
      return loaded;
    },
    look,
    async close() {
      const last = loaded;
      loaded = undefined;
      if (last) await release(context, last);
    },
  };
}
