import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Config, type Host, LaunchpadError, type ModelType, whereIs } from "../../../src/internal.ts";

const advice = "Code is run from files of this machine only: copy the project here";

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

/** Model file of a project at a URL, copied to this machine. */
export interface FetchedModel {
  readonly file: URL;
  /** Types that may read it: none that runs code. */
  readonly types: readonly ModelType[];
  /** Removes the copy. */
  remove(): Promise<void>;
}

/**
 * Fetches the model file of a project that is at a URL. Code is run from files of this machine only: whoever can write to a
 * bucket could otherwise run what they like here.
 *
 * @param config The configuration.
 * @param base Its URL.
 * @param host Reads URLs.
 * @param types Types of models.
 *
 * @returns A copy of the file; undefined where the project is on this machine itself.
 *
 * @throws CONFIG_INVALID when the model is code, or lies elsewhere.
 */
export async function fetchModel(
  config: Config,
  base: URL,
  host: Host,
  types: readonly ModelType[],
): Promise<FetchedModel | undefined> {
  if (base.protocol === "file:") return undefined;
  const { module } = config.model;
  const where = `${whereIs(config, ["model", "module"])}: model.module: found ${JSON.stringify(module)} of a project at a URL`;
  const files = types.filter(({ isCode }) => !isCode);
  const endings = [...new Set(files.flatMap(({ extensions }) => extensions))];
  if (!endings.includes(extname(module).toLowerCase())) {
    throw new LaunchpadError("CONFIG_INVALID", `${where}, expected a model file (${endings.join(", ")}). ${advice}`);
  }
  const url = new URL(module, base);
  if (!url.href.startsWith(new URL(".", base).href)) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}, expected a file in the folder of the configuration, or below it`,
    );
  }
  const bytes = await host.files?.read(url);
  const folder = await mkdtemp(join(tmpdir(), "launchpad-project-"));
  const file = join(folder, basename(url.pathname));
  await writeFile(file, bytes ?? new Uint8Array());
  return { file: pathToFileURL(file), types: files, remove: () => rm(folder, { recursive: true, force: true }) };
}
