import { readFile } from "node:fs/promises";

/** Not written where it is used: bundlers would take the folders for files to bundle. */
const here = import.meta.url;

/** Where the files of the pages are: the build makes them; whoever runs the sources has what was built last. */
const folders = [new URL("pages/", here), new URL("../../dist/pages/", here)];

/**
 * Reads a file of the pages for people.
 *
 * @param name The name of the file, `index.html`.
 *
 * @returns Its bytes; undefined if it is not there, as after bundling, or may not be read.
 */
export async function pageFile(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (const folder of folders) {
    try {
      return new Uint8Array(await readFile(new URL(name, folder)));
    } catch {
      // Then in the next.
    }
  }
  return undefined;
}
