import { isLaunchpadError, LaunchpadError } from "../../errors.ts";
import type { Meta, NewMeta } from "../../store/types.ts";
import type { Json } from "../../util/json.ts";
import { type Contract, majorOf, modelLabel, type TrainingContext } from "../context.ts";
import { inputBreaks } from "./breaking.ts";
import { describeMissed, type MissedGate, missedGates } from "./gates.ts";
import { structureOf } from "./input-structure.ts";

/** Whether a trained model may serve. */
export interface PromotionCheck {
  /** The gates that it misses. */
  readonly missed: readonly MissedGate[];
  /** What it would break for callers of the model that serves, a line each. */
  readonly breaks: readonly string[];
}

/**
 * Finds what keeps a trained model from serving, compared with the model that serves.
 *
 * @param context The lifecycle.
 * @param made The metadata of the trained model.
 * @param contract The contract of its API, if there is one.
 *
 * @returns The missed gates and the breaks; none of both if it may serve.
 *
 * @throws STORE_UNAVAILABLE.
 */
export async function checkPromotion(
  context: TrainingContext,
  made: NewMeta,
  contract: Contract | undefined,
): Promise<PromotionCheck> {
  const { gates = {}, version } = context.config.model;
  // Semantic versioning, clause 4: anything may change in 0.x at any time.
  const { breaking = version.startsWith("0.") ? "warn" : "refuse" } = context.config.model;
  const current = await currentMeta(context);
  const missed = missedGates(gates, made.metrics, current?.metrics);
  if (breaking === "allow") return { missed, breaks: [] };
  const before = current ?? (await currentOfSameMajor(context));
  const breaks = before ? breaksOf(context, before, made, contract) : [];
  if (breaking === "refuse") return { missed, breaks };
  const log = context.host.log.child("lifecycle");
  for (const line of breaks) log.warning(`${modelLabel(context.config)}: breaking change: ${line}`);
  return { missed, breaks: [] };
}

/**
 * Creates the error for a trained model that does not serve.
 *
 * @param verdict What keeps it from serving.
 * @param meta Its metadata, if it was kept.
 *
 * @returns GATE_MISSED or BREAKING_CHANGE; undefined for a model that serves.
 */
export function refusalOf({ missed, breaks }: PromotionCheck, meta: Meta | undefined): LaunchpadError | undefined {
  if (missed.length === 0 && breaks.length === 0) return undefined;
  const name = meta === undefined ? "the model" : `${meta.name} ${meta.version}, run ${meta.run}`;
  const remedy =
    meta === undefined
      ? []
      : [
          "The run is kept; what served before goes on serving. To serve it all the same: " +
            `launchpad models promote ${meta.name}@${meta.version}/${meta.run}`,
        ];
  const lines = [
    `[train] ${name} was not made current:`,
    ...missed.map((gate) => `  gate missed: ${describeMissed(gate)}`),
    ...breaks.map((line) => `  breaking change: ${line}`),
    ...(breaks.length > 0 ? ["Raise the first number of model.version, or set model.breaking to allow."] : []),
    ...remedy,
  ];
  return new LaunchpadError(missed.length > 0 ? "GATE_MISSED" : "BREAKING_CHANGE", lines.join("\n"));
}

function breaksOf(
  context: TrainingContext,
  before: Meta,
  made: NewMeta,
  contract: Contract | undefined,
): readonly string[] {
  const { model, basePath, outputs } = context;
  const { api_base_url: path, api, input_schema: input, output_schema: output } = before;
  const moved =
    path !== undefined && basePath !== undefined && path !== basePath
      ? [`the API was at ${path}, and is at ${basePath} now`]
      : [];
  const found = [
    ...moved,
    ...(api === undefined ? [] : (contract?.breaks(api) ?? [])),
    ...(model.input === undefined ? [] : inputBreaks(input as Json | undefined, structureOf(model.input))),
    ...(made.output_schema === undefined || output === undefined
      ? []
      : outputs.compare(output, made.output_schema, contract?.output ?? "output")),
  ];
  // Where the API describes what comes by the model's output, it has told the same.
  return [...new Set(found)];
}

/** What cannot be read serves nobody: there is nothing to be compared with, and nobody to be broken. */
async function currentMeta(context: TrainingContext): Promise<Meta | undefined> {
  const { config, host } = context;
  try {
    return await (await context.store()).meta(config.model.name, config.model.version);
  } catch (error) {
    if (!isLaunchpadError(error) || !["STORE_CORRUPT", "STORE_UNTRUSTED"].includes(error.code)) throw error;
    const log = host.log.child("lifecycle");
    log.warning(
      `${modelLabel(config)}: gates and breaking changes are not compared with the current run: ${error.message}`,
    );
    return undefined;
  }
}

/** The first training of a version answers under the same path as the version before it. */
async function currentOfSameMajor(context: TrainingContext): Promise<Meta | undefined> {
  const { name, version } = context.config.model;
  const store = await context.store();
  const before = (await store.overview(name))
    .filter((other) => other.current !== null && majorOf(other.version) === majorOf(version))
    .at(-1);
  return before && (await store.meta(name, before.version));
}
