import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeProjectFile } from "../../io/files.ts";

/**
 * Writes the files that go with a package, in the place of those of one that was there before.
 *
 * @param folder The folder of the package, which is there.
 * @param files Bytes by their paths in it.
 */
export async function writeFilesBeside(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^launchpad-files-\d+$/.test(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
  for (const [name, bytes] of files) await writeProjectFile(join(folder, name), bytes);
}

/** More names are more than anybody reads. */
const maxNames = 10;

/**
 * Creates what whoever builds should know of files beside modules.
 *
 * @param files What goes with the package.
 * @param silent Modules that ask where they are, and name nothing that is there.
 *
 * @returns A line for each.
 */
export function notesOfFiles(files: ReadonlyMap<string, Uint8Array>, silent: readonly string[]): string[] {
  const names = [...files.keys()];
  const shown =
    names.slice(0, maxNames).join(", ") + (names.length > maxNames ? ` and ${names.length - maxNames} more` : "");
  return [
    ...(names.length > 0 ? [`${shown} go with it: its modules find them beside themselves.`] : []),
    ...silent.map(
      (module) =>
        `${module} asks where it is and names nothing that lies there: what it reads is not in the package. Write the name of the file as a ` +
        'text in the same module: new URL("./weights.json", import.meta.url).',
    ),
  ];
}
