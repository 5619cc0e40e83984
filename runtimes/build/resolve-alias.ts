import type { OnResolveArgs, PluginBuild, ResolveResult } from "esbuild";

/** One mark for all plugins: two that each had their own would ask each other for ever. */
const mark = {};

/** Whether it is a plugin that asks. */
export const isAsked = ({ pluginData }: OnResolveArgs): boolean => pluginData === mark;

/**
 * Finds what an import leads to without the plugins that ask.
 *
 * @param build The build.
 * @param args The import.
 *
 * @returns What esbuild makes of it.
 */
export function resolveAlias(build: PluginBuild, args: OnResolveArgs): Promise<ResolveResult> {
  const { path, importer, namespace, resolveDir, kind } = args;
  return build.resolve(path, { importer, namespace, resolveDir, kind, pluginData: mark });
}
