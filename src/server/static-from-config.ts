import { whereIs } from "../config/source-map.ts";
import type { Config } from "../config/types.ts";
import { LaunchpadError } from "../errors.ts";
import type { Files, Host } from "../host.ts";
import { formatLocation } from "../util/paths.ts";
import { createStatic, type StaticFiles } from "./middleware/static-files.ts";
import { checkPublishedFolder } from "./published-folder.ts";

/**
 * Static files of a project: those at `/`, and those in a folder named `static` at `/static`, as ML Launchpad has them.
 *
 * @param config The configuration.
 * @param host Reads them.
 *
 * @returns What answers where nothing else does; undefined where there are none.
 *
 * @throws CONFIG_INVALID when `static` or `root_path` is no folder, or not for everybody.
 */
export async function staticOf(config: Config, host: Host): Promise<StaticFiles | undefined> {
  const open = await publishedFolder(config, host, "static");
  const root = await publishedFolder(config, host, "root_path");
  const files = [
    ...(root ? [createStatic(root.url, root.files, "/static/")] : []),
    ...(open ? [createStatic(open.url, open.files)] : []),
  ];
  const [first, second] = files;
  if (first === undefined || second === undefined) return first;
  return async (path, context) => (await first(path, context)) ?? second(path, context);
}

/** The folder that a key names, if everybody may read what is in it; undefined where there is nothing to serve. */
async function publishedFolder(
  config: Config,
  host: Host,
  key: "static" | "root_path",
): Promise<{ readonly url: URL; readonly files: Files } | undefined> {
  const named = config.api?.[key];
  if (named === undefined) return undefined;
  const { files } = host;
  const where = `${whereIs(config, ["api", key])}: api.${key}`;
  if (files === undefined) {
    host.log
      .child("api")
      .warning(
        `${where}: it is ignored, because this runtime has no files. Use static assets (in wrangler.jsonc) instead`,
      );
    return undefined;
  }
  const found = URL.canParse(named) ? await files.stat(new URL(named)) : undefined;
  if (found?.kind !== "folder") {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: found ${found ? "a file" : "no folder"} at ${formatLocation(named, files.cwd)}, expected a folder. Correct the path, or remove the key`,
    );
  }
  const url = key === "static" ? new URL(named) : new URL("static/", named.endsWith("/") ? named : `${named}/`);
  // ML Launchpad's examples all say `root_path: .`, and most of them have nothing to serve.
  if (key === "root_path" && (await files.stat(url))?.kind !== "folder") return undefined;
  await checkPublishedFolder(url, { config, files, key });
  return { url, files };
}
