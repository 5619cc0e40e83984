import { type Logger, silentLogger } from "../log.ts";
import { configError, type Problem } from "../source/problems.ts";
import { follow, type Tree } from "../source/tree.ts";
import { type Reading, readValue } from "../source/tree-from-value.ts";
import { enumerate } from "../util/suggest.ts";
import { check } from "./check.ts";
import { checkProjects, isOfProjects } from "./check-projects.ts";
import { locateAll } from "./path-keys.ts";
import { frozen } from "./restore.ts";
import { sectionRules } from "./schema.ts";
import { baseOf, remember, type Written, whereIs, writtenOf } from "./source-map.ts";
import type { Config, ProjectsConfig } from "./types.ts";

/** What a configuration given as a value may come with. */
export interface DefineOptions {
  /** What messages call it; `configuration` unless told. */
  readonly name?: string;
  /** What relative paths in it are relative to; without it they stay as they are. */
  readonly base?: URL;
  /** Where warnings go. */
  readonly log?: Logger;
}

/**
 * Creates a configuration from a value, where there are no files: the same checks as for a file.
 *
 * @param value A plain object with the keys of a configuration file.
 * @param options What messages call it, what its paths are relative to, where warnings go.
 *
 * @returns The configuration, frozen; one that is a configuration already is returned as it is.
 *
 * @throws CONFIG_INVALID when something is wrong; the message lists everything that is.
 */
export function defineConfig(value: unknown, options: DefineOptions = {}): Config {
  if (isConfig(value)) return value;
  const { name = "configuration", base, log = silentLogger } = options;
  const origin = { name, base, cwd: undefined };
  return completeConfig(readValue(value, origin), origin, log);
}

/**
 * Tells whether a value is a configuration that was checked.
 *
 * @param value Any value.
 *
 * @returns Whether it comes from `loadConfig` or `defineConfig`.
 */
export function isConfig(value: unknown): value is Config {
  return typeof value === "object" && value !== null && writtenOf(value) !== undefined;
}

/**
 * Creates a configuration from what was read.
 *
 * @param reading What the user wrote, and what was wrong with it.
 * @param origin Where it comes from.
 * @param log Where warnings go.
 *
 * @returns The configuration, frozen.
 *
 * @throws CONFIG_INVALID when something is wrong; the message lists everything that is.
 */
export function completeConfig(reading: Reading, origin: Omit<Written, "tree">, log: Logger): Config {
  if (isOfProjects(reading.tree)) throw configError([severalProjects(reading.tree)], origin);
  const { value, problems, ignored } = check(reading.tree);
  const all = [...reading.problems, ...problems];
  if (all.length > 0) throw configError(all, origin);

  const config = value as Config;
  remember(config, { ...origin, tree: reading.tree });
  locateAll(value, (path) => baseOf(config, path));
  const known = enumerate(Object.keys(sectionRules.api.schema.entries), "and");
  for (const path of ignored) {
    log.warning(
      `${whereIs(config, path)}: ${path.join(".")}: found an unknown key, which is ignored. Known are ${known}`,
    );
  }
  return frozen(config);
}

function severalProjects(tree: Tree): Problem {
  const { at } = follow(tree, ["projects"]);
  const message =
    "found several projects, expected one. Name one of them: launchpad train NAME, or its configuration: -c FILE";
  return { at, path: ["projects"], message };
}

/**
 * Creates a configuration of several projects from what was read.
 *
 * @param reading What the user wrote, and what was wrong with it.
 * @param origin Where it comes from.
 *
 * @returns The configuration, frozen; undefined if it is one of a single project.
 *
 * @throws CONFIG_INVALID when something is wrong; the message lists everything that is.
 */
export function completeProjects(reading: Reading, origin: Omit<Written, "tree">): ProjectsConfig | undefined {
  if (!isOfProjects(reading.tree)) return undefined;
  const { value, problems } = checkProjects(reading.tree);
  const all = [...reading.problems, ...problems];
  if (all.length > 0) throw configError(all, origin);
  const config = value as ProjectsConfig;
  remember(config, { ...origin, tree: reading.tree });
  return frozen(config);
}
