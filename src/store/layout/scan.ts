import type { Storage } from "../storage.ts";
import { parseKey } from "./layout.ts";

/** What the keys of a store say of one version of a model. */
export interface VersionKeys {
  readonly name: string;
  readonly version: string;
  hasCurrent: boolean;
  /** The runs that have metadata: those whose storing came that far. */
  readonly runs: string[];
  /** The runs that have contents. */
  readonly contents: string[];
  /** The names of retests by run. */
  readonly retests: Map<string, string[]>;
  /** The names of promotions. */
  readonly promotions: string[];
}

/** What the keys of a store say. */
export interface StoreKeys {
  readonly versions: readonly VersionKeys[];
  readonly aliases: readonly { readonly name: string; readonly alias: string }[];
}

/**
 * Finds what there is in a store, by its keys alone.
 *
 * @param storage Where runs are kept.
 * @param name Of which model; of all without one.
 * @param version Of which version; of all without one.
 *
 * @returns Versions and aliases. Keys of somebody else are left out.
 *
 * @throws STORE_UNAVAILABLE.
 */
export async function scanKeys(storage: Storage, name?: string, version?: string): Promise<StoreKeys> {
  const versions = new Map<string, VersionKeys>();
  const aliases: { name: string; alias: string }[] = [];
  for (const key of await keysOf(storage, name, version)) {
    const place = parseKey(key);
    if (place === undefined) continue;
    if (place.kind === "alias") {
      aliases.push({ name: place.name, alias: place.alias });
      continue;
    }
    const id = `${place.name}:${place.version}`;
    const found = versions.get(id) ?? emptyVersion(place.name, place.version);
    versions.set(id, found);
    if (place.kind === "current") found.hasCurrent = true;
    else if (place.kind === "promotion") found.promotions.push(place.id);
    else if (place.kind === "metrics") addTo(found.retests, place.run, place.id);
    else found[place.kind === "meta" ? "runs" : "contents"].push(place.run);
  }
  return { versions: [...versions.values()], aliases };
}

async function keysOf(storage: Storage, name?: string, version?: string): Promise<readonly string[]> {
  if (name === undefined) return storage.keys();
  if (version === undefined) return storage.keys(name);
  return (await Promise.all([storage.keys(name, version), storage.keys(name, "aliases")])).flat();
}

function emptyVersion(name: string, version: string): VersionKeys {
  return { name, version, hasCurrent: false, runs: [], contents: [], retests: new Map(), promotions: [] };
}

function addTo(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
