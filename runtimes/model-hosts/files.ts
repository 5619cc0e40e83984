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

/** No folder with more than these is looked through to the end: it is no project. */
const maxFolders = 200;
const maxDepth = 4;

/**
 * Finds the files of a project that a module may be made of, besides itself.
 *
 * @param module The URL of the module.
 * @param base The configuration, whose folder is looked through as well.
 * @param ending Their ending.
 *
 * @returns Their URLs, without that of the module; none of packages, of virtual environments or of hidden folders.
 */
export function localFiles(module: URL, base: URL, ending: RegExp): URL[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const look = (folder: URL, depth: number) => {
    if (seen.has(folder.href) || seen.size >= maxFolders) return;
    seen.add(folder.href);
    for (const { name, isFolder } of entriesOf(folder)) {
      const url = new URL(encodeURIComponent(name) + (isFolder ? "/" : ""), folder);
      if (!isFolder && ending.test(name) && url.href !== module.href) found.add(url.href);
      if (isFolder && depth < maxDepth && !isLeft(name, url)) look(url, depth + 1);
    }
  };
  look(new URL(".", module), 0);
  look(new URL(".", base), 0);
  return [...found].map((href) => new URL(href));
}

function entriesOf(folder: URL): { readonly name: string; readonly isFolder: boolean }[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    return [];
  }
}

/** Whether a folder holds code of others. */
function isLeft(name: string, folder: URL): boolean {
  return /^[._]|^(node_modules|site-packages|renv)$/.test(name) || existsSync(new URL("pyvenv.cfg", folder));
}
