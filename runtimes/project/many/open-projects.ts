import {
  baseOf,
  type Config,
  createCombined,
  formatLocation,
  type GrowingCombined,
  type Host,
  LaunchpadError,
  loadConfig,
  locate,
  type ModelEntry,
  messageOf,
  type ProjectsConfig,
  silentLogger,
  whereIs,
} from "../../../src/internal.ts";
import { openProject } from "../open-project.ts";
import { type FoundProject, findProjects } from "./find-projects.ts";
import { withRemoteFiles } from "./remote-files.ts";

/** Projects that serve together. */
export interface Projects extends GrowingCombined {
  readonly config: ProjectsConfig;
  /** Reads the configurations of all projects that were found; resolves with their models, and with what is wrong with others. */
  all(): Promise<{ readonly entries: readonly ModelEntry[]; readonly failures: readonly string[] }>;
  /** Finds the configuration of a model: its files, as `-c` takes them. */
  filesOf(name: string): Promise<readonly URL[] | undefined>;
}

/** Project that was found. */
interface Found {
  readonly url: URL;
  readonly rank: readonly [entry: number, path: string];
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
  const overlay = overlayOf(config, cwd);
  const found = new Map<string, Found>();
  const told = new Set<string>();
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
      const files = [url, ...overlay];
      const own = await loadConfig(files, { ...host, log: silentLogger });
      const entry = entryOf(own, formatLocation(url, cwd), () => openProject(memberHost, { config: files }));
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
    for (const other of found.values()) {
      const { entry } = other;
      if (!entry || (entry.name !== name && entry.basePath !== basePath) || !isBefore(project, other)) continue;
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
  const add = (one: FoundProject): Found | undefined => {
    if ("empty" in one) {
      tellOnce(one.empty);
      return undefined;
    }
    const project = found.get(one.url.href) ?? one;
    found.set(one.url.href, project);
    return project;
  };

  const first = findProjects(config, host);
  let stepping: Promise<boolean> = Promise.resolve(true);
  /** Finds and reads one project more; resolves with whether there may be others. */
  const step = (): Promise<boolean> => {
    stepping = stepping.then(async (goesOn) => {
      const next = goesOn ? await first.next() : { done: true as const };
      if (next.done) {
        isComplete = true;
        return false;
      }
      const project = add(next.value);
      if (project) await readOnce(project);
      return true;
    });
    return stepping;
  };
  const readAll = async (most = Number.POSITIVE_INFINITY) => {
    for (let count = 0; count < most && !isComplete; count += 1) await step();
  };
  /** Those whose path has the name in it are read first. */
  const searching = (hint: string, isFound: () => boolean): Promise<void> | undefined => {
    if (isComplete) return undefined;
    const search = async () => {
      for await (const one of findProjects(config, host, hint)) {
        if ("empty" in one || !isNamed(one.url, hint)) continue;
        const project = add(one);
        if (project) await readOnce(project);
        if (isFound()) return;
      }
      await readAll();
    };
    return search();
  };
  const search = async () => {
    await readAll();
    const gone = new Map(found);
    for await (const one of findProjects(config, host)) {
      const project = add(one);
      if (project === undefined) continue;
      gone.delete(project.url.href);
      // What failed may have been mended.
      if (project.failure !== undefined) delete project.reading;
      const isNew = project.reading === undefined && project.failure === undefined;
      await readOnce(project);
      if (isNew && project.entry) log.info(`${project.entry.where} was found: ${project.entry.name} serves`);
    }
    for (const [href, { entry }] of gone) {
      found.delete(href);
      if (entry === undefined) continue;
      log.info(`${entry.where} is gone: ${entry.name} does not serve any more`);
      await combined.remove(entry.name);
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
      if (isComplete && failures.length === projects.length) throw nothingServes(config, failures);
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
    async filesOf(name) {
      const is = () => [...found.values()].find(({ entry }) => entry?.name === name);
      if (is() === undefined) await searching(name, () => is() !== undefined);
      const url = is()?.url;
      return url && [url, ...overlay];
    },
  };
}

function isBefore({ rank: a }: Found, { rank: b }: Found): boolean {
  return a[0] === b[0] ? a[1] < b[1] : a[0] < b[0];
}

/** Whether a part of a path is a name, an ending aside. */
function isNamed({ pathname }: URL, name: string): boolean {
  return pathname.split("/").some((part) => part === name || part.startsWith(`${name}.`));
}

function overlayOf(config: ProjectsConfig, cwd: URL | undefined): readonly URL[] {
  if (config.overlay === undefined) return [];
  return [new URL(locate(config.overlay, baseOf(config, ["overlay"]) ?? cwd ?? new URL("file:///")))];
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
