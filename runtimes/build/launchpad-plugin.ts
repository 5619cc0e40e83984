import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import { builtInDialects, databaseScheme, dataTypes } from "../../src/internal.ts";
import { installedByBackends, tableIn, usedBackends } from "./backend-tables.ts";
import { type Facts, isUsed, leftOut, optionalFiles } from "./optional-modules.ts";
import { protocolTable, usedProtocols } from "./protocol-table.ts";
import { targets } from "./targets.ts";

/** Not written where it is used: bundlers would take the folders for files to bundle. */
const here = import.meta.url;

/**
 * The sources of Launchpad: bundling begins with them, because in what is built, modules are joined that a package needs
 * only one of. The build puts them beside what it builds.
 */
const beside = new URL("sources/", here);

/** The folder that `src` and `runtimes` are in; ends with a slash. */
export const sources = existsSync(new URL("src/index.ts", beside)) ? beside : new URL("../../", here);

/** Module that is imported for what it does. */
export const containing = "launchpad-sources:runtimes/packaged/contain-started.ts";

/** What is in a package only if something in its configuration asks for it. */
export interface Needs extends Facts {
  /** Types of data. */
  readonly types: ReadonlySet<string>;
  /** Whether a plugin is in the package, which may open places that the configuration does not name. */
  readonly hasPlugins: boolean;
  /** URLs of databases; undefined for one that a variable holds. */
  readonly databases: readonly (string | undefined)[];
}

/** What must be installed where a server runs: it has native parts, or another copy of it would be of no use. */
const installedThere = [
  "@opentelemetry/api",
  ...Object.values(builtInDialects).flatMap(({ installed }) => installed ?? []),
  ...installedByBackends,
];

/** Tells what is imported when it is first used, by its file: a type of data, a dialect. */
function isNeeded(file: string, all: readonly Needs[]): boolean {
  return all.some((needs) => isNeededBy(file, needs));
}

function isNeededBy(file: string, { target, types, databases }: Needs): boolean {
  const [, type = ""] = /^src\/data\/(\w+)\/index\.ts$/.exec(file) ?? [];
  const served = Object.hasOwn(dataTypes, type) ? dataTypes[type]?.serves : undefined;
  if (served) return served.some((name) => types.has(name));
  const [, name = ""] = /^src\/data\/sql\/dialects\/(\w+)\.ts$/.exec(file) ?? [];
  const dialect = Object.hasOwn(builtInDialects, name) ? builtInDialects[name] : undefined;
  if (dialect === undefined) return true;
  // The clients of servers need sockets and files.
  const schemes = targets[target].isServer ? dialect.schemes : (dialect.portable ?? []);
  return databases.some((url) => (url === undefined ? schemes.length > 0 : schemes.includes(databaseScheme(url))));
}

/**
 * Creates the plugin of esbuild that finds Launchpad itself, and leaves out what no prediction needs.
 *
 * @param all What each configuration in the package asks for.
 *
 * @returns The plugin.
 */
export function launchpadPlugin(all: readonly [Needs, ...Needs[]]): Plugin {
  const [{ target }] = all;
  const root = fileURLToPath(sources);
  return {
    name: "launchpad",
    setup(build) {
      build.onResolve(
        { filter: /^(npm:)?mllaunchpad(@[^/]*)?(\/(node|deno|bun|cloudflare|formats|metrics|plugin))?$/ },
        ({ path }) => {
          const [, runtime] = /\/(\w+)$/.exec(path) ?? [];
          const file =
            runtime === undefined
              ? "src/index.ts"
              : ["formats", "metrics", "plugin"].includes(runtime)
                ? `src/${runtime}.ts`
                : `runtimes/${runtime}.ts`;
          return { path: fileURLToPath(new URL(file, sources)), sideEffects: false };
        },
      );
      build.onResolve({ filter: /^launchpad-sources:/ }, ({ path }) => ({
        path: fileURLToPath(new URL(path.slice("launchpad-sources:".length), sources)),
        sideEffects: path === containing,
      }));
      build.onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
        if (kind !== "dynamic-import" || !importer.startsWith(root)) return undefined;
        const file = fileURLToPath(new URL(path, new URL(importer.slice(root.length).replaceAll("\\", "/"), sources)));
        if (isNeeded(file.slice(root.length).replaceAll("\\", "/"), all)) return undefined;
        return { path, namespace: "launchpad-left-out", sideEffects: false };
      });
      // The API is compiled already.
      build.onResolve({ filter: /^@valibot\/to-json-schema$/ }, ({ path, importer, kind }) =>
        kind === "dynamic-import" && importer.startsWith(root)
          ? { path, namespace: "launchpad-left-out", sideEffects: false }
          : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: "launchpad-left-out" }, () => ({ contents: "export {};" }));
      const unused = new Map(
        optionalFiles
          .filter((file) => !all.some((needs) => isUsed(file, needs)))
          .map((file) => [fileURLToPath(new URL(file, sources)), file]),
      );
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const table = path.startsWith(root) ? tableIn(path.slice(root.length).replaceAll("\\", "/")) : undefined;
        if (table !== undefined)
          return {
            contents: usedBackends(
              table,
              all.map(({ config }) => config),
              all.some(({ hasPlugins }) => hasPlugins),
            ),
          };
        if (path === fileURLToPath(new URL(protocolTable, sources))) {
          const names = all.flatMap(({ config }) => config.api?.protocols ?? []);
          return { contents: usedProtocols(await readFile(path, "utf8"), names), loader: "ts" };
        }
        const file = unused.get(path);
        return file === undefined ? undefined : { contents: leftOut(file, await readFile(path, "utf8")) };
      });
      if (targets[target].isServer) {
        for (const name of installedThere) {
          build.onResolve({ filter: new RegExp(`^${name}$`) }, ({ path }) => ({ path, external: true }));
        }
      }
    },
  };
}
