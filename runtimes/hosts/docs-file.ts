import { readFile } from "node:fs/promises";

/** Not written where it is used: bundlers would take the folders for files to bundle. */
const here = import.meta.url;

/**
 * Where the files of the documentation page are: the build puts all of them beside what it builds; the sources have their
 * own here, and Swagger UI's among the development dependencies.
 */
const folders = [
  new URL("docs/", here),
  new URL("../pages/docs/", here),
  new URL("../../node_modules/swagger-ui-dist/", here),
];

/**
 * Reads a file of the documentation page.
 *
 * @param name The name of the file, `index.html`.
 *
 * @returns Its bytes; undefined if it is not there, as after bundling, or may not be read.
 */
export async function docsFile(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (const folder of folders) {
    try {
      return new Uint8Array(await readFile(new URL(name, folder)));
    } catch {
      // Then in the next.
    }
  }
  return undefined;
}
