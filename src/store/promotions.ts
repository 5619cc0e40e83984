import * as v from "valibot";
import { LaunchpadError } from "../errors.ts";
import type { StoreContext } from "./context.ts";
import { readCurrent, writeCurrent } from "./current.ts";
import { leftOut, unlessDamaged } from "./damage.ts";
import { checkNames, createId, isId, placeOf, promotionKey } from "./layout.ts";
import { mapLimited } from "./limit.ts";
import { readNamedRun } from "./read-run.ts";
import { seal, unseal } from "./seal.ts";
import { pathOf, type Storage } from "./storage.ts";
import type { Promotion, RunName } from "./types.ts";

const run = v.pipe(v.string(), v.check(isId, "expected the name of a run"));

/** A promotion as it is stored. */
const promotionSchema = v.object({
  time: v.pipe(v.string(), v.isoTimestamp()),
  run,
  previous: v.nullable(run),
  reason: v.picklist(["train", "promote", "rollback", "import"]),
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
export async function switchTo(
  { storage, now, log }: StoreContext,
  of: RunName,
  reason: Promotion["reason"],
): Promise<void> {
  const { name, version } = of;
  // A damaged current.json is mended by this very switch.
  const previous = (await unlessDamaged(readCurrent(storage, name, version), log.warning)) ?? null;
  if (previous === of.run) return;
  const time = now();
  const promotion: Promotion = { time: new Date(time).toISOString(), run: of.run, previous, reason };
  const { text } = await seal({ ...promotion });
  await storage.write(promotionKey(name, version, createId(time)), text);
  await writeCurrent(storage, name, version, of.run);
  log.debug(`${name} ${version}: run ${of.run} serves (${reason}), before it ${previous ?? "none"}`);
}

/**
 * Makes a run the one that serves its version, after verifying that it is whole.
 *
 * @param context The store.
 * @param of The run.
 * @param reason What makes the switch.
 *
 * @throws MODEL_NOT_TRAINED when there is no such run; STORE_CORRUPT when it is not whole; STORE_UNAVAILABLE.
 */
export async function promote(
  context: StoreContext,
  of: RunName,
  reason: Promotion["reason"] = "promote",
): Promise<void> {
  checkNames(of.name, of.version);
  await readNamedRun(context, of);
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
  { storage, log }: StoreContext,
  name: string,
  version: string,
): Promise<readonly Promotion[]> {
  checkNames(name, version);
  const places = (await storage.keys(name, version, "promotions")).map(placeOf);
  const ids = places.flatMap((place) => (place?.kind === "promotion" ? [place.id] : [])).sort();
  const onDamage = leftOut(log, "promotions");
  const read = await mapLimited(ids, (id) => unlessDamaged(readPromotion(storage, name, version, id), onDamage));
  return read.filter((promotion) => promotion !== undefined);
}

/**
 * Reads one promotion.
 *
 * @param storage Where it is kept.
 * @param name The model's name.
 * @param version The model's version.
 * @param id The name of the promotion.
 *
 * @returns What was switched, and when.
 *
 * @throws STORE_CORRUPT when it is not what was stored; STORE_UNAVAILABLE.
 */
export async function readPromotion(storage: Storage, name: string, version: string, id: string): Promise<Promotion> {
  const key = promotionKey(name, version, id);
  const parsed = v.safeParse(promotionSchema, await unseal(await storage.readJson(key, { there: true })));
  if (parsed.success) return parsed.output;
  throw new LaunchpadError(
    "STORE_CORRUPT",
    `[store] ${storage.location}: ${pathOf(key)} has been altered: it is not the promotion that was stored.`,
  );
}
