import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import { findLocalImport } from "./local-imports.ts";

/**
 * Creates the plugin of esbuild that finds what imports of a project's own modules mean, as they were found when the model was
 * imported here.
 *
 * @param isOwn Whether a file is of the project.
 * @param onFile Is told what was found.
 *
 * @returns The plugin.
 */
export function localImports(isOwn: (file: string) => boolean, onFile: (path: string) => void = () => {}): Plugin {
  return {
    name: "local-imports",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, kind, namespace }) => {
        if (kind === "entry-point" || namespace !== "file" || !isOwn(importer)) return undefined;
        const found = findLocalImport(path, pathToFileURL(importer).href);
        if (found === undefined) return undefined;
        onFile(fileURLToPath(found));
        return { path: fileURLToPath(found) };
      });
    },
  };
}
