import { restoreConfig } from "./config/restore.ts";
import type { Config } from "./config/types.ts";
import type { createData } from "./data/access/create-data.ts";
import { emptyData } from "./data/access/empty-data.ts";
import type { Plugin } from "./data/access/plugin.ts";
import type { Host } from "./host.ts";
import { type Context, majorOf } from "./lifecycle/context.ts";
import type { Model } from "./model/define.ts";
import { unavailableResponse } from "./server/unavailable-response.ts";
import { createModelService, type Described, type ModelService } from "./service.ts";
import { openStoreReader } from "./store/open-reader.ts";
import { memoizeAsync } from "./util/memoize-async.ts";

/** What `launchpad build` puts into a package. */
export interface Packaged {
  /** A configuration that was checked, as JSON brings it back. */
  readonly config: object;
  /** What predicting needs of a model. */
  readonly model: Omit<Model, "train" | "test">;
  readonly api: Described;
  /** What opens sources and sinks, if the configuration has any. */
  readonly createData?: typeof createData;
  readonly plugins?: readonly Plugin[];
}

/** A packaged model: it serves, and that is all it does. */
export interface PackagedLaunchpad extends Pick<ModelService, "fetch" | "ready" | "refresh" | "api"> {
  readonly config: Config;
  readonly host: Host;
  /** Ends connections of sources, sinks and the store. */
  close(): Promise<void>;
}

/**
 * Server of a packaged model. Unlike `createLaunchpad`, it neither trains nor writes to the model store, nor does
 * it check a configuration or read an API file, so that bundlers leave the code for that out.
 *
 * @param packaged What is in the package.
 * @param host What the runtime can do.
 * @param base What relative paths of the configuration are relative to.
 *
 * @returns The API.
 */
export function createPackaged(packaged: Packaged, host: Host, base?: URL): PackagedLaunchpad {
  const config = restoreConfig(packaged.config, base);
  const data = packaged.createData?.({ config, host, plugins: packaged.plugins ?? [] }) ?? emptyData(config);
  const openStore = memoizeAsync(() => openStoreReader(config, host));
  const context: Context = {
    config,
    // What only trains and tests was left out, and nothing here asks for it.
    model: packaged.model as Model,
    host,
    data,
    store: openStore,
    basePath: config.api && `/${config.api.name}/${majorOf(config.model.version)}`,
  };
  const log = host.log.child("api");
  const { fetch, ready, refresh, api, close } = createModelService(context, {
    describe: async () => packaged.api,
    // All that can be wrong with a package is where it runs: whoever asks is told, instead of the platform's own page.
    unopened: (error, request) => unavailableResponse(error, request, log),
  });
  return {
    config,
    host,
    fetch,
    ready,
    refresh,
    api,
    async close() {
      await close();
      await data.close();
      if (openStore.started()) await (await openStore()).close();
    },
  };
}
