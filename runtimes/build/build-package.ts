import { readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { resolveModulePath } from "exsolve";
import {
  type ApiDefinition,
  type Config,
  type Host,
  type Launchpad,
  LaunchpadError,
  type OpenModel,
  pluginsFrom,
  type Sample,
} from "../../src/index.ts";
import { isCode } from "../io/error-code.ts";
import { writeProjectFile } from "../io/files.ts";
import type { ProjectData } from "../project/open-data.ts";
import { bundle } from "./bundle.ts";
import { compileConfig } from "./compiled-config.ts";
import { readModel } from "./embedded-model.ts";
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
  const { launchpad, host, modules, packageSource } = project;
  const { target, model: place, external, out = join("build", target) } = options;
  const { config } = launchpad;
  const cwd = host.files?.cwd ?? pathToFileURL(`${resolve()}/`);
  const visible = predictScope(config);
  const compiled = compileConfig(config, visible, target, place, cwd);
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
  const { code, metafile, trainingRemoved } = await bundle({
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
    external,
  });

  const folder = resolve(out);
  const path = join(folder, "index.mjs");
  await writeProjectFile(path, code);
  const sizes = measure(code, metafile);
  const contents = embedded?.size ?? (await sizeInStore(launchpad));
  const notes = [
    ...compiled.notes,
    ...(trainingRemoved
      ? []
      : [
          "train and test of the model are in the package: they are left out of `export default defineModel({ train, test, ... })` only.",
        ]),
    ...(samples
      ? [
          `${samples.length} rows of test data are in the package: the model must predict for them what it predicted here.`,
        ]
      : []),
    ...limitWarnings(target, sizes.gzip, contents, embedded !== undefined),
    ...(target === "cloudflare" ? [await writeWrangler(packaged, path)] : []),
  ];
  return { file: fromHere(path), sizes, notes, variables: variablesOf(packaged) };
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
async function writeWrangler(config: Config, main: string): Promise<string> {
  const text = wranglerText(config, fromHere(main));
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
