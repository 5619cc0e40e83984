import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Files, LaunchpadError } from "../../src/internal.ts";

/** Where a configuration is looked for when nobody names one. */
export const defaultNames = ["LAUNCHPAD_CFG.yml", "launchpad.yml"];

/**
 * Finds the configuration: the files that were named, else the one in LAUNCHPAD_CFG, else a default in the working folder.
 *
 * @param named Paths or `file:` URLs, the last of which wins where they overlap.
 * @param env The environment.
 * @param files The file system.
 *
 * @returns The URLs of the files.
 *
 * @throws CONFIG_NOT_FOUND when nothing was named and there is no default.
 */
export async function findConfig(
  named: readonly (string | URL)[],
  env: (name: string) => string | undefined,
  files: Files,
): Promise<URL[]> {
  if (named.length > 0) return named.map((path) => pathUrl(path, files));
  const fromEnv = env("LAUNCHPAD_CFG");
  if (fromEnv) return [pathUrl(fromEnv, files)];
  for (const name of defaultNames) {
    const url = new URL(name, files.cwd);
    if (await files.exists(url)) return [url];
  }
  throw new LaunchpadError(
    "CONFIG_NOT_FOUND",
    `no configuration: LAUNCHPAD_CFG is not set, and there is no ${defaultNames.join(" or ")} in ${decodeURIComponent(files.cwd.pathname)}. ` +
      "Write one of them, or name another with -c FILE.",
  );
}

/**
 * Creates the URL of a path from a command line.
 *
 * @param path A path, relative to the working folder or not, or a `file:` URL.
 * @param files The file system.
 *
 * @returns A `file:` URL.
 */
export function pathUrl(path: string | URL, files: Files): URL {
  if (path instanceof URL) return path;
  if (typeof path !== "string") {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `config: found ${Array.isArray(path) ? "a list" : typeof path === "object" ? "an object" : String(path)}, expected the path or URL of a file. createLaunchpad takes configurations that are objects.`,
    );
  }
  return path.startsWith("file:") ? new URL(path, files.cwd) : pathToFileURL(resolve(fileURLToPath(files.cwd), path));
}
