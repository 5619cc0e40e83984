import { completeProjects } from "./config/define.ts";
import { whereIs } from "./config/source-map.ts";
import type { Config, ProjectsConfig, ServerConfig } from "./config/types.ts";
import { LaunchpadError } from "./errors.ts";
import type { Host } from "./host.ts";
import { majorOf } from "./lifecycle/context.ts";
import { type Combined, createCombined } from "./server/models/combined.ts";
import type { ServableModel } from "./server/models/model-member.ts";
import type { ModelLimits } from "./server/models/model-set.ts";
import { readValue } from "./source/tree-from-value.ts";

/** A launchpad, or a package: what can serve together with others. */
export interface Combinable extends ServableModel {
  readonly config: Config;
  readonly host: Host;
}

/** How models serve together. */
export interface CombineOptions extends ModelLimits {
  /** What the runtime can do; that of the first model unless told. */
  readonly host?: Host;
  /** Models that are loaded before anybody asks: all of them, or those of these names. None unless told. */
  readonly preload?: boolean | readonly string[];
  /** What they share, as below `api` in a configuration of several projects. */
  readonly api?: Partial<ServerConfig>;
  /** Who may come in to any of them, as below `auth` in a configuration. */
  readonly auth?: object;
}

/**
 * Combines models into one Fetch handler. Each keeps its own paths, data, store and settings; `/livez`, `/readyz`, `/metrics`,
 * `/openapi.json` and `/docs` are shared. A model is loaded when it is first asked for; when there is no more room, the one
 * that was used longest ago is let go, and loaded again when it is asked for.
 *
 * @param models Launchpads or packages by the names under which they are known here.
 * @param options How many are loaded at a time, and what they share.
 *
 * @returns The handler, and what ends it.
 *
 * @throws CONFIG_INVALID when what they share is wrong, there is no model, one has no API, or two have the same path.
 */
export function combine(models: Readonly<Record<string, Combinable>>, options: CombineOptions = {}): Combined {
  const entries = Object.entries(models);
  const [first] = entries;
  if (first === undefined) {
    throw new LaunchpadError("CONFIG_INVALID", "combine: found no model, expected at least one: combine({ iris })");
  }
  const { host = first[1].host, preload = false, api, auth, ...limits } = options;
  const config = sharedConfig({ ...(api && { api }), ...(auth && { auth }) });
  const combined = createCombined({ host, preload, limits, config });
  for (const [name, model] of entries) combined.add(entryOf(name, model));
  return combined;
}

/** What they share, with the checks and defaults of a configuration of several projects. */
function sharedConfig(shared: object): ProjectsConfig {
  const origin = { name: "combine", base: undefined, cwd: undefined };
  const config = completeProjects(readValue({ projects: ["in code"], ...shared }, origin), origin);
  if (config === undefined) throw new LaunchpadError("INTERNAL", "combine: what models share is no configuration");
  return config;
}

function entryOf(name: string, model: Combinable) {
  const { config } = model;
  if (config.api === undefined) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${whereIs(config, [])}: ${name} has no API, because the section api is missing. Expected at least "api: { name: ... }".`,
    );
  }
  const { version } = config.model;
  const basePath = `/${config.api.name}/${majorOf(version)}`;
  return { name, version, basePath, where: name, open: () => model };
}
