import { snapshotOf } from "../../config/snapshot.ts";
import { toPlain } from "../../data/to-json.ts";
import type { Host, ModelOrigin } from "../../host.ts";
import type { Profile } from "../../monitoring/profile/types.ts";
import { metaKeys } from "../../store/runs/meta-schema.ts";
import type { Meta, NewMeta } from "../../store/types.ts";
import type { Json } from "../../util/json.ts";
import { redact } from "../../util/redact.ts";
import { version } from "../../version.ts";
import type { Contract, TrainingContext } from "../context.ts";
import { structureOf } from "./input-structure.ts";
import type { LineageContents } from "./lineage.ts";

/** What a training did. */
export interface Result {
  readonly metrics: Meta["metrics"];
  readonly report: Record<string, Json>;
  readonly columnsOrdered: boolean;
  readonly orderedColumns: readonly (readonly string[])[];
  /** What the model is made of, if that is known. */
  readonly origin: ModelOrigin | undefined;
  /** What it read. */
  readonly reads: LineageContents;
  /** Distributions of what it learned from, if they are kept. */
  readonly profile: Profile | undefined;
  /** What callers rely on, if there is an API. */
  readonly contract: Contract | undefined;
  /** In milliseconds. */
  readonly training: number;
  /** In milliseconds; undefined if the model was not tested. */
  readonly testing: number | undefined;
}

/** Keys of the `model` section that say how to train, and not what came of it. */
const instructions: ReadonlySet<string> = new Set([
  "module",
  "order_columns_not_used_warning",
  "gates",
  "breaking",
  "serve",
  "type",
  "python",
  "processes",
  "batch",
  "frames",
  "export",
  "pickle",
  "memory_limit",
  "card",
]);

/**
 * Creates the metadata of a training, under the keys of ML Launchpad where it has them.
 *
 * @param context The lifecycle.
 * @param result What came of the training.
 *
 * @returns Everything but what the store adds. Keys of the `model` section that are not the user's own give way.
 */
export async function buildMetadata(context: TrainingContext, result: Result): Promise<NewMeta> {
  const { config, host, model } = context;
  const { name, version: modelVersion } = config.model;
  return {
    ...ownKeys(config.model),
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
      ...(result.origin?.language && {
        language: result.origin.language.name,
        language_version: result.origin.language.version,
      }),
      packages: result.origin?.packages ?? {},
    },
    code: toPlain(result.origin?.code ?? {}),
    ...result.reads,
    train_report: result.report,
    metrics: result.metrics,
    training_seconds: seconds(result.training),
    ...(result.testing === undefined ? {} : { testing_seconds: seconds(result.testing) }),
    config_snapshot: snapshotOf(config),
    ...(result.profile && { profile: toPlain(result.profile) as Json }),
    have_columns_been_ordered: result.columnsOrdered,
    ...(result.orderedColumns.length > 0 && { ordered_columns: result.orderedColumns }),
    ...(context.basePath === undefined ? {} : { api_base_url: context.basePath }),
    ...(result.contract === undefined ? {} : { api: result.contract.definition }),
    ...(model.output === undefined ? {} : { output_schema: await context.outputs.describe(model.output) }),
    ...(model.input === undefined ? {} : { input_schema: toPlain(structureOf(model.input)) as Json }),
  };
}

/**
 * Finds what a model is made of. To be called when a training begins: later, the files may be others.
 *
 * @param host Where it is trained.
 *
 * @returns Undefined where the host cannot tell, or fails to: no training fails for it.
 */
export async function originOf(host: Host): Promise<ModelOrigin | undefined> {
  try {
    return await host.describeModel?.();
  } catch (error) {
    host.log.child("lifecycle").debug("the model's packages and code could not be found out", { error });
    return undefined;
  }
}

/** A clock may be set back meanwhile. */
function seconds(milliseconds: number): number {
  return Math.max(0, milliseconds) / 1000;
}

/** The keys that the user made up, without secrets. */
function ownKeys(model: TrainingContext["config"]["model"]): Record<string, Json> {
  const own = Object.entries(model).filter(([key]) => !instructions.has(key) && !metaKeys.has(key));
  return toPlain(redact(Object.fromEntries(own))) as Record<string, Json>;
}
