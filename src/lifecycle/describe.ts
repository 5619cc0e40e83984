import { snapshotOf } from "../config/snapshot.ts";
import type { Json, Meta, NewMeta } from "../store/types.ts";
import { version } from "../version.ts";
import type { Context } from "./context.ts";
import { toPlain } from "./plain.ts";

/**
 * Creates the metadata of a training, under the keys of ML Launchpad where it has them.
 *
 * @param context The lifecycle.
 * @param result What came of the training.
 *
 * @returns Everything but what the store adds.
 */
export function describe(
  context: Context,
  result: { metrics: Meta["metrics"]; report: Record<string, Json>; columnsOrdered: boolean },
): NewMeta {
  const { config, host } = context;
  const { name, version: modelVersion, module: _, order_columns_not_used_warning: __, ...own } = config.model;
  return {
    ...(toPlain(own) as Record<string, Json>),
    name,
    version: modelVersion,
    created: new Date(host.now()).toISOString(),
    created_by: host.runtime.user ?? null,
    system: {
      launchpad_version: version,
      runtime: host.runtime.name,
      runtime_version: host.runtime.version,
      platform: host.runtime.platform ?? null,
      host: host.runtime.host ?? null,
    },
    train_report: result.report,
    metrics: result.metrics,
    config_snapshot: snapshotOf(config),
    have_columns_been_ordered: result.columnsOrdered,
    ...(context.basePath === undefined ? {} : { api_base_url: context.basePath }),
  };
}
