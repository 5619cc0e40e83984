import { LaunchpadError } from "../../errors.ts";
import type { StoreContext } from "../context.ts";
import { readAlias } from "../promotions/aliases.ts";
import { readCurrent } from "../promotions/current.ts";
import type { Storage } from "../storage.ts";
import type { RunName } from "../types.ts";
import { checkNames, formatName, isId, isName, isVersion } from "./layout.ts";
import { scanKeys } from "./scan.ts";
import { compareVersions } from "./versions.ts";

/** A reference taken apart. */
interface Reference {
  readonly name: string;
  /** A version, an alias or `latest`; undefined means `latest`. */
  readonly version: string;
  /** The beginning of a run's name. */
  readonly run: string | undefined;
}

/**
 * Finds the run that a reference means: `NAME`, `NAME@VERSION`, `NAME@latest`, `NAME@ALIAS`, `NAME@VERSION/RUN`. Where
 * a version and an alias have the same name, the version is meant.
 *
 * @param context The store.
 * @param text The reference.
 *
 * @returns The run.
 *
 * @throws CONFIG_INVALID for what is no reference, or may mean several runs; MODEL_NOT_TRAINED when there is nothing of
 * that name; STORE_CORRUPT; STORE_UNAVAILABLE.
 */
export async function resolveReference(context: StoreContext, text: string): Promise<RunName> {
  const { storage } = context;
  const reference = parseReference(text);
  const { name, run } = reference;
  const version = reference.version === "latest" ? await latestOf(storage, name) : reference.version;
  if (version === undefined) throw await nothing(storage, reference, text);
  if (run !== undefined) return runOf(storage, { ...reference, version, run }, text);
  const current = await readCurrent(context, name, version);
  if (current !== undefined) return { name, version, run: current };
  const aliased = await readAlias(context, name, version);
  if (aliased) return aliased;
  throw await nothing(storage, reference, text);
}

function parseReference(text: string): Reference {
  const [, name = "", version = "latest", run] = /^([^@/]*)(?:@([^@/]*)(?:\/([^@/]*))?)?$/.exec(text) ?? [];
  const known = isName(name) && (version === "latest" || isVersion(version));
  if (known && (run === undefined || /^[0-9TZ][0-9TZa-f-]*$/.test(run))) return { name, version, run };
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `[store] found ${formatName(text)}, expected NAME, NAME@VERSION, NAME@latest, NAME@ALIAS or NAME@VERSION/RUN. Names, versions and aliases ` +
      'are 1 to 200 letters, digits, ".", "_" or "-", and begin with a letter or digit; RUN is the beginning of the name of a run.',
  );
}

/** The highest version that has a run which serves. */
async function latestOf(storage: Storage, name: string): Promise<string | undefined> {
  const { versions } = await scanKeys(storage, name);
  return versions
    .filter(({ hasCurrent }) => hasCurrent)
    .map(({ version }) => version)
    .sort(compareVersions)
    .at(-1);
}

async function runOf(storage: Storage, of: RunName, text: string): Promise<RunName> {
  checkNames(of.name, of.version);
  const { name, version } = of;
  // A whole name is taken at its word: a list may be late.
  if (isId(of.run)) return { name, version, run: of.run };
  const { versions } = await scanKeys(storage, name, version);
  const all = versions.flatMap(({ runs }) => runs);
  const found = all.filter((run) => run.startsWith(of.run));
  const [run] = found;
  if (run !== undefined && found.length === 1) return { name, version, run };
  if (found.length > 1) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `[store] ${formatName(text)} may be one of ${found.length} runs: ${some(found)}. Give more of its name.`,
    );
  }
  throw new LaunchpadError(
    "MODEL_NOT_TRAINED",
    `[store] ${storage.location}: ${name} ${version} has no run that begins with ${formatName(of.run)}. Runs there are: ${some(all)}.`,
  );
}

/** The error for what is not there, which says what is. */
async function nothing(storage: Storage, { name }: Reference, text: string): Promise<LaunchpadError> {
  const { versions, aliases } = await scanKeys(storage, name);
  const serving = versions.filter(({ hasCurrent }) => hasCurrent).map(({ version }) => version);
  const idle = versions.filter(({ hasCurrent, runs }) => !hasCurrent && runs.length > 0).map(({ version }) => version);
  const facts = [
    `Versions of ${name} that serve: ${some(serving.sort(compareVersions))}`,
    `aliases: ${some(aliases.map(({ alias }) => alias))}`,
    ...(idle.length > 0 ? [`versions with runs of which none serves: ${some(idle.sort(compareVersions))}`] : []),
  ];
  const models = new Set(
    (versions.length > 0 ? [] : (await scanKeys(storage)).versions).map((version) => version.name),
  );
  const there = versions.length > 0 ? facts.join("; ") : `Models there are: ${some([...models])}`;
  return new LaunchpadError(
    "MODEL_NOT_TRAINED",
    `[store] ${storage.location}: found nothing for ${formatName(text)}. ${there}. Train a model: launchpad train`,
  );
}

function some(names: readonly string[]): string {
  if (names.length === 0) return "none";
  return names.length > 10 ? `${names.slice(-10).join(", ")} and ${names.length - 10} more` : names.join(", ");
}
