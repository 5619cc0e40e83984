import { isLaunchpadError, LaunchpadError } from "../../errors.ts";
import type { StoreContext } from "../context.ts";
import { contentsKey, formatName, isId, metaKey, parseKey } from "../layout/layout.ts";
import { readCurrent } from "../promotions/current.ts";
import { sha256 } from "../signing/checksum.ts";
import { pathOf, type Storage } from "../storage.ts";
import type { RunName, StoredModel } from "../types.ts";
import { corrupt, readMeta } from "./metadata.ts";

/**
 * Reads one run, which must be there and whole.
 *
 * @param context The store.
 * @param of Which run.
 *
 * @returns Its metadata and its contents, digests checked.
 *
 * @throws STORE_CORRUPT when something is missing or not what was stored; STORE_UNAVAILABLE; what `verify` throws.
 */
export async function readRun({ storage, verify }: StoreContext, of: RunName): Promise<StoredModel> {
  const key = contentsKey(of.name, of.version, of.run);
  const meta = await readMeta(storage, of, { there: true, verify });
  if (meta === undefined) throw missing(storage, of, metaKey(of.name, of.version, of.run));
  const { size, sha256: expected } = meta.contents;
  const contents = await storage.read(key, { there: true, size });
  if (contents === undefined) throw missing(storage, of, key);
  const found = await sha256(contents);
  if (contents.length === size && found === expected) return { contents, meta };
  throw corrupt(
    storage,
    of,
    `${pathOf(key)} is not what was stored: found ${contents.length} bytes with SHA-256 ${found}, ` +
      `expected ${size} bytes with SHA-256 ${expected}.`,
  );
}

/**
 * Reads one run, which somebody named.
 *
 * @param context The store.
 * @param of Which run.
 *
 * @returns Its metadata and its contents, digests checked.
 *
 * @throws MODEL_NOT_TRAINED when there is no such run; and what `readRun` throws.
 */
export async function readNamedRun(context: StoreContext, of: RunName): Promise<StoredModel> {
  if (!isId(of.run)) throw noSuchRun(context.storage, of);
  try {
    return await readRun(context, of);
  } catch (error) {
    if (isLaunchpadError(error) && error.code === "STORE_CORRUPT" && !(await hasTraces(context, of))) {
      throw noSuchRun(context.storage, of, error);
    }
    throw error;
  }
}

/**
 * Creates the error for something of a run that is not there.
 *
 * @param storage Where it should be.
 * @param of Which run.
 * @param key What is missing.
 *
 * @returns STORE_CORRUPT.
 */
export function missing(storage: Storage, of: RunName, key: string): LaunchpadError {
  return corrupt(storage, of, `${pathOf(key)} is missing.`);
}

/**
 * Does something with the runs of a version, and adds to an error of damage what can be done about it.
 *
 * @param storage Where they are.
 * @param of Which version.
 * @param task What to do.
 *
 * @returns What the task does.
 *
 * @throws What the task throws.
 */
export async function withRemedy<T>(
  storage: Storage,
  of: Pick<RunName, "name" | "version">,
  task: () => Promise<T>,
): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!isLaunchpadError(error) || error.code !== "STORE_CORRUPT") throw error;
    const rest = await otherRuns(storage, of.name, of.version, error.message);
    throw new LaunchpadError(
      "STORE_CORRUPT",
      `${error.message} Restore it from a copy, or train again without the previous model (launchpad train --fresh). ${rest}`,
      { cause: error },
    );
  }
}

/** Whether anything says that there is such a run, or was. */
async function hasTraces(context: StoreContext, of: RunName): Promise<boolean> {
  if ((await context.storage.keys(of.name, of.version, of.run)).length > 0) return true;
  return (await readCurrent(context, of.name, of.version).catch(() => undefined)) === of.run;
}

function noSuchRun(storage: Storage, of: RunName, cause?: unknown): LaunchpadError {
  return new LaunchpadError(
    "MODEL_NOT_TRAINED",
    `[store] ${storage.location}: ${of.name} ${of.version} has no run ${formatName(of.run)}. List the runs there are: launchpad models runs ${of.name}`,
    cause === undefined ? {} : { cause },
  );
}

/** Says which runs a version has besides those that a message speaks of. */
async function otherRuns(storage: Storage, name: string, version: string, message: string): Promise<string> {
  const keys = await storage.keys(name, version).catch(() => undefined);
  if (keys === undefined) return "The other runs have not been touched.";
  const others = keys.map(parseKey).flatMap((place) => (place?.kind === "meta" ? [place.run] : []));
  const untouched = others.filter((run) => !message.includes(run));
  if (untouched.length === 0) return "This version has no other run.";
  return `The other runs of this version are still there: ${untouched.length}, the newest is ${untouched.at(-1)}.`;
}
