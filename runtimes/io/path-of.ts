import process from "node:process";
import { fileURLToPath } from "node:url";
import { LaunchpadError } from "../../src/internal.ts";

/**
 * Creates the path of a file's URL.
 *
 * @param url A `file:` URL.
 *
 * @returns The path on this system.
 *
 * @throws DATA_UNAVAILABLE for a share of Windows on another system.
 */
export function pathOf(url: URL | string): string {
  const { host, pathname } = new URL(url);
  if (host !== "" && process.platform !== "win32") {
    throw new LaunchpadError(
      "DATA_UNAVAILABLE",
      `found \\\\${host}${decodeURIComponent(pathname).replaceAll("/", "\\")}, a share of Windows, expected a path of this system. Mount the share, and write where it is mounted`,
    );
  }
  return fileURLToPath(url);
}
