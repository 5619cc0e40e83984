import { LaunchpadError } from "../errors.ts";
import { formatPath } from "../source/problems.ts";
import type { Path } from "../source/tree.ts";
import { readValue } from "../source/tree-from-value.ts";
import { locateValue } from "./path-keys.ts";
import { baseOf, whereIs } from "./source-map.ts";
import type { Config, Section } from "./types.ts";
import { keyOfVariable, variableProblems } from "./variable-keys.ts";

/** What variables are filled in with. */
export interface FillOptions {
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Where the section stands, for messages. */
  readonly where: string;
  /** Changes a value that was filled in, given the path of its key without `_var`. */
  readonly change?: (path: Path, value: string) => string;
}

/**
 * Creates a copy of a section in which every key ending in `_var`, at any depth, is the key without the ending, with
 * the value of that environment variable. The copy may hold secrets: use it where something is opened, and let it go.
 *
 * @param section A section or an entry of one.
 * @param options How to read a variable, and where the section stands.
 *
 * @returns The copy.
 *
 * @throws VARIABLE_NOT_SET when variables are not set; the message names all of them.
 * @throws CONFIG_INVALID when a `_var` key does not name a variable, or its value is given as well.
 */
export function fillVariables(section: Section, options: FillOptions): Record<string, unknown> {
  const { where } = options;
  const { tree } = readValue(section, { name: where, cwd: undefined });
  const wrong = variableProblems(tree);
  if (wrong.length > 0) {
    const lines = wrong.map(({ path, message }) => `${where}: ${formatPath(path)}: ${message}`);
    throw new LaunchpadError("CONFIG_INVALID", lines.join("\n"));
  }
  const missing = new Map<string, string>();
  const copy = filled(section, [], options, missing);
  if (missing.size > 0) throw variableNotSet([...missing.values()], [...missing.keys()].join("\n"));
  return copy as Record<string, unknown>;
}

/**
 * Creates the error for environment variables that are not set. Whoever deploys learns which from any response.
 *
 * @param names Their names.
 * @param message Where they are named, what they should hold, and what to do.
 *
 * @returns VARIABLE_NOT_SET.
 */
export function variableNotSet(names: readonly string[], message: string): LaunchpadError {
  const detail = `Not set where this API runs: ${[...new Set(names)].join(", ")}.`;
  return new LaunchpadError("VARIABLE_NOT_SET", message, { detail });
}

/**
 * Creates a copy of a section of a configuration with its variables filled in; a relative path from a variable is
 * relative to the file that names the variable, as if it stood there.
 *
 * @param config A configuration from `loadConfig` or `defineConfig`.
 * @param path Which section or entry: `["model_store"]`, `["datasources", "petals"]`.
 * @param env Reads an environment variable.
 *
 * @returns The copy.
 *
 * @throws VARIABLE_NOT_SET when variables are not set; the message names all of them.
 */
export function filledSection(
  config: Config,
  path: readonly string[],
  env: (name: string) => string | undefined,
): Record<string, unknown> {
  let section: unknown = config;
  for (const step of path) section = (section as Section)[step];
  return fillVariables(section as Section, {
    env,
    where: whereIs(config, path),
    change: (inner, value) => {
      const key = [...path, ...inner];
      const base = baseOf(config, [...key.slice(0, -1), `${key.at(-1)}_var`]);
      return base ? locateValue(key, value, base) : value;
    },
  });
}

function filled(value: unknown, path: Path, options: FillOptions, missing: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item, index) => filled(item, [...path, index], options, missing));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = keyOfVariable(key);
      if (name === undefined || typeof inner !== "string")
        return [key, filled(inner, [...path, key], options, missing)];
      const found = options.env(inner);
      if (found === undefined) {
        missing.set(
          `${options.where}: ${formatPath([...path, key])}: the environment variable ${inner} is not set, ` +
            `expected it to hold ${name}. Set it, or write ${name} in the configuration`,
          inner,
        );
        return [name, undefined];
      }
      return [name, options.change?.([...path, name], found) ?? found];
    }),
  );
}
