import type { GenericSchema } from "valibot";
import {
  type AboutApi,
  type ApiDefinition,
  baseOf,
  type Config,
  createLaunchpad,
  formatLocation,
  type Host,
  type Launchpad,
  LaunchpadError,
  type LaunchpadOptions,
  loadConfig,
  loadIncluded,
  messageOf,
  type OpenModel,
  openStore,
  readOpenApi,
  readRaml,
  type Store,
} from "../../src/internal.ts";
import { importPlugins } from "../modules/plugins.ts";
import { findConfig } from "./find-config.ts";
import { withRemoteFiles } from "./many/remote-files.ts";
import { builtInModelTypes } from "./model-types.ts";
import { openModel } from "./open-model.ts";
import { type FetchedModel, fetchModel, refusePlugins } from "./remote-model.ts";

/** Options of opening a project. */
export interface OpenOptions {
  /**
   * The configuration: paths or `file:` URLs, the last of which wins where they overlap. Default: LAUNCHPAD_CFG, else
   * `./LAUNCHPAD_CFG.yml`, else `./launchpad.yml`.
   */
  readonly config?: string | URL | readonly (string | URL)[];
}

/** Observer of what a project is made of. */
export interface ProjectObserver {
  /** Called with each module before it is imported: the model's, then those of plugins. */
  readonly onModule?: (module: URL) => void;
  /** Called with other files that the model is made of. */
  readonly onFile?: (file: URL) => void;
  /** Called with the model when it is open. */
  readonly onModel?: (model: OpenModel) => void;
}

/**
 * Opens the model package that a configuration file describes: reads the configuration, imports the model and its
 * plugins, and finds the API file.
 *
 * @param host What the runtime can do; it must have files.
 * @param options Which configuration.
 * @param observer Is told what the project is made of.
 *
 * @returns A launchpad.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_INVALID, MODULE_NOT_FOUND, MODULE_INVALID.
 */
export async function openProject(
  given: Host,
  options: OpenOptions = {},
  observer: ProjectObserver = {},
): Promise<Launchpad> {
  const host = withRemoteFiles(given);
  const { files } = host;
  if (files === undefined) throw new LaunchpadError("INTERNAL", "openProject needs a host with files");
  const named = options.config === undefined ? [] : [options.config].flat();
  const config = await loadConfig(await findConfig(named, host.env, files), host);
  const base = (path: readonly (string | number)[]) => baseOf(config, path) ?? files.cwd;

  // Whoever is told expects the model's module first, whose type may be that of a plugin.
  const ofPlugins: URL[] = [];
  try {
    if (base(["plugins"]).protocol !== "file:") refusePlugins(config);
    const { plugins, modelTypes } = await importPlugins(config, host, base, (url) => ofPlugins.push(url));
    const types = [...modelTypes, ...builtInModelTypes];
    const at = base(["model", "module"]);
    const fetched = await fetchModel(config, at, host, types);
    const place = { config, host, base: at, file: fetched?.file, where: fetched?.where, ...observer };
    const opened = await openModel(place, fetched?.types ?? types).catch(async (error) => {
      await fetched?.remove();
      throw error;
    });
    observer.onModel?.(opened);
    return await launchpadOf(fetched ? withCopy(opened, fetched) : opened, {
      config,
      host,
      plugins,
      ...apiOf(config, host),
    });
  } finally {
    for (const url of ofPlugins) observer.onModule?.(url);
  }
}

/** A model whose file is a copy, which goes with it. */
function withCopy(opened: OpenModel, { remove }: FetchedModel): OpenModel {
  return {
    ...opened,
    async close() {
      await opened.close?.();
      await remove();
    },
  };
}

/** A launchpad that ends what its model has started. */
async function launchpadOf(
  { model, describe, close }: OpenModel,
  options: Omit<LaunchpadOptions<unknown, GenericSchema>, "model">,
): Promise<Launchpad> {
  try {
    const host = { ...options.host, ...(describe && { describeModel: describe }) };
    const launchpad = createLaunchpad({ ...options, model, host });
    return close === undefined ? launchpad : { ...launchpad, close: () => launchpad.close().finally(close) };
  } catch (error) {
    await close?.();
    throw error;
  }
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

/** An API file, and where it was found. */
interface ApiFile {
  readonly text: string;
  readonly url: URL;
  readonly host: Host;
  /** Its name, for messages. */
  readonly file: string;
  /** The folder of the configuration that names it. */
  readonly base: URL | undefined;
}

type ReadFile = (file: ApiFile, about: AboutApi) => Promise<ApiDefinition>;

/** The one table of the forms of API files, by their keys in the configuration. */
const readers: Readonly<Record<"raml" | "openapi", ReadFile>> = {
  async raml({ text, url, host, file, base }, { version }) {
    const { files } = host;
    const folders = [base, files?.cwd].filter((folder) => folder !== undefined);
    const included = files && (await loadIncluded(text, url, (other) => files.read(other), folders));
    return readRaml(text, { file, url, included, cwd: files?.cwd, version, log: host.log.child("api") });
  },
  openapi: async ({ text, host, file }, about) => readOpenApi(text, { ...about, file, log: host.log.child("api") }),
};

function apiOf(config: Config, host: Host): Pick<LaunchpadOptions<unknown, GenericSchema>, "api"> {
  for (const [key, read] of Object.entries(readers)) {
    const location = config.api?.[key as keyof typeof readers];
    if (location !== undefined) {
      const base = baseOf(config, ["api", key]);
      return { api: (about) => readApi(key, location, read, { host, base }, about) };
    }
  }
  return {};
}

async function readApi(
  key: string,
  location: string,
  read: ReadFile,
  { host, base }: Pick<ApiFile, "host" | "base">,
  about: AboutApi,
) {
  const url = new URL(location);
  let bytes: Uint8Array | undefined;
  try {
    bytes = await host.files?.read(url);
  } catch (cause) {
    throw new LaunchpadError("API_INVALID", `api.${key}: ${messageOf(cause)}`, { cause });
  }
  const file = formatLocation(url, host.files?.cwd);
  return read({ text: new TextDecoder().decode(bytes), url, host, file, base }, about);
}
