import * as v from "valibot";
import { LaunchpadError } from "../../errors.ts";
import { mapLimited } from "../../util/map-limited.ts";
import type { StoreContext } from "../context.ts";
import { checkNames, createId, currentKey, isId, parseKey, promotionKey } from "../layout/layout.ts";
import { readNamedRun } from "../runs/read-run.ts";
import { logSkipped, skipCorrupt } from "../runs/skip-corrupt.ts";
import { refuseTakenOver } from "../runs/taken-over.ts";
import { addChecksum, checkChecksum } from "../signing/checksum.ts";
import { checkSignature, withSignature } from "../signing/signed-statement.ts";
import { pathOf } from "../storage.ts";
import type { Promotion, RunName } from "../types.ts";
import { currentText, findCurrent } from "./current.ts";

const run = v.pipe(v.string(), v.check(isId, "expected the name of a run"));

/** A promotion as it is stored. */
const promotionSchema = v.object({
  time: v.pipe(v.string(), v.isoTimestamp()),
  run,
  previous: v.nullable(run),
  reason: v.picklist(["train", "promote", "rollback", "import", "rollout", "abort"]),
});

/**
 * Makes a run the one that serves its version. The promotion is written down first: if that is all that
 * happens, the run before goes on serving, because only current.json says what serves.
 *
 * @param context The store.
 * @param of The run, which is known to be whole.
 * @param reason What makes the switch.
 *
 * @throws STORE_UNAVAILABLE when it cannot be written; the run before goes on serving.
 */
export async function switchTo(context: StoreContext, of: RunName, reason: Promotion["reason"]): Promise<void> {
  await (await prepareSwitch(context, of, reason))();
}

/**
 * Prepares to make a run the one that serves its version: whatever is to be signed has been.
 *
 * @param context The store.
 * @param of The run.
 * @param reason What makes the switch.
 *
 * @returns What makes the switch; it throws STORE_UNAVAILABLE.
 *
 * @throws STORE_UNAVAILABLE; whatever `sign` throws.
 */
export async function prepareSwitch(
  context: StoreContext,
  of: RunName,
  reason: Promotion["reason"],
): Promise<() => Promise<void>> {
  const { storage, now, log } = context;
  const { name, version } = of;
  // A damaged current.json is mended by this very switch.
  const before = await skipCorrupt(findCurrent(context, name, version), log.warning);
  const previous = before?.run ?? null;
  if (previous === of.run) return async () => {};
  const time = now();
  const id = createId(time);
  const promotion: Promotion = { time: new Date(time).toISOString(), run: of.run, previous, reason };
  const subject = { statement: "promotion", name, version, id } as const;
  const { text } = await addChecksum(await withSignature(context, subject, { ...promotion }));
  const current = await currentText(context, of, before?.time);
  return async () => {
    await storage.write(promotionKey(name, version, id), text);
    await storage.write(currentKey(name, version), current);
    log.debug(`${name} ${version}: run ${of.run} serves (${reason}), before it ${previous ?? "none"}`);
  };
}

/**
 * Makes a run the one that serves its version, after verifying that it is whole.
 *
 * @param context The store.
 * @param of The run.
 * @param reason What makes the switch.
 *
 * @throws MODEL_NOT_TRAINED when there is no such run; STORE_CORRUPT when it is not whole; STORE_UNTRUSTED when it is not
 * signed; STORE_UNAVAILABLE; CONFIG_INVALID or VARIABLE_NOT_SET where the switch cannot be signed.
 */
export async function promote(
  context: StoreContext,
  of: RunName,
  reason: Promotion["reason"] = "promote",
): Promise<void> {
  checkNames(of.name, of.version);
  const { meta } = await readNamedRun(context, of);
  refuseTakenOver(context.storage, of, meta);
  await switchTo(context, of, reason);
}

/**
 * Finds every switch of the run that serves a version. A damaged one is logged and left out.
 *
 * @param context The store.
 * @param name The model's name.
 * @param version The model's version.
 *
 * @returns The promotions, oldest first.
 *
 * @throws CONFIG_INVALID for a name or version that no model can have; STORE_UNAVAILABLE.
 */
export async function promotionsOf(
  context: StoreContext,
  name: string,
  version: string,
): Promise<readonly Promotion[]> {
  const { storage, log } = context;
  checkNames(name, version);
  const places = (await storage.keys(name, version, "promotions")).map(parseKey);
  const ids = places.flatMap((place) => (place?.kind === "promotion" ? [place.id] : [])).sort();
  const onDamage = logSkipped(log, "promotions");
  const read = await mapLimited(ids, (id) => skipCorrupt(readPromotion(context, name, version, id), onDamage));
  return read.filter((promotion) => promotion !== undefined);
}

/**
 * Reads one promotion.
 *
 * @param context The store.
 * @param name The model's name.
 * @param version The model's version.
 * @param id The name of the promotion.
 *
 * @returns What was switched, and when.
 *
 * @throws STORE_CORRUPT when it is not what was stored; STORE_UNTRUSTED when it is not signed; STORE_UNAVAILABLE.
 */
export async function readPromotion(
  context: StoreContext,
  name: string,
  version: string,
  id: string,
): Promise<Promotion> {
  const { storage } = context;
  const key = promotionKey(name, version, id);
  const document = await checkChecksum(await storage.readJson(key, { there: true }));
  const parsed = v.safeParse(promotionSchema, document);
  if (document === undefined || !parsed.success) {
    throw new LaunchpadError(
      "STORE_CORRUPT",
      `[store] ${storage.location}: ${pathOf(key)} has been altered: it is not the promotion that was stored.`,
    );
  }
  await checkSignature(context, { statement: "promotion", name, version, id }, key, document);
  return parsed.output;
}
