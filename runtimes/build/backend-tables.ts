import type { Config } from "../../src/internal.ts";
import type { Backend, Backends } from "../backends/backend.ts";
import { everywhere } from "../backends/everywhere.ts";
import { servers } from "../backends/servers.ts";
import { workers } from "../backends/workers.ts";
import { databaseUrl } from "./predict-scope.ts";

/** The tables of backends, by their files; each has the name of its file. */
export const backendTables: Readonly<Record<string, Backends>> = { everywhere, servers, workers };

/** The folder of the tables, and of the modules that their names are those of. */
const folder = "runtimes/backends/";

/** What of a backend a package may need, each an export of its module. */
const parts = ["stores", "locations", "databases"] as const;

/** The schemes that a configuration names; undefined where a variable holds one, which may then be any. */
type Schemes = Readonly<Record<(typeof parts)[number], readonly (string | undefined)[]>>;

/**
 * Finds the table of backends that a file is.
 *
 * @param file The path of the file, from where `runtimes` is.
 *
 * @returns The name of the table; undefined for any other file.
 */
export function tableIn(file: string): string | undefined {
  return Object.keys(backendTables).find((name) => file === `${folder}${name}.ts`);
}

/**
 * Creates the text of a table of backends with only what a package needs.
 *
 * @param name The name of the table.
 * @param configs The configurations in the package.
 * @param mayReachMore Whether something else than the configuration may name places for data.
 *
 * @returns A module that exports the table.
 */
export function usedBackends(name: string, configs: readonly Config[], mayReachMore: boolean): string {
  const schemes = configs.map((config) => schemesOf(config, mayReachMore));
  const lines: string[] = [];
  const entries = Object.entries(backendTables[name] ?? {}).flatMap(([module, backend]) => {
    const used = parts.filter((part) =>
      isNamed(
        openedBy(backend)[part],
        schemes.flatMap((named) => named[part]),
      ),
    );
    if (used.length === 0) return [];
    const names = used.map((part) => `${part} as ${module}_${part}`);
    lines.push(`import { ${names.join(", ")} } from "./${module}.ts";`);
    return [`${module}: { ${used.map((part) => `${part}: ${module}_${part}`).join(", ")} }`];
  });
  return `${lines.join("\n")}\nexport const ${name} = { ${entries.join(", ")} };\n`;
}

/** Packages that must be installed where a bundle runs. */
export const installedByBackends: readonly string[] = Object.values(backendTables).flatMap((table) =>
  Object.values<Backend>(table).flatMap(({ installed }) => installed ?? []),
);

/** Files and web servers are opened by the core. */
function openedBy({ stores, locations = {}, databases }: Backend) {
  const opened = Object.entries(locations).filter(([, { open }]) => open !== undefined);
  return { stores, locations: Object.fromEntries(opened), databases };
}

function isNamed(table: Readonly<Record<string, unknown>> = {}, schemes: readonly (string | undefined)[]): boolean {
  return Object.keys(table).some((scheme) => schemes.some((named) => named === undefined || named === scheme));
}

function schemesOf({ datasources, datasinks, dbms, model_store, api }: Config, mayReachMore: boolean): Schemes {
  const entries = [...Object.values(datasources), ...Object.values(datasinks)];
  return {
    stores: [...named(model_store, "location", schemeOf), ...named(api?.jobs ?? {}, "location", schemeOf)],
    locations: [
      ...entries.flatMap((entry) => [...named(entry, "path", schemeOf), ...named(entry, "dtypes_path", schemeOf)]),
      ...(mayReachMore ? [undefined] : []),
    ],
    databases: Object.values(dbms).map((entry) => {
      const url = databaseUrl(entry);
      return url === undefined ? undefined : schemeOf(url);
    }),
  };
}

function named(
  entry: Readonly<Record<string, unknown>>,
  key: string,
  read: (location: string) => string,
): (string | undefined)[] {
  const value = entry[key];
  if (typeof value === "string") return [read(value)];
  return `${key}_var` in entry ? [undefined] : [];
}

/** What is no URL is a path. */
function schemeOf(location: string): string {
  return URL.canParse(location) ? new URL(location).protocol : "file:";
}
