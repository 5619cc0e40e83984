import { readFileSync } from "node:fs";
import type { LoadFnOutput, LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import type { TransformOptions } from "esbuild";
import { asJsonModule, findLocalImport, isJsonModule, jsonModule } from "./local-imports.ts";
import { ofGeneration } from "./module-cache.ts";

/**
 * Tells whether a URL is that of a TypeScript module.
 *
 * @param url The URL of a module.
 *
 * @returns Whether it ends in `.ts` or `.mts`, before any query.
 */
export function isTypeScript(url: string): boolean {
  return url.startsWith("file:") && /\.m?ts$/.test(new URL(url).pathname);
}

/**
 * Compiles a TypeScript module to what Node loads. Line numbers stay true through an inline source map.
 *
 * @param url The URL of the module.
 * @param transform esbuild's `transformSync`.
 *
 * @returns The result of a load hook.
 */
export function compile(
  url: string,
  transform: (source: string, options: TransformOptions) => { code: string },
): LoadFnOutput {
  const path = fileURLToPath(url);
  const { code } = transform(readFileSync(path, "utf8"), {
    loader: "ts",
    format: "esm",
    target: "es2022",
    sourcefile: path,
    sourcemap: "inline",
  });
  return { format: "module", source: code, shortCircuit: true };
}

/** The load hook for `module.register`, as Node 20 needs it. */
export const load: LoadHook = async (url, context, nextLoad) => {
  if (isJsonModule(url)) return { format: "module", source: jsonModule(url), shortCircuit: true };
  if (!isTypeScript(url)) return nextLoad(url, context);
  const { transformSync } = await import("esbuild");
  return compile(url, transformSync);
};

/** The resolve hook for `module.register`: there, hooks for generations have no other place. */
export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const resolved = await nextResolve(findLocalImport(specifier, context.parentURL)?.href ?? specifier, context);
  return { ...resolved, url: ofGeneration(asJsonModule(resolved.url, context), context.parentURL) };
};
