import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import { localImports } from "./paths-plugin.ts";

/** What esbuild reads imports in, or takes as it is. */
const readable = /\.([cm]?[jt]s|[jt]sx|json)$/;

/**
 * Finds the files that a module imports by relative paths, statically or as `import("./literal")`, and what these import.
 *
 * @param module The `file:` URL of the module.
 *
 * @returns The URLs of the files, the module's own among them; undefined when they cannot all be known.
 */
export async function localModules(module: URL): Promise<URL[] | undefined> {
  return (await importedFiles(module)).modules;
}

/**
 * Finds the files that a module imports, as far as they can be known: also one with a mistake in it, and one that is not
 * there.
 *
 * @param module The `file:` URL of the module.
 *
 * @returns The URLs of the files; and of the modules alone, unless one has a mistake in it.
 */
export async function importedFiles(
  module: URL,
): Promise<{ readonly files: readonly URL[]; readonly modules: URL[] | undefined }> {
  const entry = fileURLToPath(module);
  const folder = dirname(entry);
  const seen = new Set([entry]);
  const files = () => Array.from(seen, (path) => pathToFileURL(path));
  try {
    const { build } = await import("esbuild");
    const { metafile } = await build({
      entryPoints: [entry],
      absWorkingDir: folder,
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "node",
      packages: "external",
      // Not the user's, of which only the `paths` count. An import that only types are taken from counts unless it says
      // so, because Node loads it.
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      // What is never used is still a part of the code.
      treeShaking: false,
      logLevel: "silent",
      plugins: [
        localImports(
          () => true,
          (path) => seen.add(path),
        ),
        tolerant((path) => seen.add(path)),
      ],
    });
    // An import with attributes is listed by itself.
    const paths = new Set(Object.keys(metafile.inputs).map((path) => path.replace(/ with \{.*\}$/, "")));
    const modules = Array.from(paths, (path) => pathToFileURL(resolve(folder, path)));
    return { files: files(), modules };
  } catch {
    return { files: files(), modules: undefined };
  }
}

/** Takes files that are not code (`.wasm`, `.txt`) as they are, and leaves out what is imported but not there. */
const tolerant = (onFile: (path: string) => void): Plugin => ({
  name: "tolerant",
  setup(build) {
    const ours = {};
    build.onResolve({ filter: /^\.\.?(\/|$)/ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === ours || options.kind === "entry-point") return undefined;
      const { importer, namespace, resolveDir, kind } = options;
      const found = await build.resolve(path, { importer, namespace, resolveDir, kind, pluginData: ours });
      onFile(found.errors.length > 0 ? resolve(resolveDir, path) : found.path);
      return found.errors.length > 0 ? { path, external: true } : { path: found.path, namespace: found.namespace };
    });
    build.onLoad({ filter: /.*/, namespace: "file" }, ({ path }) =>
      readable.test(path) ? undefined : { contents: "", loader: "empty" },
    );
  },
});

/**
 * Creates the digest of files: the SHA-256 of the UTF-8 JSON list of `[path, SHA-256 of the content]`, sorted by path.
 *
 * @param module The module, to whose folder the paths are relative.
 * @param files The files.
 *
 * @returns The digest and the paths, with slashes on every system; undefined when one of the files cannot be read.
 */
export async function digestOf(
  module: URL,
  files: readonly URL[],
): Promise<{ readonly sha256: string; readonly files: readonly string[] } | undefined> {
  const folder = dirname(fileURLToPath(module));
  try {
    const pairs = await Promise.all(
      files.map(async (url) => {
        const path = relative(folder, fileURLToPath(url)).split(sep).join("/");
        return [path, sha256(await readFile(url))] as const;
      }),
    );
    pairs.sort(([a], [b]) => (a < b ? -1 : 1));
    return { sha256: sha256(JSON.stringify(pairs)), files: pairs.map(([path]) => path) };
  } catch {
    return undefined;
  }
}

function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}
