import { constants } from "node:fs";
import { copyFile, lstat, mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LaunchpadError } from "../../src/internal.ts";
import { isCode } from "../io/atomic-write.ts";
import { unavailable } from "../io/files.ts";

/** What a file becomes: a text, or a copy of another file. */
export type Content = string | { readonly copyOf: URL };

/**
 * Writes the files of a project: all of them, or none.
 *
 * @param folder The path of the project's folder, which is created if it is not there.
 * @param files What to write, by path in the folder; no path has a folder.
 *
 * @throws USAGE when one of the files is there already; DATA_UNAVAILABLE when one cannot be written.
 */
export async function writeProject(folder: string, files: Readonly<Record<string, Content>>): Promise<void> {
  const names = Object.keys(files);
  const there = await Promise.all(names.map((name) => isThere(join(folder, name))));
  const taken = names.filter((_, i) => there[i]);
  if (taken.length > 0) throw exist(folder, taken);
  const written: string[] = [];
  let path = folder;
  let made: string | undefined;
  try {
    made = await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      path = join(folder, name);
      // Even one that turned up a moment ago is not overwritten.
      if (typeof content === "string") await writeFile(path, content, { flag: "wx" });
      else await copyFile(content.copyOf, path, constants.COPYFILE_EXCL);
      written.push(path);
    }
  } catch (cause) {
    // A part of it may be there.
    if (path !== folder && !isCode(cause, "EEXIST")) await rm(path, { force: true }).catch(() => {});
    for (const file of written) await rm(file, { force: true });
    if (made !== undefined) await removeFolders(folder, made);
    throw isCode(cause, "EEXIST") && path !== folder
      ? exist(folder, [path])
      : unavailable("written", pathToFileURL(path), cause);
  }
}

function exist(folder: string, names: readonly string[]): LaunchpadError {
  const are = names.length === 1 ? "is" : "are";
  return new LaunchpadError(
    "USAGE",
    `${folder}: ${names.join(", ")} ${are} there already, and nothing is overwritten. Nothing was written: name another folder, as in launchpad init my-model`,
  );
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

/** From the innermost up to the first that was made; one in which somebody put something stays. */
async function removeFolders(folder: string, first: string): Promise<void> {
  for (let at = resolve(folder); at.length >= resolve(first).length; at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return;
    }
  }
}
