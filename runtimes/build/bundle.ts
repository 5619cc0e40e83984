import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions, Metafile, Plugin } from "esbuild";
import { localImports } from "../modules/paths-plugin.ts";
import { createFilesBeside, type FilesBeside, filesBeside } from "./beside/files-beside.ts";
import { bundleError, checkTarget, nodeModules } from "./check-target.ts";
import {
  combinedText,
  type EntryParts,
  embeddedPrefix,
  entryText,
  modelSource,
  projectPrefix,
  projectText,
  type SharedParts,
} from "./entry.ts";
import { launchpadPlugin, type Needs, sources } from "./launchpad-plugin.ts";
import { moduleField } from "./module-field.ts";
import { pageFiles } from "./page-files.ts";
import { targets } from "./targets.ts";
import { withoutTraining } from "./without-training.ts";

/** Project that is in a package. */
export interface BundledProject extends Omit<EntryParts, "embedded"> {
  readonly files: ReadonlyMap<string, Uint8Array> | undefined;
  readonly needs: Needs;
}

/** What a package is bundled from. */
export interface BundleParts {
  readonly projects: readonly [BundledProject, ...BundledProject[]];
  /** What several projects share; undefined for a package of one. */
  readonly shared: SharedParts | undefined;
  /** Packages that are installed where the package runs. */
  readonly external: readonly string[];
}

/** A package in one file. */
export interface Bundle {
  readonly code: Uint8Array;
  readonly metafile: Metafile;
  /** Whether the model's `train` and `test` were recognised and left out. */
  readonly trainingRemoved: boolean;
  /** Files that go with it, by their paths from its folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Modules that ask where they are, and name nothing that is there. */
  readonly silent: readonly string[];
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
  const { projects, shared, external } = parts;
  const [first] = projects;
  const { target } = first;
  const { isServer, conditions } = targets[target];
  const folder = fileURLToPath(new URL(".", first.model.url));
  // Named exports are not imported in the first place.
  const kept = new Set(
    projects
      .filter(({ model }) => model.isDefault && model.source === undefined)
      .map(({ model }) => fileURLToPath(model.url)),
  );
  const entries = projects.map((project) => ({ ...project, embedded: project.files && [...project.files.keys()] }));
  const needs: readonly [Needs, ...Needs[]] = [
    first.needs,
    ...projects.slice(1).map((project) => project.needs),
    ...(shared ? [shared.needs] : []),
  ];
  const beside = createFilesBeside(target);
  const isOurs = (file: string) => file.startsWith(fileURLToPath(sources));
  const options: BuildOptions & { write: false; metafile: true } = {
    stdin: {
      contents: shared ? combinedText(entries, shared) : entries.map((entry) => entryText(entry)).join(""),
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
      localImports((file) => !isOurs(file)),
      nodeModules(target),
      moduleField(),
      pageFiles(),
      embeddedFiles(projects.map(({ files }) => files)),
      sourceModule(projects.map(({ model }) => model.source)),
      ...(shared ? [projectModules(entries)] : []),
      modelModule(new Set(kept), (path) => kept.delete(path), beside),
      filesBeside(beside, isOurs),
    ],
  };
  const { outputFiles, metafile } = await built(options).catch((cause: unknown) => {
    throw bundleError(cause, folder);
  });
  const [output] = outputFiles;
  if (output === undefined) throw bundleError("esbuild wrote nothing");
  const pathOf = (file: string) => (file.includes(":") ? file : `${folder}${file}`);
  const show = (file: string) =>
    file.startsWith("../") ? file.replace(/^.*(node_modules\/)/, "$1") : relative("", file) || file;
  await checkTarget({
    target,
    metafile,
    code: output.text,
    read: (file) => (file.includes(":") || file.startsWith("<") ? Promise.resolve("") : readFile(pathOf(file), "utf8")),
    show,
  });
  const found = await beside.read(output.text, (file) => show(relative("", file)));
  const contents = withLines(output.contents, beside.linesFor(output.text));
  return {
    code: isServer ? withRequire(contents, metafile) : contents,
    metafile,
    ...found,
    trainingRemoved: kept.size === 0,
  };
}

const requireLine =
  'import { createRequire as launchpadRequire } from "node:module"; const require = launchpadRequire(import.meta.url);\n';

function withLines(code: Uint8Array, lines: string): Uint8Array {
  return lines === "" ? code : Buffer.concat([Buffer.from(lines), code]);
}

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
function embeddedFiles(files: readonly (ReadonlyMap<string, Uint8Array> | undefined)[]): Plugin {
  return {
    name: "embedded",
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${embeddedPrefix}`) }, ({ path }) => ({
        path: path.slice(embeddedPrefix.length),
        namespace: embeddedPrefix.slice(0, -1),
      }));
      build.onLoad({ filter: /.*/, namespace: embeddedPrefix.slice(0, -1) }, ({ path }) => {
        const [, index = "", key = ""] = /^(\d+)\/(.*)$/s.exec(path) ?? [];
        const contents = files[Number(index)]?.get(key) ?? new Uint8Array();
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

/** Brings the modules that stand for models whose files are none. */
function sourceModule(sources: readonly (string | undefined)[]): Plugin {
  const namespace = modelSource.slice(0, -1);
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${modelSource}\\d+$`) }, ({ path }) => ({ path, namespace }));
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
        contents: sources[Number(path.slice(modelSource.length))] ?? "",
        loader: "ts",
      }));
    },
  };
}

/** Brings a module for each project, as if it stood beside its model. */
function projectModules(entries: readonly EntryParts[]): Plugin {
  const namespace = projectPrefix.slice(0, -1);
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${projectPrefix}\\d+$`) }, ({ path }) => ({ path, namespace }));
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => {
        const index = Number(path.slice(projectPrefix.length));
        const entry = entries[index];
        if (entry === undefined) return undefined;
        return { contents: projectText(entry, index), resolveDir: fileURLToPath(new URL(".", entry.model.url)) };
      });
    },
  };
}

/** Takes what trains and tests out of the models' modules. */
function modelModule(paths: ReadonlySet<string>, onRemoved: (path: string) => void, { rewrite }: FilesBeside): Plugin {
  return {
    name: "model",
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: "file" }, async (args) => {
        const { path } = args;
        if (!paths.has(path)) return undefined;
        const source = await readFile(path, "utf8");
        const { code: plain } = await build.esbuild
          .transform(source, { loader: /\.[cm]?ts$/.test(path) ? "ts" : "js", target: "esnext", sourcefile: path })
          .catch((cause: unknown) => {
            throw bundleError(cause);
          });
        const { code, removed } = await withoutTraining(plain);
        if (removed) onRemoved(path);
        return { contents: await rewrite(path, code), loader: "js" };
      });
    },
  };
}
