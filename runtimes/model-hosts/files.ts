import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Not written where it is used: bundlers would take the folders for files to bundle. */
const here = import.meta.url;

/**
 * Finds a program that a child runs: the build puts them beside what it builds, the sources have them here.
 *
 * @param path Its path below the folder of this file: `python/host.py`.
 *
 * @returns Its path.
 */
export function hostFile(path: string): string {
  const found = [`model-hosts/${path}`, path].map((file) => fileURLToPath(new URL(file, here)));
  return found.find((file) => existsSync(file)) ?? path;
}

/**
 * Finds the files beside a module that it may import.
 *
 * @param module The URL of the module.
 * @param ending Their ending.
 *
 * @returns Their URLs, without that of the module; none where the folder cannot be read.
 */
export function neighbours(module: URL, ending: string): URL[] {
  try {
    const names = readdirSync(new URL(".", module)).filter((name) => name.endsWith(ending));
    return names.map((name) => new URL(encodeURIComponent(name), module)).filter(({ href }) => href !== module.href);
  } catch {
    return [];
  }
}
