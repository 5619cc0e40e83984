import { basename, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { LaunchpadError } from "../../src/internal.ts";
import type { Answers } from "./answers.ts";
import { commonFiles } from "./common-files.ts";
import { type Content, writeProject } from "./write-project.ts";

/**
 * Creates a project. Data from outside of its folder is copied into it, so that the folder is all there is to it.
 *
 * @param folder The folder.
 * @param answers What to make.
 *
 * @returns The names of the files that were written.
 *
 * @throws USAGE when a file is there already, DATA_UNAVAILABLE when one cannot be written; nothing was written then.
 */
export async function createProject(
  folder: string,
  { name, runtime, language, template, data }: Answers,
): Promise<string[]> {
  const inside = data && pathInside(folder, data.url);
  const table = data && { ...data, path: inside ?? basename(fileURLToPath(data.url)) };
  const own = await template.files({ name, runtime, language, table });
  const common = commonFiles({ name, runtime, language, table, files: Object.keys(own), platform: template.platform });
  if (table && inside === undefined && (table.path in own || table.path in common)) {
    throw new LaunchpadError("USAGE", `--data: the project has a file ${table.path} of its own. Rename the data file.`);
  }
  const copied: Record<string, Content> = table && inside === undefined ? { [table.path]: { copyOf: table.url } } : {};
  const files = { ...own, ...common, ...copied };
  await writeProject(folder, files);
  return Object.keys(files);
}

/** Where a file is in a folder, with slashes on every system; undefined if it is not there. */
function pathInside(folder: string, url: URL): string | undefined {
  const path = relative(resolve(folder), fileURLToPath(url));
  const steps = path.split(sep);
  // On Windows, what is on another drive has no path from here.
  return steps[0] === ".." || resolve(path) === path ? undefined : steps.join("/");
}
