import { readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { resolveModulePath } from "exsolve";
import {
  type ApiDefinition,
  baseOf,
  type Config,
  type Host,
  type Launchpad,
  LaunchpadError,
  type OpenModel,
  type ProjectsConfig,
  pluginsFrom,
  type Sample,
} from "../../src/internal.ts";
import { isCode } from "../io/error-code.ts";
import { writeProjectFile } from "../io/files.ts";
import type { ProjectData } from "../project/open-data.ts";
import { notesOfFiles, writeFilesBeside } from "./beside/write-files.ts";
import { type BundledProject, bundle } from "./bundle.ts";
import { compileConfig } from "./compiled-config.ts";
import { readModel } from "./embedded-model.ts";
import type { SharedParts } from "./entry.ts";
import type { Needs } from "./launchpad-plugin.ts";
import { databaseUrl, predictScope } from "./predict-scope.ts";
import { limitWarnings, measure, type Sizes } from "./sizes.ts";
import { takeSamples } from "./take-samples.ts";
import { type ModelOption, type Target, targets } from "./targets.ts";
import { toFill, variablesOf, wranglerText } from "./wrangler.ts";

/** What to build. */
export interface BuildOptions {
  readonly target: Target;
  readonly model: ModelOption;
  /** The folder of the package; `build/<target>` unless told. */
  readonly out?: string | undefined;
  /** Packages that are installed where the package runs. */
  readonly external: readonly string[];
  /** Opens the test data that samples are taken from, and says how many; without it, the model's own samples hold. */
  readonly samples?: { readonly count: number; data(): Promise<ProjectData> } | undefined;
}

/** The project that is built. */
export interface Project {
  readonly launchpad: Launchpad;
  readonly host: Host;
  /** The module of the model, then those of plugins. */
  readonly modules: readonly URL[];
  /** Module that stands for the model, where its file is none. */
  readonly packageSource?: OpenModel["packageSource"] | undefined;
}

/** What was built. */
export interface Built {
  /** The path of the module, from the working folder. */
  readonly file: string;
  readonly sizes: Sizes;
  /** What whoever builds should know. */
  readonly notes: readonly string[];
  /** The variables that must be set where it runs. */
  readonly variables: readonly string[];
}

/** Project as it goes into a package. */
interface Prepared {
  readonly bundled: BundledProject;
  readonly notes: readonly string[];
  /** Bytes of the contents of its model, if that is known. */
  readonly contents: number | undefined;
}

async function prepare(project: Project, options: BuildOptions, folder?: URL): Promise<Prepared> {
  const { launchpad, host, modules, packageSource } = project;
  const { target, model: place } = options;
  const { config } = launchpad;
  const cwd = host.files?.cwd ?? pathToFileURL(`${resolve()}/`);
  const visible = predictScope(config);
  const compiled = compileConfig(config, visible, target, place, cwd, folder);
  const { definition, resultIsChecked } = await launchpad.api();
  const [modelUrl, ...pluginUrls] = modules;
  if (modelUrl === undefined) throw new LaunchpadError("INTERNAL", "the model's module is not known");
  const embedded = place === "embed" ? await readModel(config, host) : undefined;
  const source = packageSource?.(compiled.value);
  const namespace: Record<string, unknown> = source === undefined ? await import(modelUrl.href) : {};
  const isDefault = source !== undefined || (typeof namespace.default === "object" && namespace.default !== null);
  const model = (source === undefined && isDefault ? namespace.default : namespace) as Record<string, unknown>;
  const packaged = compiled.value as unknown as Config;
  const hasTelemetry =
    targets[target].isServer && resolveModulePath("@opentelemetry/api", { from: modelUrl, try: true }) !== undefined;
  const samples = options.samples && (await samplesOf(launchpad, definition, options.samples));
  const plugins = await pluginsFor(pluginUrls, visible.types);
  const sampled = samples
    ? [
        `${samples.length} rows of test data are in the package: the model must predict for them what it predicted here.`,
      ]
    : [];
  return {
    bundled: {
      target,
      model: { url: modelUrl, isDefault, names: Object.keys(namespace), source },
      plugins,
      config: compiled.value,
      api: { definition, resultIsChecked },
      files: embedded?.files,
      needs: {
        target,
        config: packaged,
        hasTelemetry,
        // Contents of a file are plain data within its own codec.
        hasCodec: source === undefined && (model.codec ?? undefined) !== undefined,
        types: visible.types,
        hasPlugins: plugins.length > 0,
        databases: Object.values(visible.dbms).map(databaseUrl),
      },
      samples,
      hasTelemetry,
    },
    notes: [...compiled.notes, ...sampled],
    contents: embedded?.size ?? (await sizeInStore(launchpad)),
  };
}

/**
 * Builds a package: one module that serves a model.
 *
 * @param project The project.
 * @param options What to build.
 *
 * @returns What was built.
 *
 * @throws CONFIG_INVALID, MODULE_INVALID for what does not fit the target; MODEL_NOT_TRAINED.
 */
export async function buildPackage(project: Project, options: BuildOptions): Promise<Built> {
  return built([await prepare(project, options)], undefined, options);
}

/**
 * Builds a package of several projects: one module that serves them together.
 *
 * @param projects The projects, at least one.
 * @param config What they share.
 * @param options What to build.
 *
 * @returns What was built.
 *
 * @throws CONFIG_INVALID, MODULE_INVALID, MODEL_NOT_TRAINED as for one.
 */
export async function buildProjects(
  projects: readonly Project[],
  config: ProjectsConfig,
  options: BuildOptions,
): Promise<Built> {
  const folder = new URL(".", baseOf(config, ["projects"]) ?? pathToFileURL(`${resolve()}/`));
  const prepared: Prepared[] = [];
  for (const project of projects) prepared.push(await prepare(project, options, folder));
  const [first, ...others] = prepared;
  if (first === undefined) throw new LaunchpadError("CONFIG_INVALID", "found no project, expected at least one");
  const { projects: _, overlay: __, ...shared } = config;
  return built([first, ...others], { config: shared, needs: sharedNeeds(config, first.bundled.needs) }, options);
}

/** What the shared paths need, as the configuration of a project without anything else would. */
function sharedNeeds({ api, auth, limits }: ProjectsConfig, { target, hasTelemetry }: Needs): Needs {
  const nothing = { datasources: {}, datasinks: {}, dbms: {}, model_store: {}, model: {} };
  const config = { ...nothing, api, auth, limits } as unknown as Config;
  return { target, config, hasTelemetry, hasCodec: true, types: new Set(), hasPlugins: false, databases: [] };
}

async function built(
  prepared: readonly [Prepared, ...Prepared[]],
  shared: SharedParts | undefined,
  { target, model: place, external, out = join("build", target) }: BuildOptions,
): Promise<Built> {
  const [first, ...others] = prepared;
  const projects = [first.bundled, ...others.map(({ bundled }) => bundled)] as const;
  const { code, metafile, trainingRemoved, files, silent } = await bundle({
    projects: [...projects],
    shared,
    external,
  });
  const configs = projects.map(({ needs }) => needs.config);
  const path = join(resolve(out), "index.mjs");
  await writeProjectFile(path, code);
  await writeFilesBeside(resolve(out), files);
  const sizes = measure(code, metafile);
  const contents = prepared.reduce<number | undefined>((sum, one) => (one.contents ?? 0) + (sum ?? 0), undefined);
  const notes = [
    ...notesOfFiles(files, silent),
    ...prepared.flatMap((one) => one.notes),
    ...(trainingRemoved
      ? []
      : [
          "train and test of the model are in the package: they are left out of `export default defineModel({ train, test, ... })` only.",
        ]),
    ...limitWarnings(target, sizes.gzip, contents, place === "embed"),
    ...(target === "cloudflare" ? [await writeWrangler(configs, path)] : []),
  ];
  return { file: fromHere(path), sizes, notes, variables: variablesOf([...configs, shared?.config]) };
}

async function samplesOf(
  launchpad: Launchpad,
  definition: ApiDefinition,
  { count, data }: NonNullable<BuildOptions["samples"]>,
): Promise<Sample[]> {
  return takeSamples({ launchpad, definition, data: await data(), count });
}

/** The modules of plugins that serve what a prediction sees. */
async function pluginsFor(urls: readonly URL[], types: ReadonlySet<string>): Promise<URL[]> {
  const needed: URL[] = [];
  for (const url of urls) {
    const plugins = pluginsFrom(await import(url.href), url.href);
    if (plugins.some(({ type }) => type.serves.some((served) => types.has(served)))) needed.push(url);
  }
  return needed;
}

/** What is there may be wrong by now, or not be reached from here: it is only for a warning. */
async function sizeInStore({ store, config }: Launchpad): Promise<number | undefined> {
  try {
    return (await store.meta(config.model.name, config.model.version))?.contents.size;
  } catch {
    return undefined;
  }
}

/** Writes the settings of a Worker, if there are none. */
async function writeWrangler(configs: readonly Config[], main: string): Promise<string> {
  const text = wranglerText(configs, fromHere(main));
  const file = resolve("wrangler.jsonc");
  try {
    const found = await readFile(file, "utf8");
    if (found === text) return "wrangler.jsonc is there, as it should be.";
    return `wrangler.jsonc is there already and stays as it is. It should hold:\n${text.trimEnd()}`;
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
  await writeProjectFile(file, text);
  return `Wrote wrangler.jsonc: ${text.includes(toFill) ? "fill in what it says, then" : "deploy by"} npx wrangler deploy.`;
}

function fromHere(path: string): string {
  return relative("", path).split(sep).join("/");
}
