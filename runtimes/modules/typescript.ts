import * as nodeModule from "node:module";
import process from "node:process";
import { asJsonModule, findLocalImport, isJsonModule, jsonModule } from "./local-imports.ts";
import { compile, isTypeScript } from "./typescript-hooks.ts";

let supported = false;

/**
 * Tells whether this runtime needs help to import TypeScript: Deno and Bun do not, nor does Node since 22.18.
 *
 * @returns Whether `supportTypeScript` must be called first.
 */
export function needsTypeScript(): boolean {
  const features = process.features as { typescript?: unknown };
  return !("Deno" in globalThis) && !("Bun" in globalThis) && !features.typescript;
}

/**
 * Lets Node import TypeScript through esbuild, for the rest of the process: module hooks are the process's own, so
 * this is the one thing here that cannot belong to a launchpad.
 */
export async function supportTypeScript(): Promise<void> {
  if (supported) return;
  supported = true;
  // What esbuild writes has other lines than what the user wrote: its source maps say which.
  process.setSourceMapsEnabled(true);
  const { registerHooks, register }: Partial<typeof nodeModule> = nodeModule;
  if (registerHooks) {
    const { transformSync } = await import("esbuild");
    registerHooks({
      load: (url, context, nextLoad) =>
        isTypeScript(url) ? compile(url, (source, options) => transformSync(source, options)) : nextLoad(url, context),
    });
  } else {
    // Node 20 runs hooks in a thread of their own, from a file of their own.
    register?.("./typescript-hooks.js", import.meta.url);
  }
}

const isDeno = "Deno" in globalThis;
let local = false;
let loads = false;

/**
 * Lets Node and Deno find local imports as TypeScript, bundlers and Bun do, for the rest of the process. On Node 20 the hooks
 * for TypeScript do that.
 *
 * @param all Whether Deno must ask about every import: without a hook that loads it looks names of packages up by itself, with
 *   one it does not say where in a module a mistake is.
 */
export function supportLocalImports(all = false): void {
  const { registerHooks }: Partial<typeof nodeModule> = nodeModule;
  if ("Bun" in globalThis || registerHooks === undefined) return;
  if (!local) {
    registerHooks({
      resolve(specifier, context, nextResolve) {
        const resolved = nextResolve(findLocalImport(specifier, context.parentURL)?.href ?? specifier, context);
        const url = asJsonModule(resolved.url, context);
        if (url === resolved.url) return resolved;
        return {
          ...resolved,
          url: isDeno && !loads ? `data:text/javascript,${encodeURIComponent(jsonModule(url))}` : url,
        };
      },
    });
  }
  local = true;
  if (loads || (isDeno && !all)) return;
  loads = true;
  registerHooks({
    load: (url, context, nextLoad) =>
      isJsonModule(url) ? { format: "module", source: jsonModule(url), shortCircuit: true } : nextLoad(url, context),
  });
}

/**
 * Tells whether Deno looked up a name by itself that hooks may know better.
 *
 * @param error What an import threw.
 *
 * @returns Whether `supportLocalImports(true)` may help.
 */
export function isUnasked(error: unknown): boolean {
  return isDeno && !loads && error instanceof Error && /not in import map|not a dependency/.test(error.message);
}
