import { whereIs } from "../config/source-map.ts";
import { isLaunchpadError, LaunchpadError, messageOf } from "../errors.ts";
import type { RunName, StoredModel } from "../store/types.ts";
import { type Context, codecOf, type Loaded, majorOf, modelLabel } from "./context.ts";

/**
 * Loads the run that was made current last and decodes it.
 *
 * @param context The lifecycle.
 *
 * @returns The model; undefined if nothing has been trained under this name and version.
 *
 * @throws STORE_UNAVAILABLE, STORE_CORRUPT, STORE_UNTRUSTED from the store; CODEC_FAILED when the codec cannot read the
 * contents.
 */
export async function load(context: Context): Promise<Loaded | undefined> {
  const { name, version } = context.config.model;
  const stored = await (await context.store()).load(name, version);
  return stored && decoded(context, stored);
}

/**
 * Loads one run and decodes it.
 *
 * @param context The lifecycle.
 * @param of Which run.
 *
 * @returns The model.
 *
 * @throws MODEL_NOT_TRAINED if there is no such run; and whatever `load` throws.
 */
export async function loadRun(context: Context, of: RunName): Promise<Loaded> {
  return decoded(context, await (await context.store()).loadRun(of));
}

/**
 * Loads the run that serves: the one that `model.serve` names, else the current one.
 *
 * @param context The lifecycle.
 *
 * @returns The model.
 *
 * @throws MODEL_NOT_TRAINED if nothing has been trained under this name and version; and whatever `load` throws.
 */
export async function loadTrained(context: Context): Promise<Loaded> {
  if (context.config.model.serve !== undefined) return loadRun(context, await servingRun(context));
  const loaded = await load(context);
  if (loaded) return loaded;
  throw await notTrained(context);
}

/**
 * Finds the run that should serve, in a read or two.
 *
 * @param context The lifecycle.
 *
 * @returns The run.
 *
 * @throws MODEL_NOT_TRAINED if there is none; CONFIG_INVALID if `model.serve` means a run of another major version, whose
 * API is another one.
 */
export async function servingRun(context: Context): Promise<RunName> {
  const { config } = context;
  const { name, version, serve } = config.model;
  const store = await context.store();
  if (serve === undefined) {
    const run = await store.current(name, version);
    if (run === undefined) throw await notTrained(context);
    return { name, version, run };
  }
  const of = await store.resolve(`${name}@${serve}`);
  if (majorOf(of.version) === majorOf(version)) return of;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${whereIs(config, ["model", "serve"])}: model.serve: ${serve} is ${name} ${of.version}, expected a run of ` +
      `${majorOf(version)}, whose API this is. Point the alias at another run, or change model.version`,
  );
}

async function notTrained(context: Context): Promise<LaunchpadError> {
  const { location } = await context.store();
  return new LaunchpadError(
    "MODEL_NOT_TRAINED",
    `[store] no trained model ${modelLabel(context.config)} in ${location}. Train it first: launchpad train`,
  );
}

async function decoded(context: Context, { contents: bytes, meta }: StoredModel): Promise<Loaded> {
  const contents = await decode(context, bytes, `run ${meta.run}`);
  const { log } = context.host;
  log.child("lifecycle").info(`loaded ${meta.name} ${meta.version}, run ${meta.run}, created ${meta.created}`);
  const { have_columns_been_ordered: columnsOrdered, ordered_columns: orderedColumns } = meta;
  return { contents, meta, columnsOrdered, ...(orderedColumns && { orderedColumns }) };
}

/**
 * Turns contents into bytes.
 *
 * @param context The lifecycle.
 * @param contents What `train` returned.
 *
 * @returns The bytes to store.
 *
 * @throws CODEC_FAILED when the codec cannot write them.
 */
export async function encode(context: Context, contents: unknown): Promise<Uint8Array> {
  try {
    const bytes = await codecOf(context.model).encode(contents);
    if (bytes instanceof Uint8Array) return bytes;
    throw new TypeError(`encode returned ${typeof bytes}, expected a Uint8Array`);
  } catch (cause) {
    throw codecError(context, "written", "what train returned", cause);
  }
}

/**
 * Turns bytes back into contents.
 *
 * @param context The lifecycle.
 * @param bytes What `encode` made.
 * @param what Which bytes these are, for messages.
 *
 * @returns The contents.
 *
 * @throws CODEC_FAILED when the codec cannot read them.
 */
export async function decode(context: Context, bytes: Uint8Array, what: string): Promise<unknown> {
  try {
    return await codecOf(context.model).decode(bytes);
  } catch (cause) {
    throw codecError(context, "read", what, cause);
  }
}

function codecError(context: Context, verb: "written" | "read", what: string, cause: unknown): LaunchpadError {
  if (isLaunchpadError(cause)) return cause;
  return new LaunchpadError(
    "CODEC_FAILED",
    `[codec] ${modelLabel(context.config)}: ${what} cannot be ${verb} by the model's codec: ${messageOf(cause)}`,
    { cause },
  );
}
