import type { ServerConfig } from "../../config/types.ts";
import { LaunchpadError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import type { RefreshOptions } from "../../lifecycle/active-model.ts";
import { mapLimited } from "../../util/map-limited.ts";
import { memoizeAsync } from "../../util/memoize-async.ts";
import type { WithDoors } from "../middleware/doors.ts";
import type { Execution } from "../request-context.ts";
import { unavailableResponse } from "../unavailable-response.ts";
import { createCombinedApi } from "./combined-api.ts";
import type { ModelEntry } from "./model-member.ts";
import { createModelSet, type ModelLimits, type ModelSetOptions } from "./model-set.ts";
import type { ServedModels } from "./served-models.ts";

/** Models that serve together as one Fetch handler. */
export interface Combined {
  readonly models: ServedModels;
  /** The handler, for any server; it never rejects once what the models share is valid. */
  fetch(request: Request, second?: Execution | object | null, execution?: Execution): Response | Promise<Response>;
  /** Resolves when what the models share is valid, and those are loaded that should be before anybody asks. */
  ready(): Promise<void>;
  /** Looks now for newer models of those that are loaded. Resolves with the names of those that another one serves for now. */
  refresh(options?: RefreshOptions): Promise<{ readonly refreshed: readonly string[] }>;
  /** Ends all of them, when they have answered what has begun. */
  close(): Promise<void>;
}

/** The same, to which models are added and from which they are taken. */
export interface GrowingCombined extends Combined {
  /**
   * Adds a model.
   *
   * @throws CONFIG_INVALID when another has its name, or its paths.
   */
  add(entry: ModelEntry): void;
  /** Takes a model out, which answers what has begun. */
  remove(name: string): Promise<void>;
}

/** What models that serve together are made of. */
export interface CombinedSetup {
  readonly host: Host;
  readonly preload: boolean | readonly string[];
  readonly limits: ModelLimits;
  /** What they share, below `api`. */
  readonly config: WithDoors & { readonly api: ServerConfig };
  /** Looks for a model that is not known yet. */
  readonly searching?: ModelSetOptions["searching"];
  /** Looks for more projects. */
  search?(): Promise<void>;
}

/**
 * Set of models, and the handler that they share.
 *
 * @param setup What they share, and how many are loaded at a time.
 *
 * @returns The handler, without any model yet.
 */
export function createCombined(setup: CombinedSetup): GrowingCombined {
  const { host, preload, limits, config, searching, search } = setup;
  const models = createModelSet({ host, ...limits, ...(searching && { searching }) });
  const log = host.log.child("api");

  const started = memoizeAsync(async () => {
    if (preload === false) return;
    const names = preload === true ? true : preload;
    await models.preload(names);
  });
  const refresh = async (options?: RefreshOptions) => {
    await search?.();
    const refreshed = await mapLimited(models.list(), async (member) => {
      const serving = member.opened()?.serving;
      // What is not loaded is the newest when it is.
      if (serving?.current() === undefined) return [];
      return (await serving.refresh(options).catch(() => false)) ? [member.name] : [];
    });
    return { refreshed: refreshed.flat() };
  };
  let opened: Awaited<ReturnType<typeof createCombinedApi>> | undefined;
  const open = memoizeAsync(async () => {
    opened = await createCombinedApi({ models, host, config, started, refresh: () => refresh() });
    return opened;
  });

  return {
    models,
    add: models.add,
    remove: models.remove,
    refresh,
    fetch(request, second, third) {
      const execution = (third ?? second ?? undefined) as Execution | undefined;
      if (opened) return opened.fetch(request, execution);
      return open().then(
        (it) => it.fetch(request, execution),
        (error) => unavailableResponse(error, request, log),
      );
    },
    async ready() {
      await open();
      await started();
      const unknown = (preload === true || preload === false ? [] : preload).filter(
        (name) => !models.list().some((model) => model.name === name),
      );
      if (unknown.length === 0) return;
      const names = models.list().map(({ name }) => name);
      throw new LaunchpadError(
        "CONFIG_INVALID",
        `preload: found ${unknown.join(", ")}, expected names of models: ${names.join(", ") || "none was found"}`,
      );
    },
    async close() {
      await Promise.all([models.close(), opened?.close()]);
    },
  };
}
