import {
  type Config,
  createCombined,
  formatLocation,
  type GrowingCombined,
  type Host,
  LaunchpadError,
  loadConfig,
  type ModelEntry,
  messageOf,
  type ProjectsConfig,
  silentLogger,
  whereIs,
} from "../../../src/index.ts";
import { openProject } from "../open-project.ts";
import { findProjects } from "./find-projects.ts";
import { withRemoteFiles } from "./remote-files.ts";

/** Projects that serve together. */
export interface Projects extends GrowingCombined {
  readonly config: ProjectsConfig;
  /** Reads the configurations of all projects that were found; resolves with their models, and with what is wrong with others. */
  all(): Promise<{ readonly entries: readonly ModelEntry[]; readonly failures: readonly string[] }>;
  /** Finds the configuration file of a model. */
  fileOf(name: string): Promise<URL | undefined>;
}

/** Project that was found. */
interface Found {
  readonly url: URL;
  /** Its model, once its configuration was read. */
  entry?: ModelEntry;
  /** Why it does not serve. */
  failure?: string;
  reading?: Promise<void>;
}

/** So many are read before the server starts, so that mistakes are seen at once; more are read while it runs. */
const readAtStart = 20;

/**
 * Opens projects that serve together. Configurations are read one after the other, those first that somebody asks for; models
 * are opened when they are first asked for. What cannot be opened is in the log, and does not keep the others from serving.
 *
 * @param given What the runtime can do; it must have files.
 * @param config The configuration that names them.
 *
 * @returns The projects, of which nothing is read yet.
 */
export function openProjects(given: Host, config: ProjectsConfig): Projects {
  const host = withRemoteFiles(given);
  // What is counted, and who follows, is up to all of them together.
  const { peers: _, docsFile: __, ...memberHost } = host;
  const log = host.log.child("config");
  const cwd = host.files?.cwd;
  const found = new Map<string, Found>();
  const told = new Set<string>();
  let isListed = false;
  let isComplete = false;
  const tellOnce = (message: string) => {
    if (!told.has(message)) log.error(message);
    told.add(message);
  };

  const fail = (project: Found, message: string) => {
    project.failure = message;
    tellOnce(`${message}. This project is left out`);
  };
  const read = async (project: Found): Promise<void> => {
    try {
      const { url } = project;
      // Whoever opens it says the rest that is to be said of it.
      const own = await loadConfig([url], { ...host, log: silentLogger });
      const entry = entryOf(own, formatLocation(url, cwd), () => openProject(memberHost, { config: url }));
      if (!isComplete) giveWay(project, entry);
      combined.add(entry);
      project.entry = entry;
      delete project.failure;
    } catch (error) {
      fail(project, messageOf(error));
    }
  };
  /** While projects are first read, the order in which they are asked for must not decide which of two serves. */
  const giveWay = (project: Found, { name, basePath }: ModelEntry) => {
    const order = [...found.keys()];
    for (const other of found.values()) {
      const { entry } = other;
      if (!entry || (entry.name !== name && entry.basePath !== basePath)) continue;
      if (order.indexOf(project.url.href) > order.indexOf(other.url.href)) continue;
      void combined.remove(entry.name);
      delete other.entry;
      const what = entry.name === name ? `the name ${name}` : `the path ${basePath}`;
      fail(
        other,
        `${entry.where}: found ${what}, which ${formatLocation(project.url, cwd)} has already, expected another`,
      );
    }
  };
  const readOnce = (project: Found) => {
    project.reading ??= read(project);
    return project.reading;
  };
  const list = async () => {
    const { files, empty } = await findProjects(config, host);
    for (const message of empty) tellOnce(message);
    const now = new Set(files.map(({ href }) => href));
    for (const [href, { entry }] of found) {
      if (now.has(href)) continue;
      found.delete(href);
      if (entry === undefined) continue;
      log.info(`${entry.where} is gone: ${entry.name} does not serve any more`);
      await combined.remove(entry.name);
    }
    for (const url of files) if (!found.has(url.href)) found.set(url.href, { url });
    isListed = true;
  };
  let listing: Promise<void> | undefined;
  const listOnce = () => {
    listing ??= list();
    return listing;
  };
  const readAll = async (most = Number.POSITIVE_INFINITY) => {
    await listOnce();
    let count = 0;
    for (const project of found.values()) {
      if (count >= most) return;
      if (project.reading === undefined) count += 1;
      await readOnce(project);
    }
    isComplete = true;
  };
  /** Those whose path has the name in it are read first. */
  const searching = (hint: string, isFound: () => boolean): Promise<void> | undefined => {
    if (isComplete) return undefined;
    const search = async () => {
      await listOnce();
      const likely = [...found.values()].filter(({ url }) => url.pathname.split("/").includes(hint));
      for (const project of likely) {
        await readOnce(project);
        if (isFound()) return;
      }
      await readAll();
    };
    return search();
  };
  const search = async () => {
    await readAll();
    await list();
    for (const project of found.values()) {
      // What failed may have been mended.
      if (project.failure !== undefined) delete project.reading;
      const isNew = project.reading === undefined && project.failure === undefined;
      await readOnce(project);
      if (isNew && project.entry) log.info(`${project.entry.where} was found: ${project.entry.name} serves`);
    }
  };

  const combined: GrowingCombined = createCombined({
    host,
    config,
    preload: config.preload,
    limits: { maxLoaded: config.max_loaded, maxMemory: config.max_memory },
    searching,
    search,
  });

  return {
    ...combined,
    config,
    async ready() {
      await readAll(config.preload === false ? readAtStart : undefined);
      const projects = [...found.values()];
      const failures = projects.flatMap(({ failure }) => failure ?? []);
      if (failures.length === projects.length) throw nothingServes(config, failures);
      // The rest is read while it serves; whoever asks for one of them waits for it.
      if (!isComplete) void readAll().catch((error: unknown) => tellOnce(messageOf(error)));
      await combined.ready();
    },
    async all() {
      await readAll();
      const projects = [...found.values()];
      return {
        entries: projects.flatMap(({ entry }) => entry ?? []),
        failures: projects.flatMap(({ failure }) => failure ?? []),
      };
    },
    async fileOf(name) {
      const is = () => [...found.values()].find(({ entry }) => entry?.name === name);
      if (!isListed || is() === undefined) await searching(name, () => is() !== undefined);
      return is()?.url;
    },
  };
}

function entryOf(config: Config, where: string, open: ModelEntry["open"]): ModelEntry {
  const { name, version } = config.model;
  if (config.api === undefined) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: there is no API, because the section api is missing. Expected at least "api: { name: ... }"`,
    );
  }
  return { name, version, basePath: `/${config.api.name}/v${Number.parseInt(version, 10)}`, where, open };
}

function nothingServes(config: ProjectsConfig, failures: readonly string[]): LaunchpadError {
  const where = `${whereIs(config, ["projects"])}: projects`;
  const message =
    failures.length === 0
      ? `${where}: found no project, expected one at least. Correct the paths: they are relative to this file`
      : `${where}: found ${failures.length} that cannot be opened, expected one at least that can:\n${failures.slice(0, 20).join("\n")}`;
  return new LaunchpadError("CONFIG_INVALID", message);
}
