import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type Config,
  filledSection,
  formatLocation,
  type Host,
  LaunchpadError,
  type ModelType,
  openLocation,
  redact,
  whereIs,
} from "../../src/internal.ts";
import { isMlmodel, mlflowModel } from "./mlflow.ts";

const advice = "Code is run from files of this machine only: copy the project here";

/** A path with a scheme is at a place: two letters at least, because one is a drive of Windows. */
const isUrl = (module: string) => /^[a-z][a-z0-9+.-]+:\//i.test(module) && !/^file:/i.test(module);

/**
 * Refuses the plugins of a project that is at a URL.
 *
 * @param config The configuration.
 *
 * @throws CONFIG_INVALID if there are any.
 */
export function refusePlugins(config: Config): void {
  if (config.plugins.length === 0) return;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${whereIs(config, ["plugins"])}: plugins: found a plugin of a project at a URL, expected none. ${advice}`,
  );
}

/** Model file at a URL, copied to this machine. */
export interface FetchedModel {
  readonly file: URL;
  /** Where it came from, for messages. */
  readonly where: string;
  /** Types that may read it: none that runs code. */
  readonly types: readonly ModelType[];
  /** Removes the copy. */
  remove(): Promise<void>;
}

/**
 * Fetches the model file that a configuration names by a URL, or that of a project that is at a URL itself: the file, or that to
 * which a folder of MLflow leads. Code is run from files of this machine only: whoever can write to a bucket could otherwise run
 * what they like here.
 *
 * @param config The configuration; `model.location` says what stands beside the path of a data source.
 * @param base The URL of the configuration.
 * @param host Reads URLs.
 * @param types Types of models.
 *
 * @returns A copy of the file; undefined where it is on this machine itself.
 *
 * @throws CONFIG_INVALID when the model is code, or lies elsewhere; DATA_UNAVAILABLE, MODEL_FILE_UNSUPPORTED.
 */
export async function fetchModel(
  config: Config,
  base: URL,
  host: Host,
  types: readonly ModelType[],
): Promise<FetchedModel | undefined> {
  const { module, type: named } = config.model;
  const isRemote = base.protocol !== "file:";
  if (!isRemote && !isUrl(module)) return undefined;
  const found = `found ${JSON.stringify(redact(module))}${isRemote ? " of a project at a URL" : ""}`;
  const where = `${whereIs(config, ["model", "module"])}: model.module: ${found}`;
  if (!URL.canParse(module, base)) throw new LaunchpadError("CONFIG_INVALID", `${where}, expected a URL`);
  const url = new URL(module, base);
  const files = types.filter(({ isCode }) => !isCode);
  const endings = [...new Set(files.flatMap(({ extensions }) => extensions))];
  const ending = extname(url.pathname).toLowerCase();
  const ofType = files.some(({ name }) => name === named);
  if (!(endings.includes(ending) || ending === "" || ofType)) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}, expected a model file (${endings.join(", ")}) or a folder of MLflow. ${advice}`,
    );
  }
  if (isRemote && !url.href.startsWith(new URL(".", base).href)) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}, expected a file in the folder of the configuration, or below it`,
    );
  }
  const read = (one: URL) => bytesAt(one, config, host);
  if (ending !== "") return copyOf(url, await read(url), files);

  const mlmodel = isMlmodel(url) ? url : new URL(`${url.pathname.replace(/\/$/, "")}/MLmodel`, url);
  const { file, type } = await mlflowModel(mlmodel, formatLocation(mlmodel), files, named, read);
  return copyOf(file, await read(file), [type]);
}

async function copyOf(url: URL, bytes: Uint8Array, types: readonly ModelType[]): Promise<FetchedModel> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-project-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  const file = join(folder, basename(decodeURIComponent(url.pathname)));
  try {
    await writeFile(file, bytes);
  } catch (error) {
    await remove();
    throw error;
  }
  const shown = new URL(url);
  shown.search = "";
  return { file: pathToFileURL(file), where: formatLocation(shown), types, remove };
}

/** What `model.location` says stands beside the path of data: a server, credentials, how long to wait. */
async function bytesAt(url: URL, config: Config, host: Host): Promise<Uint8Array> {
  const settings = config.model.location ? filledSection(config, ["model", "location"], host.env) : {};
  const location = openLocation({
    name: "model.module",
    entry: { compression: "none", ...settings, path: url.href, type: "model" },
    where: `${whereIs(config, ["model", "module"])}: model.module`,
    host,
  });
  return new Uint8Array(await new Response(await location.stream()).arrayBuffer());
}
