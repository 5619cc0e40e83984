import type { StoreContext } from "../context.ts";
import { checkNames, createId, promotionKey } from "../layout/layout.ts";
import { addChecksum } from "../signing/checksum.ts";
import { withSignature } from "../signing/signed-statement.ts";
import type { Promotion, RunName } from "../types.ts";
import { aliasesOf, setAlias } from "./aliases.ts";
import { readCurrent } from "./current.ts";

/**
 * Takes back a run that was tried beside the one that serves. The alias goes first: if that is all that happens, nobody asks
 * the run any more.
 *
 * @param context The store.
 * @param of The run that was tried.
 * @param alias Its alias; one that points elsewhere by now stays.
 *
 * @throws CONFIG_INVALID for names that cannot be; STORE_UNAVAILABLE; CONFIG_INVALID or VARIABLE_NOT_SET where it cannot be
 * signed.
 */
export async function abortRollout(context: StoreContext, of: RunName, alias: string): Promise<void> {
  const { name, version } = of;
  checkNames(name, version);
  const pointed = (await aliasesOf(context, name))[alias];
  if (pointed?.run === of.run) await setAlias(context, name, alias, undefined);
  const current = await readCurrent(context, name, version);
  if (current === undefined) return;
  const time = context.now();
  const id = createId(time);
  const promotion: Promotion = { time: new Date(time).toISOString(), run: current, previous: of.run, reason: "abort" };
  const subject = { statement: "promotion", name, version, id } as const;
  const { text } = await addChecksum(await withSignature(context, subject, { ...promotion }));
  await context.storage.write(promotionKey(name, version, id), text);
  context.log.info(`${name} ${version}: run ${of.run} was taken back, run ${current} serves on`);
}
