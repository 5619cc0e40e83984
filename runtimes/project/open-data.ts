import {
  baseOf,
  type Config,
  createData,
  type Data,
  type Host,
  LaunchpadError,
  loadConfig,
  type Source,
} from "../../src/internal.ts";
import { importPlugins } from "../modules/plugins.ts";
import { findConfig } from "./find-config.ts";
import type { OpenOptions } from "./open-project.ts";

/** The data of a project, whose model need not be there yet. */
export interface ProjectData {
  readonly config: Config;
  /** A data source, whichever actions it is for. DATA_UNKNOWN if there is none of that name. */
  source(name: string): Source;
  /** The sources and sinks that an action sees. */
  access: Data["access"];
  /** Ends all connections. */
  close(): Promise<void>;
}

const actions = ["train", "test", "predict"] as const;

/**
 * Opens the data that a configuration file describes, without the model.
 *
 * @param host What the runtime can do; it must have files.
 * @param options Which configuration.
 *
 * @returns The data.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_INVALID, MODULE_NOT_FOUND and MODULE_INVALID for plugins.
 */
export async function openProjectData(host: Host, options: OpenOptions = {}): Promise<ProjectData> {
  const { files } = host;
  if (files === undefined) throw new LaunchpadError("INTERNAL", "openProjectData needs a host with files");
  const named = options.config === undefined ? [] : [options.config].flat();
  const config = await loadConfig(await findConfig(named, host.env, files), host);
  const { plugins } = await importPlugins(config, host, (path) => baseOf(config, path) ?? files.cwd);
  const data = createData({ config, host, plugins });
  return {
    config,
    source(name) {
      const [tag] = Object.hasOwn(config.datasources, name) ? (config.datasources[name]?.tags ?? []) : [];
      return data.access(actions.find((action) => action === tag) ?? "train").source(name);
    },
    access: data.access,
    close: data.close,
  };
}
