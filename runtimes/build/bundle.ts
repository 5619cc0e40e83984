import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions, Metafile, Plugin } from "esbuild";
import { localImports } from "../modules/paths-plugin.ts";
import { bundleError, checkTarget, nodeModules } from "./check-target.ts";
import { type EntryParts, embeddedPrefix, entryText, modelSource } from "./entry.ts";
import { launchpadPlugin, type Needs, sources } from "./launchpad-plugin.ts";
import { moduleField } from "./module-field.ts";
import { targets } from "./targets.ts";
import { withoutTraining } from "./without-training.ts";

/** What a package is bundled from. */
export interface BundleParts extends Omit<EntryParts, "embedded"> {
  readonly files: ReadonlyMap<string, Uint8Array> | undefined;
  readonly needs: Needs;
  /** Packages that are installed where the package runs. */
  readonly external: readonly string[];
}

/** A package in one file. */
export interface Bundle {
  readonly code: Uint8Array;
  readonly metafile: Metafile;
  /** Whether the model's `train` and `test` were recognised and left out. */
  readonly trainingRemoved: boolean;
}

/**
 * Bundles a package into one module.
 *
 * @param parts What it is made of.
 *
 * @returns The module.
 *
 * @throws MODULE_INVALID for what cannot be bundled, and for what cannot run on the target.
 */
export async function bundle(parts: BundleParts): Promise<Bundle> {
  const { target, model, files, needs, external } = parts;
  const { isServer, conditions } = targets[target];
  const folder = fileURLToPath(new URL(".", model.url));
  // Named exports are not imported in the first place.
  const state = { trainingRemoved: !model.isDefault || model.source !== undefined };
  const options: BuildOptions & { write: false; metafile: true } = {
    stdin: {
      contents: entryText({ ...parts, embedded: files && [...files.keys()] }),
      resolveDir: folder,
      loader: "js",
    },
    absWorkingDir: folder,
    outfile: "index.mjs",
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    legalComments: "none",
    format: "esm",
    target: "es2022",
    platform: isServer ? "node" : "browser",
    conditions: [...conditions, "module", "import"],
    mainFields: isServer ? ["module", "main"] : ["browser", "module", "main"],
    external: [...external],
    // Not the user's, of which only the `paths` count.
    tsconfigRaw: {},
    logLevel: "silent",
    plugins: [
      launchpadPlugin(needs),
      localImports((file) => !file.startsWith(fileURLToPath(sources))),
      nodeModules(target),
      moduleField(),
      embeddedFiles(files ?? new Map()),
      sourceModule(model.source),
      modelModule(fileURLToPath(model.url), (removed) => {
        state.trainingRemoved ||= removed;
      }),
    ],
  };
  const { outputFiles, metafile } = await built(options).catch((cause: unknown) => {
    throw bundleError(cause, folder);
  });
  const [output] = outputFiles;
  if (output === undefined) throw bundleError("esbuild wrote nothing");
  const pathOf = (file: string) => (file.includes(":") ? file : `${folder}${file}`);
  await checkTarget({
    target,
    metafile,
    code: output.text,
    read: (file) => (file.includes(":") || file.startsWith("<") ? Promise.resolve("") : readFile(pathOf(file), "utf8")),
    show: (file) => (file.startsWith("../") ? file.replace(/^.*(node_modules\/)/, "$1") : relative("", file) || file),
  });
  return { code: isServer ? withRequire(output.contents, metafile) : output.contents, metafile, ...state };
}

const requireLine =
  'import { createRequire as launchpadRequire } from "node:module"; const require = launchpadRequire(import.meta.url);\n';

/** What packages of the older kind require is there, too, if there are any. */
function withRequire(code: Uint8Array, { outputs }: Metafile): Uint8Array {
  const requires = Object.values(outputs).some(({ imports }) => imports.some(({ kind }) => kind === "require-call"));
  return requires ? Buffer.concat([Buffer.from(requireLine), code]) : code;
}

/** Begins with loading esbuild, which fails on Deno without permissions. */
async function built(options: BuildOptions & { write: false; metafile: true }) {
  const { build } = await import("esbuild");
  return build(options);
}

/** Brings the bytes of the model store into the bundle. */
function embeddedFiles(files: ReadonlyMap<string, Uint8Array>): Plugin {
  return {
    name: "embedded",
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${embeddedPrefix}`) }, ({ path }) => ({
        path: path.slice(embeddedPrefix.length),
        namespace: embeddedPrefix.slice(0, -1),
      }));
      build.onLoad({ filter: /.*/, namespace: embeddedPrefix.slice(0, -1) }, ({ path }) => {
        const contents = files.get(path) ?? new Uint8Array();
        return { contents, loader: isText(contents) ? "text" : "binary" };
      });
    },
  };
}

/** Whether bytes are a text that becomes the same bytes again. */
function isText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return !text.startsWith("\ufeff");
  } catch {
    return false;
  }
}

/** Brings the module that stands for a model whose file is none. */
function sourceModule(source: string | undefined): Plugin {
  const namespace = modelSource.slice(0, -1);
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${modelSource}$`) }, ({ path }) => ({ path, namespace }));
      build.onLoad({ filter: /.*/, namespace }, () => ({ contents: source ?? "", loader: "ts" }));
    },
  };
}

/** Takes what trains and tests out of the model's module. */
function modelModule(path: string, onModule: (removed: boolean) => void): Plugin {
  return {
    name: "model",
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: "file" }, async (args) => {
        if (args.path !== path) return undefined;
        const source = await readFile(path, "utf8");
        const { code: plain } = await build.esbuild
          .transform(source, { loader: /\.[cm]?ts$/.test(path) ? "ts" : "js", target: "esnext", sourcefile: path })
          .catch((cause: unknown) => {
            throw bundleError(cause);
          });
        const { code, removed } = await withoutTraining(plain);
        onModule(removed);
        return { contents: code, loader: "js" };
      });
    },
  };
}
