import {
  type Config,
  type Host,
  type ModelType,
  modelTypesFrom,
  type Plugin,
  pluginsFrom,
} from "../../src/internal.ts";
import { findPythonPlugin } from "../model-hosts/python-plugin-file.ts";
import { readPythonPlugin } from "../model-hosts/python-plugins.ts";
import { findModule, importModule } from "./load.ts";

/** What plugins add. */
export interface ImportedPlugins {
  readonly plugins: readonly Plugin[];
  readonly modelTypes: readonly ModelType[];
}

/**
 * Imports the plugins that a configuration names. Those in Python are read only: a process of Python imports them.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 * @param base Finds the file in which a key stands.
 * @param onModule Is told the modules that are imported, before they are.
 *
 * @returns The plugins, and the types of models, in order.
 *
 * @throws MODULE_NOT_FOUND, MODULE_INVALID.
 */
export async function importPlugins(
  config: Config,
  host: Host,
  base: (path: readonly (string | number)[]) => URL,
  onModule?: (module: URL) => void,
): Promise<ImportedPlugins> {
  const imported: { plugins: Plugin[]; modelTypes: ModelType[] } = { plugins: [], modelTypes: [] };
  for (const [index, plugin] of config.plugins.entries()) {
    const at = base(["plugins", index]);
    const python = findModule(plugin, at) ? undefined : findPythonPlugin(plugin, at, host.files?.cwd);
    if (python !== undefined) {
      onModule?.(python);
      imported.plugins.push(...(await readPythonPlugin({ config, host, base: at, module: python })));
      continue;
    }
    const { namespace, where } = await importModule(plugin, at, `plugins.${index}`, onModule);
    const modelTypes = modelTypesFrom(namespace);
    imported.modelTypes.push(...modelTypes);
    // A module of model types may hold plugins as well; one that holds neither is a mistake.
    imported.plugins.push(...pluginsFrom(namespace, where, modelTypes.length > 0));
  }
  return imported;
}
