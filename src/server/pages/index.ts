import type { ActiveModel } from "../../lifecycle/active-model.ts";
import type { Context } from "../../lifecycle/context.ts";
import { canList, createHistory } from "./history.ts";
import type { PagesOptions } from "./options.ts";

/**
 * Pages of a model, if the configuration wants them and the runtime has their files.
 *
 * @param context The lifecycle.
 * @param serving What serves.
 *
 * @returns What they are made of; nothing is read yet.
 */
export function pagesOf(context: Context, serving: ActiveModel): PagesOptions | undefined {
  const { config, host } = context;
  const { pageFile } = host;
  if (config.api?.pages === false || pageFile === undefined) return undefined;
  return {
    version: config.model.version,
    about: config.model.card,
    file: pageFile,
    async meta(request) {
      return (await serving.model((task) => request.waitUntil(task))).meta;
    },
    async history() {
      const store = await context.store();
      return canList(store) ? createHistory(async () => store, config.model.name) : undefined;
    },
  };
}
