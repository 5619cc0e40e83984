import { baseOf, type Config, formatLocation, LaunchpadError, redact, whereIs } from "../../src/internal.ts";
import { embeddedLocation } from "../packaged/embedded-driver.ts";
import { databaseUrl, type PredictScope } from "./predict-scope.ts";
import { databasesFrom, locationsFrom, type ModelOption, storesFrom, type Target, targets } from "./targets.ts";

type Path = readonly (string | number)[];

/** The configuration of a package. */
export interface CompiledConfig {
  /** What JSON can hold. */
  readonly value: Record<string, unknown>;
  /** What whoever builds should know of it. */
  readonly notes: readonly string[];
}

/**
 * Creates the configuration that goes into a package: what serving needs, with paths that mean something elsewhere, and no
 * secret.
 *
 * @param config The configuration.
 * @param visible What a prediction can see of it.
 * @param target Where the package runs.
 * @param place Where its model is.
 * @param cwd The working folder, for messages.
 * @param within The folder whose files are looked for below the program's working folder; that of the configuration, unless
 * told.
 *
 * @returns The configuration.
 *
 * @throws CONFIG_INVALID for a place that is not reached from the target, and for a secret that is not in a variable; the
 * message lists all of them.
 */
export function compileConfig(
  config: Config,
  visible: PredictScope,
  target: Target,
  place: ModelOption,
  cwd: URL,
  within?: URL,
): CompiledConfig {
  if (config.api === undefined) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${whereIs(config, [])}: there is no API to build, because the section api is missing. Expected at least "api: { name: ... }".`,
    );
  }
  const { raml: _, openapi: __, root_path, static: folder, ...api } = config.api;
  const { sign_key_var: ___, ...store } = config.model_store;
  // Where Python is on this machine says nothing on another, and a file that was fetched is in the package.
  const { python: ____, location: _____, ...model } = config.model;
  const { verify_key, verify_key_var } = config.model_store;
  const rules = targets[target];
  const value: Record<string, unknown> = {
    dbms: visible.dbms,
    datasources: visible.datasources,
    datasinks: visible.datasinks,
    model_store:
      place === "store"
        ? store
        : {
            location: embeddedLocation,
            refresh: 0,
            ...(verify_key && { verify_key }),
            ...(typeof verify_key_var === "string" && { verify_key_var }),
          },
    ...(config.auth && { auth: config.auth }),
    ...(config.limits && { limits: config.limits }),
    model: { ...model, module: nameOf(config.model.module) },
    api: {
      ...api,
      ...(rules.isServer && root_path !== undefined && { root_path }),
      ...(rules.isServer && folder !== undefined && { static: folder }),
    },
  };
  const problems = [...secretsIn(value, config), ...unreachable(value, config, visible, target)];
  if (problems.length > 0) throw new LaunchpadError("CONFIG_INVALID", problems.join("\n"));

  const notes: string[] = [];
  for (const [key, given] of Object.entries({ root_path, static: folder })) {
    if (rules.isServer || given === undefined) continue;
    notes.push(`${whereIs(config, ["api", key])}: api.${key} is left out: ${target} has no files.`);
  }
  const located = relocated(value, [], (url, path) => {
    const base = baseOf(config, path);
    const folder = within?.href ?? (base && new URL(".", base).href);
    if (folder !== undefined && url.startsWith(folder)) return url.slice(folder.length);
    notes.push(`${whereIs(config, path)}: ${path.join(".")}: the package looks for it at ${formatLocation(url, cwd)}.`);
    return url;
  });
  return { value: { plugins: [], ...(located as Record<string, unknown>) }, notes };
}

/** What was written as a value and is a secret: in a package, whoever gets hold of the file could read it. */
function secretsIn(value: unknown, config: Config): string[] {
  return differences(value, redact(value), [])
    .filter(isNoDigest)
    .map((path) => {
      const [section = ""] = path;
      const advice = ["model", "api"].includes(String(section))
        ? "Remove it, or call it something else if it is none"
        : `Use ${String(path.at(-1))}_var, the name of a variable`;
      return `${whereIs(config, path)}: ${path.join(".")}: found a secret, which would be written into the package. ${advice}`;
    });
}

/** Digests of keys say nothing of them; they are secrets only in so far as nobody needs to see them. */
function isNoDigest(path: Path): boolean {
  return path[0] !== "auth" || path[1] !== "api_keys";
}

function differences(value: unknown, other: unknown, path: Path): Path[] {
  if (typeof value !== "object" || value === null || typeof other !== "object" || other === null) {
    return value === other ? [] : [path];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    differences(inner, (other as Record<string, unknown>)[key], [...path, key]),
  );
}

/** Places that the target does not reach. What a variable says is only known there. */
function unreachable(
  value: Record<string, unknown>,
  config: Config,
  { datasources, datasinks, dbms }: PredictScope,
  target: Target,
): string[] {
  const stores = storesFrom(target);
  const places = locationsFrom(target);
  const databases = databasesFrom(target);
  const problem = (path: Path, location: string, advice: string) =>
    `${whereIs(config, path)}: ${path.join(".")}: found ${shown(location)}, which a package for ${target} does not reach. ${advice}`;
  const found: string[] = [];
  const { location } = value.model_store as { location?: unknown };
  if (typeof location === "string" && location !== embeddedLocation && !stores.schemes.includes(schemeOf(location))) {
    found.push(
      problem(
        ["model_store", "location"],
        location,
        `Use ${stores.instead}, or put the model into the package: --model embed`,
      ),
    );
  }
  found.push(...unreachableJobs(config, target, problem));
  for (const [section, entries] of Object.entries({ datasources, datasinks })) {
    for (const [name, entry] of Object.entries(entries)) {
      for (const key of ["path", "dtypes_path"]) {
        const path = entry[key];
        if (typeof path !== "string" || places.schemes.includes(schemeOf(path))) continue;
        found.push(
          problem(
            [section, name, key],
            path,
            `Use ${places.instead}; or tag it train or test, if predict does not use it`,
          ),
        );
      }
    }
  }
  for (const [name, entry] of Object.entries(dbms)) {
    const key = ["url", "connection_string", "host"].find((one) => typeof entry[one] === "string");
    const [scheme] = /^[a-z][a-z0-9.-]*:/i.exec(databaseUrl(entry) ?? "") ?? [];
    if (key === undefined || databases === undefined || databases.schemes.includes(scheme?.toLowerCase() ?? ""))
      continue;
    found.push(problem(["dbms", name, key], String(entry[key]), `Use ${databases.instead}`));
  }
  return found;
}

/** Where jobs cannot be kept, or cannot be done. */
function unreachableJobs(
  config: Config,
  target: Target,
  problem: (path: Path, location: string, advice: string) => string,
): string[] {
  const jobs = config.api?.jobs;
  if (jobs === undefined) return [];
  const where = `${whereIs(config, ["api", "jobs"])}: api.jobs`;
  if (target === "fetch") {
    const advice = "Build for node, deno or bun, or for cloudflare with a queue";
    return [`${where}: found jobs, which a package for fetch may not do: it may end with its response. ${advice}`];
  }
  const { location, queue } = jobs;
  const { schemes, instead } = storesFrom(target);
  return [
    ...(target === "cloudflare" && queue === undefined
      ? [
          `${where}: found no queue, expected the name of the binding of a queue: an instance of a Worker ends with its response`,
        ]
      : []),
    ...(location !== undefined && !schemes.includes(schemeOf(location))
      ? [problem(["api", "jobs", "location"], location, `Use ${instead}`)]
      : []),
  ];
}

/** Turns `file:` URLs into what the package says instead. */
function relocated(value: unknown, path: Path, change: (url: string, path: Path) => string): unknown {
  if (typeof value === "string") return /^file:\/\//i.test(value) ? kept(value, path, change) : value;
  if (Array.isArray(value)) return value.map((inner, index) => relocated(inner, [...path, index], change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, relocated(inner, [...path, key], change)]),
  );
}

function kept(url: string, path: Path, change: (url: string, path: Path) => string): string {
  const changed = change(url, path);
  if (changed === url) return url;
  const relative = `./${decodeURIComponent(changed)}`;
  // libSQL's form of a relative path.
  return path[0] === "dbms" ? `file:${relative}` : relative;
}

function schemeOf(location: string): string {
  return URL.canParse(location) ? new URL(location).protocol : "";
}

/** What follows the scheme may hold a password. */
function shown(location: string): string {
  return schemeOf(location) === "file:" ? formatLocation(location) : redact(location);
}

/** The folders and servers of whoever builds are nobody's business, and the query of a URL may hold a signature. */
function nameOf(module: string): string {
  const path = /^[a-z][a-z0-9+.-]+:\//i.test(module) ? module.replace(/[?#].*$/s, "") : module;
  return path.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, "");
}
