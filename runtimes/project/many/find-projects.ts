import { stat } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { baseOf, type Host, LaunchpadError, type ProjectsConfig, redact, whereIs } from "../../../src/internal.ts";
import { defaultNames } from "../find-config.ts";
import { glob, isPattern } from "./glob.ts";

/** Configuration file of a project, or an entry that leads to none. */
export type FoundProject =
  | {
      readonly url: URL;
      /** Where it comes in the order of all: that of its entry, then of its path. */
      readonly rank: readonly [entry: number, path: string];
    }
  | { readonly empty: string };

/**
 * Finds the projects that a configuration names, one after the other: files, folders with a configuration in them, patterns of
 * either, and URLs.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 * @param only The name of a folder or file that is looked for, where there is one of it.
 *
 * @returns Their configuration files, each once, in the order of their entries and of their paths; and entries that lead to
 * none, as messages.
 *
 * @throws CONFIG_INVALID for a pattern within a URL, and for a scheme that is not read on this runtime.
 */
export async function* findProjects(config: ProjectsConfig, host: Host, only?: string): AsyncGenerator<FoundProject> {
  const known = new Set<string>();
  for (const [index, entry] of config.projects.entries()) {
    const path = ["projects", index];
    const where = `${whereIs(config, path)}: projects: found ${JSON.stringify(redact(entry))}`;
    const base = baseOf(config, path) ?? host.files?.cwd;
    let isEmpty = true;
    for await (const url of isRemote(entry) ? [remoteUrl(entry, where, host)] : filesAt(entry, base, only)) {
      isEmpty = false;
      if (known.has(url.href)) continue;
      known.add(url.href);
      yield { url, rank: [index, url.href] };
    }
    if (isEmpty) {
      yield { empty: `${where}, which leads to no project, expected a configuration file, or a folder with one` };
    }
  }
}

/** Two letters at least: one is a drive of Windows. */
const isRemote = (entry: string) => /^[a-z][a-z0-9+.-]+:\/\//i.test(entry) && !/^file:/i.test(entry);

function remoteUrl(entry: string, where: string, { places, runtime }: Host): URL {
  const schemes = ["https:", "http:", ...Object.keys(places ?? {})];
  const url = URL.canParse(entry) ? new URL(entry) : undefined;
  if (url === undefined || !schemes.includes(url.protocol)) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}, expected a URL that ${runtime.name} reads: ${schemes.join(", ")}`,
    );
  }
  if (isPattern(url.href) || /%7b/i.test(url.href)) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}, expected the URL of one file: patterns are for folders. List each URL`,
    );
  }
  return url;
}

async function* filesAt(entry: string, base: URL | undefined, only: string | undefined): AsyncGenerator<URL> {
  const folder = base === undefined ? "" : fileURLToPath(new URL(".", base)).replaceAll("\\", "/");
  const path = /^file:/i.test(entry) ? fileURLToPath(entry) : entry;
  const isAbsolute = /^([A-Za-z]:)?[\\/]/.test(path);
  const whole = isAbsolute ? path.replaceAll("\\", "/") : folder + path.replace(/^(\.\/)+/, "");
  const normal = isPattern(whole) ? normalized(whole) : fileURLToPath(pathToFileURL(whole)).replaceAll("\\", "/");
  for await (const one of isPattern(normal) ? glob(normal, only) : [normal]) {
    const file = await configAt(one.replace(/\/$/, ""));
    if (file !== undefined) yield pathToFileURL(file);
  }
}

/** Without `..`, which a pattern cannot hold. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** The file itself; in a folder, the one that a command would take there. */
async function configAt(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return path;
  if (!found?.isDirectory()) return undefined;
  for (const name of defaultNames) {
    if ((await stat(`${path}/${name}`).catch(() => undefined))?.isFile()) return `${path}/${name}`;
  }
  return undefined;
}
