import { LaunchpadError } from "../../errors.ts";
import { mapLimited } from "../../util/map-limited.ts";
import type { StoreContext } from "../context.ts";
import { aliasKey, checkAlias, checkNames, isId, isVersion, parseKey } from "../layout/layout.ts";
import { readNamedRun } from "../runs/read-run.ts";
import { logSkipped, skipCorrupt } from "../runs/skip-corrupt.ts";
import { refuseTakenOver } from "../runs/taken-over.ts";
import type { JsonObject } from "../signing/checksum.ts";
import { checkNotOlder, checkSignature, timeAfter, withSignature } from "../signing/signed-statement.ts";
import { pathOf } from "../storage.ts";
import type { RunName } from "../types.ts";

/** An alias and the run it points to. */
export interface Alias {
  readonly alias: string;
  readonly of: RunName;
}

/** An alias, as it is stored. */
interface Pointer {
  readonly of: RunName;
  /** When it was pointed there; only where that was signed. */
  readonly time: string | undefined;
}

/**
 * Finds the run that an alias points to.
 *
 * @param context The store.
 * @param name The model's name.
 * @param alias The alias.
 *
 * @returns The run; undefined if there is no such alias.
 *
 * @throws STORE_CORRUPT when it is not said in the way that it was written; STORE_UNTRUSTED when it is not signed, or is
 * older than what was read before; STORE_UNAVAILABLE.
 */
export async function readAlias(context: StoreContext, name: string, alias: string): Promise<RunName | undefined> {
  return (await findAlias(context, name, alias))?.of;
}

async function findAlias(context: StoreContext, name: string, alias: string): Promise<Pointer | undefined> {
  const { storage, verify } = context;
  const key = aliasKey(name, alias);
  const found = await storage.readJson(key);
  if (found === undefined) return undefined;
  const { version, run, time } = (typeof found === "object" && found !== null ? found : {}) as Record<string, unknown>;
  if (typeof version !== "string" || !isVersion(version) || typeof run !== "string" || !isId(run)) {
    throw new LaunchpadError(
      "STORE_CORRUPT",
      `[store] ${storage.location}: ${pathOf(key)} does not name a run. Expected { "version": "<version>", "run": "<run>" }, ` +
        `found ${JSON.stringify(found).slice(0, 80)}. Point the alias at a run again: launchpad models alias`,
    );
  }
  await checkSignature(context, { statement: "alias", name, alias }, key, found as JsonObject);
  const when = typeof time === "string" ? time : undefined;
  if (verify) checkNotOlder(context, key, when ?? "");
  return { of: { name, version, run }, time: when };
}

/**
 * Reads some aliases. What is damaged is logged and left out.
 *
 * @param context The store.
 * @param names Which aliases of which models.
 *
 * @returns The aliases, with what they point to.
 *
 * @throws STORE_UNAVAILABLE.
 */
export async function listAliases(
  context: StoreContext,
  names: readonly { readonly name: string; readonly alias: string }[],
): Promise<readonly Alias[]> {
  const onDamage = logSkipped(context.log, "aliases");
  const found = await mapLimited(names, async ({ name, alias }) => {
    const of = await skipCorrupt(readAlias(context, name, alias), onDamage);
    return of ? [{ alias, of }] : [];
  });
  return found.flat();
}

/**
 * Finds the runs that the aliases of a model point to.
 *
 * @param context The store.
 * @param name The model's name.
 *
 * @returns Runs by alias.
 *
 * @throws CONFIG_INVALID for a name that no model can have; STORE_UNAVAILABLE.
 */
export async function aliasesOf(context: StoreContext, name: string): Promise<Record<string, RunName>> {
  checkNames(name);
  const places = (await context.storage.keys(name, "aliases")).map(parseKey);
  const names = places.flatMap((place) => (place?.kind === "alias" ? [place] : []));
  const aliases = Object.create(null) as Record<string, RunName>;
  for (const { alias, of } of await listAliases(context, names)) aliases[alias] = of;
  return aliases;
}

/**
 * Points an alias at a run that is whole, or takes the alias away.
 *
 * @param context The store.
 * @param name The model's name.
 * @param alias The alias.
 * @param of The run; undefined to take the alias away.
 *
 * @throws CONFIG_INVALID for an alias that cannot be; MODEL_NOT_TRAINED when there is no such run, or no such alias to
 * take away; STORE_CORRUPT when the run is damaged; STORE_UNTRUSTED when it is not signed; STORE_UNAVAILABLE; CONFIG_INVALID or
 * VARIABLE_NOT_SET where the alias cannot be signed.
 */
export async function setAlias(
  context: StoreContext,
  name: string,
  alias: string,
  of: RunName | undefined,
): Promise<void> {
  const { storage, log } = context;
  checkNames(name);
  checkAlias(alias);
  if (of === undefined) return removeAlias(context, name, alias);
  checkNames(of.name, of.version);
  if (of.name !== name) {
    throw refused(name, alias, `found a run of ${of.name}, expected one of the same model`);
  }
  if ((await storage.keys(name, alias)).some((key) => parseKey(key)?.kind === "meta")) {
    throw refused(name, alias, "there is a version of that name. Choose another one");
  }
  // An alias may serve: it never points to what cannot be loaded.
  refuseTakenOver(storage, of, (await readNamedRun(context, of)).meta);
  await storage.write(aliasKey(name, alias), await aliasText(context, alias, of));
  log.info(`${name}: alias ${alias} points to ${of.version}, run ${of.run}`);
}

/** Only a signed alias has a time: it tells which of two is newer. */
async function aliasText(context: StoreContext, alias: string, { name, version, run }: RunName): Promise<string> {
  const { sign, now, log } = context;
  const before = sign && (await skipCorrupt(findAlias(context, name, alias), log.warning));
  const fields = { version, run, ...(sign && { time: timeAfter(now(), before?.time) }) };
  return `${JSON.stringify(await withSignature(context, { statement: "alias", name, alias }, fields))}\n`;
}

async function removeAlias(context: StoreContext, name: string, alias: string): Promise<void> {
  const { storage, log } = context;
  const key = aliasKey(name, alias);
  if ((await storage.read(key)) === undefined) {
    const there = Object.keys(await aliasesOf(context, name)).join(", ") || "none";
    throw new LaunchpadError(
      "MODEL_NOT_TRAINED",
      `[store] ${storage.location}: ${name} has no alias ${alias}. Aliases there are: ${there}.`,
    );
  }
  await storage.remove(key);
  log.info(`${name}: alias ${alias} is gone`);
}

function refused(name: string, alias: string, why: string): LaunchpadError {
  return new LaunchpadError("CONFIG_INVALID", `[store] ${name}: alias ${alias}: ${why}.`);
}
