import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import { type Facts, isUsed, leftOut, optionalFiles } from "./optional-modules.ts";
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

/** What serves each type of data, by the file that is imported when it is first used. */
const typeModules: Readonly<Record<string, readonly string[]>> = {
  "src/data/csv/index.ts": ["csv", "euro_csv"],
  "src/data/jsonl/index.ts": ["jsonl"],
  "src/data/parquet/index.ts": ["parquet"],
  "src/data/raw/index.ts": ["text_file", "binary_file"],
  "src/data/sql/index.ts": ["dbms.sql"],
};

const libsql = "src/data/sql/dialects/libsql.ts";

/** The dialects of databases, by the file that is imported when one is first used, with the schemes of their URLs. */
const dialectModules: Readonly<Record<string, RegExp>> = {
  [libsql]: /^(file|sqlite|libsql|https?|wss?)\b/i,
  "src/data/sql/dialects/postgres.ts": /^postgres/i,
  "src/data/sql/dialects/mysql.ts": /^(mysql|mariadb)/i,
  "src/data/sql/dialects/mssql.ts": /^(mssql|sqlserver)/i,
  "src/data/sql/dialects/oracle.ts": /^oracle/i,
};

/** What is in a package only if something in its configuration asks for it. */
export interface Needs extends Facts {
  /** Types of data. */
  readonly types: ReadonlySet<string>;
  /** URLs of databases; undefined for one that a variable holds. */
  readonly databases: readonly (string | undefined)[];
}

/** What must be installed where a server runs: it has native parts, or another copy of it would be of no use. */
export const installedThere = ["@libsql/client", "@opentelemetry/api", "ioredis"];

/**
 * Creates the plugin of esbuild that finds Launchpad itself, and leaves out what no prediction needs.
 *
 * @param needs What the configuration of the package asks for.
 *
 * @returns The plugin.
 */
export function launchpadPlugin(needs: Needs): Plugin {
  const { target, types, databases } = needs;
  const root = fileURLToPath(sources);
  const isNeeded = (file: string): boolean => {
    const served = typeModules[file];
    if (served) return served.some((type) => types.has(type));
    const schemes = dialectModules[file];
    if (schemes === undefined) return true;
    // The clients of servers need sockets and files.
    if (!targets[target].isServer && file !== libsql) return false;
    return databases.some((url) => url === undefined || schemes.test(url));
  };
  return {
    name: "launchpad",
    setup(build) {
      build.onResolve({ filter: /^(npm:)?mllaunchpad(@[^/]*)?(\/(node|deno|bun|cloudflare))?$/ }, ({ path }) => {
        const [, runtime] = /\/(\w+)$/.exec(path) ?? [];
        const file = runtime === undefined ? "src/index.ts" : `runtimes/${runtime}.ts`;
        return { path: fileURLToPath(new URL(file, sources)), sideEffects: false };
      });
      build.onResolve({ filter: /^launchpad-sources:/ }, ({ path }) => ({
        path: fileURLToPath(new URL(path.slice("launchpad-sources:".length), sources)),
        sideEffects: false,
      }));
      build.onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
        if (kind !== "dynamic-import" || !importer.startsWith(root)) return undefined;
        const file = fileURLToPath(new URL(path, new URL(importer.slice(root.length).replaceAll("\\", "/"), sources)));
        if (isNeeded(file.slice(root.length).replaceAll("\\", "/"))) return undefined;
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
          .filter((file) => !isUsed(file, needs))
          .map((file) => [fileURLToPath(new URL(file, sources)), file]),
      );
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
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
