import {
  type ApiDefinition,
  baseOf,
  createLaunchpad,
  type Host,
  type Launchpad,
  LaunchpadError,
  loadConfig,
  type Model,
  messageOf,
  modelFrom,
  openStore,
  pluginsFrom,
  readRaml,
  type Store,
  showLocation,
} from "../../src/index.ts";
import { findConfig } from "./find-config.ts";
import { importModule } from "./module-loading.ts";
import { modelOrigin } from "./origin.ts";

export interface OpenOptions {
  /**
   * The configuration: paths or `file:` URLs, the last of which wins where they overlap. Default: LAUNCHPAD_CFG, else
   * `./LAUNCHPAD_CFG.yml`, else `./launchpad.yml`.
   */
  readonly config?: string | URL | readonly (string | URL)[];
}

/**
 * Opens the model package that a configuration file describes: reads the configuration, imports the model and its
 * plugins, and finds the API file.
 *
 * @param host What the runtime can do; it must have files.
 * @param options Which configuration.
 *
 * @returns A launchpad.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_INVALID, MODULE_NOT_FOUND, MODULE_INVALID.
 */
export async function openProject(host: Host, options: OpenOptions = {}): Promise<Launchpad> {
  const { files } = host;
  if (files === undefined) throw new LaunchpadError("INTERNAL", "openProject needs a host with files");
  const named = options.config === undefined ? [] : [options.config].flat();
  const config = await loadConfig(await findConfig(named, host.env, files), host);
  const base = (path: readonly (string | number)[]) => baseOf(config, path) ?? files.cwd;

  const imported = await importModule(config.model.module, base(["model", "module"]), "model.module");
  const model: Model = modelFrom(imported.namespace, imported.where);
  const plugins = [];
  for (const [index, plugin] of config.plugins.entries()) {
    const { namespace, where } = await importModule(plugin, base(["plugins", index]), `plugins.${index}`);
    plugins.push(...pluginsFrom(namespace, where));
  }

  const raml = config.api?.raml;
  return createLaunchpad({
    config,
    model,
    host: { ...host, describeModel: () => modelOrigin(imported.url) },
    plugins,
    ...(raml === undefined ? {} : { api: () => readApi(raml, host) }),
  });
}

/**
 * Opens the model store that a configuration file describes, without the model.
 *
 * @param host What the runtime can do; it must have files.
 * @param options Which configuration.
 *
 * @returns The store.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_INVALID, VARIABLE_NOT_SET.
 */
export async function openProjectStore(host: Host, options: OpenOptions = {}): Promise<Store> {
  const { files } = host;
  if (files === undefined) throw new LaunchpadError("INTERNAL", "openProjectStore needs a host with files");
  const named = options.config === undefined ? [] : [options.config].flat();
  return openStore(await loadConfig(await findConfig(named, host.env, files), host), host);
}

async function readApi(raml: string, host: Host): Promise<ApiDefinition> {
  const url = new URL(raml);
  const file = showLocation(url, host.files?.cwd);
  let bytes: Uint8Array | undefined;
  try {
    bytes = await host.files?.read(url);
  } catch (cause) {
    throw new LaunchpadError("API_INVALID", `api.raml: ${messageOf(cause)}`, { cause });
  }
  return readRaml(new TextDecoder().decode(bytes), { file, log: host.log.child("api") });
}
