import { LaunchpadError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { mapLimited } from "../../util/map-limited.ts";
import { normalizedPath } from "../../util/percent.ts";
import { pathIn } from "../router.ts";
import { createMember, type Member, type ModelEntry } from "./model-member.ts";
import type { ServedModels } from "./served-models.ts";

/** How much may be in memory at a time. */
export interface ModelLimits {
  /** So many models are loaded at a time; any number unless told. */
  readonly maxLoaded?: number | undefined;
  /** So many bytes of contents, as they are stored; any number unless told. */
  readonly maxMemory?: number | undefined;
}

/** Models that serve together, which come and go. */
export interface ModelSet extends ServedModels {
  list(): readonly Member[];
  find(name: string): Member | undefined | Promise<Member | undefined>;
  /** Finds the model whose API a request is for, by the first two segments of its path. */
  at(url: string): Member | undefined | Promise<Member | undefined>;
  /**
   * Adds a model.
   *
   * @throws CONFIG_INVALID when another has its name, or its paths.
   */
  add(entry: ModelEntry): void;
  /** Takes a model out: it answers what has begun, and is closed. */
  remove(name: string): Promise<void>;
  /** Loads models at once: those of these names, or all, as many as there is room for. What fails is in the log, and tried again when asked for. */
  preload(names: readonly string[] | true): Promise<void>;
  /** Lets models go that there is no room for, if any were loaded since the last time. */
  makeRoom(): void;
  /** How many were let go to make room. */
  unloads(): number;
  close(): Promise<void>;
}

/** What a set is made of. */
export interface ModelSetOptions extends ModelLimits {
  readonly host: Pick<Host, "log" | "now">;
  /**
   * Looks for a model that is not known yet, while projects are still being found; undefined when all are known.
   *
   * @param hint What its name or its path begins with: what looks like it is looked at first.
   * @param isFound Whether it is known by now.
   */
  searching?(hint: string, isFound: () => boolean): Promise<void> | undefined;
}

/** So many are loaded at a time before anybody asks. */
const maxLoading = 4;

/**
 * Set of models that serve together. Each is opened and loaded by itself, when it is first asked for; when there is no more
 * room, those that were used longest ago are let go, first among those that answer nothing at the moment. Neither finding one
 * nor adding one takes longer the more there are.
 *
 * @param options How much may be in memory, the log, a clock.
 *
 * @returns An empty set.
 */
export function createModelSet(options: ModelSetOptions): ModelSet {
  const { host, maxLoaded = Number.POSITIVE_INFINITY, maxMemory = Number.POSITIVE_INFINITY, searching } = options;
  const log = host.log.child("lifecycle");
  const byName = new Map<string, Member>();
  const byPath = new Map<string, Member>();
  let sorted: readonly Member[] | undefined;
  let uses = 0;
  let unloads = 0;
  let isDue = false;
  let tooLarge: string | undefined;

  const isLimited = Number.isFinite(maxLoaded) || Number.isFinite(maxMemory);
  const makeRoom = () => {
    if (!isDue) return;
    const loaded = [...byName.values()]
      .flatMap((member) => {
        const size = member.size();
        return size === undefined ? [] : [{ member, size }];
      })
      .sort((a, b) => a.member.lastUse() - b.member.lastUse());
    let bytes = loaded.reduce((sum, { size }) => sum + size, 0);
    let count = loaded.length;
    const last = loaded.at(-1);
    for (const { member, size } of loaded) {
      if (count <= maxLoaded && bytes <= maxMemory) break;
      // Whoever asked last still needs it; what answers is let go when it has answered.
      if (member === last?.member || member.busy()) continue;
      count -= 1;
      bytes -= size;
      unloads += 1;
      log.info(`${member.name} is let go, because others need the room; it is loaded again when it is asked for`);
      void member.unload();
    }
    isDue = count > maxLoaded || (bytes > maxMemory && count > 1);
    if (last === undefined || count > 1 || bytes <= maxMemory || tooLarge === last.member.name) return;
    tooLarge = last.member.name;
    log.warning(
      `${tooLarge} has ${bytes} bytes of contents, expected at most ${maxMemory} (max_memory): it serves alone`,
    );
  };
  const events = {
    used() {
      uses += 1;
      return uses;
    },
    loaded() {
      isDue = isLimited;
    },
    idle: makeRoom,
  };

  const whenKnown = <T>(hint: string, find: () => T | undefined): T | undefined | Promise<T | undefined> => {
    const found = find();
    return found ?? searching?.(hint, () => find() !== undefined)?.then(find);
  };
  const list = () => {
    sorted ??= [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return sorted;
  };

  return {
    list,
    find: (name) => whenKnown(name, () => byName.get(name)),
    at(url) {
      const path = pathIn(url);
      const member = byPath.get(prefixOf(path));
      if (member !== undefined) return member;
      if (searching === undefined && !path.includes("%")) return undefined;
      const prefix = prefixOf(normalizedPath(path));
      // What is shared waits for nobody.
      if (!/^\/[^/]+\/v\d+$/.test(prefix)) return undefined;
      return whenKnown(prefix.slice(1, prefix.indexOf("/", 1)), () => byPath.get(prefix));
    },
    add(entry) {
      const { name, basePath, where } = entry;
      const other = byName.get(name) ?? byPath.get(basePath);
      if (other !== undefined) {
        const [what, key] =
          other.name === name ? [`the name ${name}`, "model.name"] : [`the path ${basePath}`, "api.name"];
        throw new LaunchpadError(
          "CONFIG_INVALID",
          `${where}: found ${what}, which ${other.where} has already, expected another for each model. Change ${key} of one of them`,
        );
      }
      const member = createMember(entry, host, events);
      byName.set(name, member);
      byPath.set(basePath, member);
      sorted = undefined;
    },
    async remove(name) {
      const member = byName.get(name);
      if (member === undefined) return;
      byName.delete(name);
      byPath.delete(member.basePath);
      sorted = undefined;
      await member.close();
    },
    async preload(names) {
      const wanted = names === true ? list() : await Promise.all(names.map(async (name) => byName.get(name)));
      const some = wanted.filter((member) => member !== undefined).slice(0, maxLoaded);
      await mapLimited(
        some,
        (member) =>
          member.ready().catch((error: unknown) => {
            log.error(`${member.name} cannot be loaded: ${error instanceof Error ? error.message : error}`, { error });
          }),
        maxLoading,
      );
    },
    makeRoom,
    unloads: () => unloads,
    async close() {
      const all = list();
      byName.clear();
      byPath.clear();
      sorted = undefined;
      await Promise.all(all.map((member) => member.close()));
    },
  };
}

/** `/iris/v0` of `/iris/v0/predictions`. */
function prefixOf(path: string): string {
  const second = path.indexOf("/", 1);
  const third = second < 0 ? -1 : path.indexOf("/", second + 1);
  return third < 0 ? path : path.slice(0, third);
}
