import { type Config, type Plugin, pluginsFrom } from "../../src/index.ts";
import { importModule } from "./load.ts";

/**
 * Imports the plugins that a configuration names.
 *
 * @param config The configuration.
 * @param base Finds the file in which a key stands.
 * @param onModule Is told the modules that are imported, before they are.
 *
 * @returns The plugins, in order.
 *
 * @throws MODULE_NOT_FOUND, MODULE_INVALID.
 */
export async function importPlugins(
  config: Config,
  base: (path: readonly (string | number)[]) => URL,
  onModule?: (module: URL) => void,
): Promise<Plugin[]> {
  const plugins: Plugin[] = [];
  for (const [index, plugin] of config.plugins.entries()) {
    const { namespace, where } = await importModule(plugin, base(["plugins", index]), `plugins.${index}`, onModule);
    plugins.push(...pluginsFrom(namespace, where));
  }
  return plugins;
}
