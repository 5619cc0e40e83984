import { LaunchpadError } from "../../errors.ts";
import type { StoreContext } from "../context.ts";
import { currentKey, isId } from "../layout/layout.ts";
import type { JsonObject } from "../signing/checksum.ts";
import { checkNotOlder, checkSignature, timeAfter, withSignature } from "../signing/signed-statement.ts";
import { pathOf } from "../storage.ts";

/** What serves, as it is stored. */
export interface Current {
  readonly run: string;
  /** When that was said; only where it was signed. */
  readonly time: string | undefined;
}

/**
 * Finds the run that serves.
 *
 * @param context The store.
 * @param name The model's name.
 * @param version The model's version.
 *
 * @returns The name of the run; undefined if none has been made current yet.
 *
 * @throws STORE_CORRUPT when it is not said in the way that it was written; STORE_UNTRUSTED when it is not signed, or is
 * older than what was read before; STORE_UNAVAILABLE.
 */
export async function readCurrent(context: StoreContext, name: string, version: string): Promise<string | undefined> {
  return (await findCurrent(context, name, version))?.run;
}

/**
 * Finds the run that serves, and when it was made to.
 *
 * @param context The store.
 * @param name The model's name.
 * @param version The model's version.
 *
 * @returns What is stored of it; undefined if none has been made current yet.
 *
 * @throws As `readCurrent`.
 */
export async function findCurrent(context: StoreContext, name: string, version: string): Promise<Current | undefined> {
  const { storage, verify } = context;
  const key = currentKey(name, version);
  const found = await storage.readJson(key);
  if (found === undefined) return undefined;
  const { run, time } = (typeof found === "object" && found !== null ? found : {}) as Record<string, unknown>;
  if (typeof run !== "string" || !isId(run)) {
    throw new LaunchpadError(
      "STORE_CORRUPT",
      `[store] ${storage.location}: ${pathOf(key)} does not name a run. Expected { "run": "<run>" }, found ${JSON.stringify(found).slice(0, 80)}.`,
    );
  }
  await checkSignature(context, { statement: "current", name, version }, key, found as JsonObject);
  const when = typeof time === "string" ? time : undefined;
  if (verify) checkNotOlder(context, key, when ?? "");
  return { run, time: when };
}

/**
 * Record of which run serves.
 *
 * @param context The store.
 * @param name The model's name.
 * @param version The model's version.
 * @param run The name of the run.
 * @param before When what is there was said.
 *
 * @returns The text to write. Only a signed one has a time: it tells which of two is newer.
 *
 * @throws Whatever `sign` throws.
 */
export async function currentText(
  context: StoreContext,
  { name, version, run }: { readonly name: string; readonly version: string; readonly run: string },
  before: string | undefined,
): Promise<string> {
  const fields = context.sign ? { run, time: timeAfter(context.now(), before) } : { run };
  return `${JSON.stringify(await withSignature(context, { statement: "current", name, version }, fields))}\n`;
}
