import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";
import { forgetPaths } from "./local-imports.ts";

/** How often modules have been forgotten. Modules are the process's own, so this cannot belong to a launchpad. */
let count = 0;

/** The query that makes a file another module than it was before. */
const query = /\?generation=\d+/;

/**
 * Suffix of the URL of a module, so that it is read again after modules have been forgotten.
 *
 * @returns Empty until then; else a query.
 */
export function moduleGeneration(): string {
  return count === 0 ? "" : `?generation=${count}`;
}

/**
 * Makes the process read modules again that change, when they are next imported.
 *
 * @param files Local modules: a model, and what it imports. Those of packages stay as they are.
 */
export function forgetModules(files: Iterable<URL>): void {
  if (count === 0) followGenerations();
  forgetPaths();
  count += 1;
  // Bun does not look at the query, but lets go of a module by its path.
  if (!("Bun" in globalThis)) return;
  const { cache } = nodeModule.createRequire(import.meta.url);
  for (const file of files) delete cache[fileURLToPath(file)];
}

/** Local modules that a module imports are of its generation. On Node 20 the hooks for TypeScript do that. */
function followGenerations(): void {
  const { registerHooks }: Partial<typeof nodeModule> = nodeModule;
  registerHooks?.({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      return { ...resolved, url: ofGeneration(resolved.url, context.parentURL) };
    },
  });
}

/**
 * Creates the URL of a module for the generation of the one that imports it.
 *
 * @param url The URL that was found.
 * @param parent The URL of the module that imports it.
 *
 * @returns The URL, with the parent's generation if it is a local file.
 */
export function ofGeneration(url: string, parent: string | undefined): string {
  const own = query.exec(parent ?? "")?.[0];
  if (own === undefined || !url.startsWith("file:") || url.includes("/node_modules/") || query.test(url)) return url;
  return url + own;
}
