import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { isAsked, resolveAlias } from "./resolve-alias.ts";

/** The parts of a package.json that say what a bundler may take. */
interface Manifest {
  readonly module?: unknown;
  readonly sideEffects?: unknown;
  readonly exports?: unknown;
}

/**
 * Creates the plugin of esbuild that takes a package's modules where it has some for bundlers. By `exports` alone, a
 * package of the older kind (`ml-matrix`) leads to CommonJS, of which nothing can be left out; its `module` names the same
 * code as modules, https://github.com/rollup/rollup/wiki/pkg.module
 *
 * @returns The plugin.
 */
export function moduleField(): Plugin {
  return {
    name: "module-field",
    setup(build) {
      build.onResolve({ filter: /^(@[^/]+\/)?[^./:@][^/:]*$/ }, async (args) => {
        if (isAsked(args) || args.kind === "entry-point") return undefined;
        const found = await resolveAlias(build, args);
        if (found.errors.length > 0 || found.external || found.namespace !== "file") return undefined;
        const folder = folderOf(found.path, args.path);
        const file = folder === undefined ? undefined : await moduleOf(folder);
        return file === undefined ? undefined : { path: file, sideEffects: false };
      });
    },
  };
}

function folderOf(file: string, name: string): string | undefined {
  const inside = join("node_modules", name);
  const start = file.lastIndexOf(inside);
  return start < 0 ? undefined : file.slice(0, start + inside.length);
}

/** The file that `module` names, of a package whose `exports` know no modules and whose files do nothing but export. */
async function moduleOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
  const { module, sideEffects, exports }: Manifest = JSON.parse(text);
  if (typeof module !== "string" || sideEffects !== false || typeof exports !== "object" || exports === null) {
    return undefined;
  }
  const main: unknown = "." in exports ? exports["."] : exports;
  const namesModules = typeof main === "object" && main !== null && ("import" in main || "module" in main);
  return namesModules || typeof main === "string" ? undefined : join(folder, module);
}
