import {
  didYouMean,
  type Host,
  type Launchpad,
  LaunchpadError,
  loadAnyConfig,
  silentLogger,
} from "../../../src/internal.ts";
import { findConfig } from "../find-config.ts";
import { openProjects, type Projects } from "./open-projects.ts";

/**
 * Opens the projects of a configuration, if it describes several.
 *
 * @param host What the runtime can do; it must have files.
 * @param named The configuration, as on a command line.
 *
 * @returns The projects; undefined for the configuration of one.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_INVALID.
 */
export async function openedProjects(host: Host, named: readonly string[]): Promise<Projects | undefined> {
  const { files, env } = host;
  if (files === undefined) throw new LaunchpadError("INTERNAL", "openedProjects needs a host with files");
  // Whoever opens the one project says what is to be said of its configuration.
  const found = await loadAnyConfig(await findConfig(named, env, files), { files, log: silentLogger });
  return "several" in found ? openProjects(host, found.several) : undefined;
}

/**
 * Finds the configuration of one of several projects.
 *
 * @param projects The projects.
 * @param name The name of its model.
 *
 * @returns The URLs of its files.
 *
 * @throws USAGE when there is none of that name, or no name; with the names that there are.
 */
export async function projectNamed(projects: Projects, name: string | undefined): Promise<readonly URL[]> {
  const files = name === undefined ? undefined : await projects.filesOf(name);
  if (files !== undefined) return files;
  const names = (await projects.all()).entries.map((entry) => entry.name);
  const list = names.join(", ") || "none that can be opened";
  throw new LaunchpadError(
    "USAGE",
    name === undefined
      ? `found several projects and no name, expected the name of a model, or its configuration by -c FILE. There are ${list}`
      : `found no model ${name}, expected one of ${list}.${didYouMean(name, names)}`,
  );
}

/**
 * Checks that a model is the one that was named.
 *
 * @param launchpad The model.
 * @param name The name on the command line, if there was one.
 *
 * @returns The same model.
 *
 * @throws USAGE if it has another name.
 */
export function checkName(launchpad: Launchpad, name: string | undefined): Launchpad {
  const { name: own } = launchpad.config.model;
  if (name === undefined || name === own) return launchpad;
  throw new LaunchpadError("USAGE", `found the name ${name}, expected ${own}, the only model of this configuration`);
}
