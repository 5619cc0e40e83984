import process from "node:process";
import { type Host, type Launchpad, LaunchpadError, type Logger, type Store } from "../../src/internal.ts";
import type { HostOptions } from "../hosts/server-host.ts";
import { importedFiles } from "../modules/module-graph.ts";
import { containModel } from "../process/contain-model.ts";
import type { Serve } from "../process/server-contract.ts";
import { nameModel } from "../process/stray-errors.ts";
import { checkName, openedProjects, projectNamed } from "../project/many/named-project.ts";
import type { Projects } from "../project/many/open-projects.ts";
import { openProjectData, type ProjectData } from "../project/open-data.ts";
import { openProject, openProjectStore } from "../project/open-project.ts";
import { configureLogging, type Logging } from "./logging/index.ts";
import { type OpenedModules, openObserved } from "./open-observed.ts";
import { createProgress, type Progress } from "./progress.ts";
import { ignoreClosedPipes } from "./streams.ts";
import { joinSupervisor, type Worker } from "./workers/worker.ts";

/** The options before the command. */
export interface GlobalOptions {
  readonly config: readonly string[];
  readonly logConfig?: string;
  readonly verbose?: boolean;
}

/** What every runtime's entry point exports. */
interface Runtime {
  createHost(options?: HostOptions): Host;
  readonly serve: Serve;
}

/** A model package, or why it could not be opened, and what it was read from, modules and their imports included. */
export interface Opened {
  readonly launchpad: Promise<Launchpad>;
  readonly files: readonly URL[];
}

/** One run of the command line. */
export interface Session {
  /** What the command line says before the command. */
  readonly globals: GlobalOptions;
  readonly host: Host;
  readonly progress: Progress;
  readonly serve: Serve;
  /** This process, if it is one of several that serve together. */
  readonly worker: Worker | undefined;
  /** Writes a line of a worker into the log file of a handler. */
  writeLogLine(handler: string, text: string): void;
  /** Contains what code of models may do to this process. */
  contain(): void;
  /** Projects that the configuration describes, where it describes several; opened once. */
  projects(): Promise<Projects | undefined>;
  /**
   * Opens the model package of the configuration, once; of one that describes several, that of the model of this name.
   *
   * @throws USAGE when there is no such model, or several and no name.
   */
  open(name?: string): Promise<Launchpad>;
  /** Opens the model package of the configuration, and says which modules were imported: the model's, then those of plugins. */
  openWithModules(): Promise<OpenedModules>;
  /** Opens all projects of a configuration of several. CONFIG_INVALID when one of them cannot be opened. */
  openEach(): Promise<readonly OpenedModules[]>;
  /** Opens the model package again, from its files as they are now. The caller closes what is opened. */
  openAgain(): Promise<Opened>;
  /**
   * Opens the model store of the configuration, once; the model itself is not imported.
   *
   * @param reference A model, where it matters: NAME, NAME@VERSION.
   */
  store(reference?: string): Promise<Store>;
  /**
   * Opens the model stores of all projects of the configuration, or that of one model.
   *
   * @param reference A model, where only its store is wanted.
   *
   * @returns Each with the name of the model that is meant in it; undefined for all models.
   */
  stores(reference?: string): Promise<readonly { readonly store: Store; readonly name: string | undefined }[]>;
  /** Opens the data of the configuration, once; the model itself is not imported. */
  data(): Promise<ProjectData>;
  close(): Promise<void>;
}

/**
 * Creates the session of a command: runtime, log and progress.
 *
 * @param options The options before the command.
 *
 * @returns A session that opens the model package when it is asked to.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_INVALID for the configuration of the log.
 */
export async function createSession(options: GlobalOptions): Promise<Session> {
  ignoreClosedPipes();
  const worker = joinSupervisor();
  const runtime = await currentRuntime();
  const progress = createProgress();
  const { env, files } = runtime.createHost();
  const logging: Logging = await configureLogging({
    ...(options.logConfig === undefined ? {} : { file: options.logConfig }),
    verbose: options.verbose ?? false,
    env,
    ...(files === undefined ? {} : { files }),
    beforeWrite: progress.aside,
    ...(worker && { handOver: worker.log }),
  });
  logWarnings(logging.log);
  const host = { ...runtime.createHost({ log: logging.log }), ...(worker && { peers: worker.peers }) };
  let launchpad: Promise<Launchpad> | undefined;
  const each: Launchpad[] = [];
  const stores = new Map<string, Promise<Store>>();
  let data: Promise<ProjectData> | undefined;
  let several: Promise<Projects | undefined> | undefined;
  const projects = () => {
    several ??= openedProjects(host, options.config);
    return several;
  };
  const configOf = async (name: string | undefined) => {
    const opened = await projects();
    return opened ? await projectNamed(opened, name) : options.config;
  };
  const storeOf = async (reference?: string) => {
    const name = (await projects()) === undefined ? undefined : reference?.split("@")[0] || undefined;
    const opened = stores.get(name ?? "") ?? configOf(name).then((config) => openProjectStore(host, { config }));
    stores.set(name ?? "", opened);
    return opened;
  };
  /** Messages about what code of the model left behind say which model it is, and its logs go where they went in ML Launchpad. */
  const named = (opened: Launchpad): Launchpad => {
    const { name, version, module } = opened.config.model;
    nameModel(`${name} ${version}`);
    logging.nameModule(module);
    return opened;
  };
  /** What code of a model, or of a plugin, may not do to this process. */
  let setFree: (() => void) | undefined;
  const contain = () => {
    setFree ??= containModel(logging.log.child("model"));
  };
  return {
    globals: options,
    host,
    progress,
    serve: runtime.serve,
    worker,
    writeLogLine: logging.write,
    projects,
    contain,
    open(name) {
      contain();
      launchpad ??= configOf(name).then(async (config) => checkName(named(await openProject(host, { config })), name));
      return launchpad;
    },
    async openWithModules() {
      contain();
      const opening = openObserved(host, options.config);
      launchpad = opening.then((opened) => named(opened.launchpad));
      return opening;
    },
    async openEach() {
      contain();
      const { entries, failures } = (await (await projects())?.all()) ?? { entries: [], failures: [] };
      // What is left out of a server is missed in a package that nobody looks into.
      if (failures.length > 0) throw new LaunchpadError("CONFIG_INVALID", failures.join("\n"));
      const opened: OpenedModules[] = [];
      for (const { name } of entries) {
        const one = await openObserved(host, await configOf(name));
        each.push(one.launchpad);
        opened.push(one);
      }
      return opened;
    },
    async openAgain() {
      contain();
      const { files } = host;
      if (files === undefined) throw new LaunchpadError("INTERNAL", "openAgain needs a host with files");
      const read: URL[] = [];
      const modules: URL[] = [];
      const recording = {
        ...host,
        files: {
          ...files,
          read(url: URL) {
            read.push(url);
            return files.read(url);
          },
        },
      };
      const opening = async () => {
        const observer = { onModule: (module: URL) => modules.push(module), onFile: (file: URL) => read.push(file) };
        const opened = await openProject(recording, { config: options.config }, observer);
        await opened.api();
        return named(opened);
      };
      const launchpad = opening();
      // Whatever it is, the caller learns of it from the promise.
      await launchpad.catch(() => {});
      const local = await Promise.all(modules.map(importedFiles));
      return { launchpad, files: [...read, ...local.flatMap(({ files }) => files)] };
    },
    store: storeOf,
    async stores(reference) {
      const opened = reference === undefined ? await projects() : undefined;
      if (opened === undefined) return [{ store: await storeOf(reference), name: undefined }];
      const { entries } = await opened.all();
      return Promise.all(entries.map(async ({ name }) => ({ store: await storeOf(name), name })));
    },
    data() {
      contain();
      data ??= openProjectData(host, { config: options.config });
      return data;
    },
    async close() {
      progress.stop();
      await data?.then((opened) => opened.close()).catch(() => {});
      for (const store of stores.values()) await store.then((opened) => opened.close()).catch(() => {});
      // A launchpad that could not be opened has nothing to close; its error was told already.
      await launchpad?.then((opened) => opened.close()).catch(() => {});
      for (const one of each) await one.close().catch(() => {});
      await several?.then((opened) => opened?.close()).catch(() => {});
      setFree?.();
      await logging.close();
    },
  };
}

function currentRuntime(): Promise<Runtime> {
  if ("Deno" in globalThis) return import("../deno.ts");
  if ("Bun" in globalThis) return import("../bun.ts");
  return import("../node.ts");
}

/**
 * Puts the warnings of Node, which it would print by itself, into the log. What package.json says of modules in a model's
 * folder does not matter, so it is no warning: if a module cannot be loaded, that is an error of its own.
 */
function logWarnings(log: Logger): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning: Error & { code?: string }) => {
    const ofModules =
      warning.code === "MODULE_TYPELESS_PACKAGE_JSON" || warning.message.startsWith("Failed to load the ES module");
    log.child("cli")[ofModules ? "debug" : "warning"](`${warning.name}: ${warning.message}`);
  });
}
