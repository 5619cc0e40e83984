import { readFile } from "node:fs/promises";
import { LaunchpadError } from "../../src/internal.ts";

/** Not written where it is used: bundlers would take the folders for files to bundle. */
const here = import.meta.url;

/** The sources have templates here, so that they are checked like any code; the build puts them beside what it builds. */
const folders = [new URL("templates/", here), new URL("init/", here)];

/**
 * Reads a file of a template.
 *
 * @param path Where it is among the templates, `tabular/model.ts`.
 *
 * @returns Its text.
 */
export async function templateFile(path: string): Promise<string> {
  let cause: unknown;
  for (const folder of folders) {
    try {
      return await readFile(new URL(path, folder), "utf8");
    } catch (error) {
      cause = error;
    }
  }
  throw new LaunchpadError("INTERNAL", `the file ${path} of a template is missing`, { cause });
}

/**
 * Reads files of a template, by their names in a project.
 *
 * @param folder The folder of the template.
 * @param names Their names.
 *
 * @returns The text of each by its name.
 */
export async function templateFiles(folder: string, names: readonly string[]): Promise<Record<string, string>> {
  const texts = await Promise.all(names.map((name) => templateFile(`${folder}/${name}`)));
  return Object.fromEntries(names.map((name, at) => [name, texts[at] ?? ""]));
}
