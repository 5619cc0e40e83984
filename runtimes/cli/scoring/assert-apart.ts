import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Config, filledSection, type Host, LaunchpadError, locate } from "../../../src/internal.ts";

/** File that an option names: a path, a URL, or an entry of the configuration that has one. */
export interface NamedFile {
  /** The option, for messages. */
  readonly option: string;
  readonly word: string | undefined;
  /** The section in which the word may be a name. */
  readonly section?: "datasources" | "datasinks";
}

/**
 * Checks that a command names no file twice: what it reads would be lost, or what it wrote first.
 *
 * @param named The options.
 * @param config The configuration, which has the paths of names.
 * @param host What the runtime can do.
 *
 * @throws USAGE naming two options of the same file.
 */
export async function assertApart(named: readonly NamedFile[], config: Config, host: Host): Promise<void> {
  const seen = new Map<string, string>();
  for (const { option, word, section } of named) {
    const path = word === undefined ? undefined : pathOf(word, section, config, host);
    if (path === undefined) continue;
    const place = await placeOf(locate(path, host.files?.cwd ?? new URL("file:///")));
    // What is thrown away may be thrown away twice.
    if (place === "/dev/null") continue;
    const other = seen.get(place);
    if (other !== undefined) {
      const message = `${option}: expected another file than that of ${other}, found ${word}, which is the same`;
      throw new LaunchpadError("USAGE", `${message}. Name another`);
    }
    seen.set(place, `${option} ${word}`);
  }
}

function pathOf(word: string, section: NamedFile["section"], config: Config, host: Host): string | undefined {
  if (section === undefined || !Object.hasOwn(config[section], word)) return word;
  const { path } = filledSection(config, [section, word], host.env);
  return typeof path === "string" ? path : undefined;
}

/** The one name of a place, by links too. Devices and pipes keep theirs: a terminal is the standard input and output at once. */
async function placeOf(url: string): Promise<string> {
  if (!url.startsWith("file:")) return url;
  let path: string;
  try {
    path = fileURLToPath(url);
  } catch {
    return url;
  }
  if (/^\/(dev|proc)\//.test(path)) return path;
  try {
    return await realpath(path);
  } catch {
    const folder = dirname(path);
    return join(await realpath(folder).catch(() => folder), basename(path));
  }
}
