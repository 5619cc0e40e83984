import { pathToFileURL } from "node:url";
import { resolveModulePath } from "exsolve";

/**
 * Imports a package that may be installed.
 *
 * @param name Its name.
 * @param from The file beside which, or above which, it is installed.
 *
 * @returns What it exports; undefined if it is not there.
 */
export async function importPackage(name: string, from: URL): Promise<object | undefined> {
  const path = resolveModulePath(name, { from, try: true, conditions: ["node", "import"] });
  return path === undefined ? undefined : import(pathToFileURL(path).href);
}
