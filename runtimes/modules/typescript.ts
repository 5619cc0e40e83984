import * as nodeModule from "node:module";
import process from "node:process";
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
