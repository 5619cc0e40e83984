import { isLaunchpadError, LaunchpadError, messageOf } from "../errors.ts";
import { type Context, codecOf, type Loaded, nameOf } from "./context.ts";

/**
 * Loads the run that serves from the model store and decodes it.
 *
 * @param context The lifecycle.
 *
 * @returns The model; undefined if nothing has been trained under this name and version.
 *
 * @throws STORE_UNAVAILABLE, STORE_CORRUPT from the store; CODEC_FAILED when the codec cannot read the contents.
 */
export async function load(context: Context): Promise<Loaded | undefined> {
  const { config, host } = context;
  const store = await context.store();
  const stored = await store.load(config.model.name, config.model.version);
  if (stored === undefined) return undefined;
  const { meta } = stored;
  const contents = await decode(context, stored.contents, `run ${meta.run}`);
  host.log.child("lifecycle").info(`loaded ${nameOf(config)}, run ${meta.run}, created ${meta.created}`);
  return { contents, meta, columnsOrdered: meta.have_columns_been_ordered };
}

/**
 * Loads the run that serves, which must be there.
 *
 * @param context The lifecycle.
 *
 * @returns The model.
 *
 * @throws MODEL_NOT_TRAINED if nothing has been trained under this name and version; and whatever `load` throws.
 */
export async function loadTrained(context: Context): Promise<Loaded> {
  const loaded = await load(context);
  if (loaded) return loaded;
  const store = await context.store();
  throw new LaunchpadError(
    "MODEL_NOT_TRAINED",
    `[store] no trained model ${nameOf(context.config)} in ${store.location}. Train it first: launchpad train`,
  );
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
    `[codec] ${nameOf(context.config)}: ${what} cannot be ${verb} by the model's codec: ${messageOf(cause)}`,
    { cause },
  );
}
