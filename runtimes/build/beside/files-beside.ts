import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import type { Plugin } from "esbuild";
import { LaunchpadError } from "../../../src/internal.ts";
import { type Target, targets } from "../targets.ts";
import { type Kind, namedFiles, parsed, placesIn } from "./asked-places.ts";

/** Name that stands for the folder of the package, where a module of the older kind asks for its own. */
const folderName = "launchpadFolder";

/** Line that gives it. */
const folderLine = `const ${folderName} = import.meta.dirname;\n`;

/** Folder in a package that stands for that of a module, by the module's number. */
const standIn = (index: number) => `launchpad-files-${index}`;

const maxFiles = 1000;
const maxBytes = 100_000_000;

/** What nobody puts into a package on purpose. */
const privateName = /^\.|\.(key|pem|p12|pfx|jks)$|^id_(rsa|ed25519|ecdsa|dsa)$/i;

/** Module that asks where it is. */
interface AskingModule {
  readonly path: string;
  readonly index: number;
  /** How many folders above its own it names. */
  readonly depth: number;
  /** What it names that is there, relative to its folder. */
  readonly named: readonly string[];
}

/** Files that go with a package. */
export interface FilesBeside {
  /**
   * Has a module find files where the package has them, instead of where they are now.
   *
   * @param path Its file.
   * @param code JavaScript.
   *
   * @returns The code; that which was given, if it does not ask where it is.
   */
  rewrite(path: string, code: string): Promise<string>;
  /** What the package needs before its code. */
  linesFor(code: string): string;
  /**
   * Reads what the code of a package names.
   *
   * @param code The code.
   * @param show How a file is called in messages.
   *
   * @returns Bytes by where they are in the package, and modules that ask where they are and name nothing that is there.
   *
   * @throws MODULE_INVALID for what is private, too much, or cannot be there on the target.
   */
  read(
    code: string,
    show: (path: string) => string,
  ): Promise<{ readonly files: ReadonlyMap<string, Uint8Array>; readonly silent: readonly string[] }>;
}

/**
 * Creates the collection of files that modules find beside themselves: by `import.meta.url`, `import.meta.dirname` or
 * `__dirname`, and a name that stands in their code as it is.
 *
 * @param target Where the package runs.
 *
 * @returns The collection.
 */
export function createFilesBeside(target: Target): FilesBeside {
  const asking = new Map<string, AskingModule>();
  return {
    async rewrite(path, code) {
      if (!/import\.meta|__dirname|__filename/.test(code)) return code;
      const program = await parsed(code);
      if (program === undefined) return code;
      const places = placesIn(program);
      if (places.length === 0) return code;
      const named = await namedFiles(program, dirname(path));
      // A package without names has nothing to find; where there are no files, it has another way, and may not know where it is.
      const isOwn = !path.includes(`${sep}node_modules${sep}`);
      if (named.length === 0 && (!isOwn || !targets[target].isServer)) return code;
      if (target === "cloudflare" && !isOwn) return code;
      const depth = Math.max(0, ...named.map((name) => name.split("/").filter((part) => part === "..").length));
      const index = asking.get(path)?.index ?? asking.size;
      asking.set(path, { path, index, depth, named });
      const folder = [standIn(index), ...Array<string>(depth).fill("_")].join("/");
      const file = `${folder}/${basename(path)}`;
      let end = code.length;
      let rewritten = "";
      for (const { node, kind } of places.toReversed()) {
        rewritten = textFor(kind, folder, file) + code.slice(node.end, end) + rewritten;
        end = node.start;
      }
      return code.slice(0, end) + rewritten;
    },
    linesFor: (code) => (code.includes(folderName) ? folderLine : ""),
    async read(code, show) {
      const files = new Map<string, Uint8Array>();
      const silent: string[] = [];
      for (const module of asking.values()) {
        if (!new RegExp(`${standIn(module.index)}(?!\\d)`).test(code)) continue;
        const { path, named, depth, index } = module;
        const isOwn = !path.includes(`${sep}node_modules${sep}`);
        if (named.length === 0 && isOwn) silent.push(show(path));
        if (target === "cloudflare") {
          throw new LaunchpadError(
            "MODULE_INVALID",
            `${show(path)} reads ${named.join(", ")} beside it: Workers have no files. Import what is JSON or code, make it part of the ` +
              "model's contents, name it as a data source, or build for node, deno or bun",
          );
        }
        for (const name of named) {
          for (const [inside, bytes] of await contentsOf(resolve(dirname(path), name), name, show)) {
            const up = Array<string>(depth).fill("_");
            const parts = [...up, ...name.split("/"), ...inside.split("/")].filter(
              (part) => part !== "" && part !== ".",
            );
            const place: string[] = [standIn(index)];
            for (const part of parts) {
              if (part === "..") place.pop();
              else place.push(part);
            }
            files.set(place.join("/"), bytes);
          }
        }
      }
      const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
      if (files.size > maxFiles || total > maxBytes) {
        throw new LaunchpadError(
          "MODULE_INVALID",
          `modules find ${files.size} files of ${total} bytes beside themselves, expected at most ${maxFiles} and ${maxBytes}. Make them data sources`,
        );
      }
      return { files, silent };
    },
  };
}

/**
 * Creates the plugin of esbuild that rewrites the modules of packages and of the project.
 *
 * @param beside The collection.
 * @param isOurs Whether a file is Launchpad's own.
 *
 * @returns The plugin.
 */
export function filesBeside(beside: FilesBeside, isOurs: (path: string) => boolean): Plugin {
  return {
    name: "files-beside",
    setup(build) {
      build.onResolve({ filter: /\.wasm(\?.*)?$/ }, ({ path, importer }) => ({
        errors: [
          {
            text:
              `${relative("", importer)} imports ${path}: runtimes do not agree on what that is. Read its bytes: ` +
              `readFileSync(new URL("${path.replace(/\?.*/, "")}", import.meta.url)), and compile them by WebAssembly.compile`,
          },
        ],
      }));
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, async ({ path }) => {
        if (isOurs(path)) return undefined;
        const source = await readFile(path, "utf8");
        if (!/import\.meta|__dirname|__filename/.test(source)) return undefined;
        const ending = extname(path).replace(/^\.[cm]/, ".");
        const loader = ending === ".tsx" ? "tsx" : ending === ".jsx" ? "jsx" : ending === ".ts" ? "ts" : "js";
        const plain =
          loader === "js"
            ? source
            : (await build.esbuild.transform(source, { loader, target: "esnext", sourcefile: path })).code;
        const code = await beside.rewrite(path, plain);
        return code === plain ? undefined : { contents: code, loader: "js", resolveDir: dirname(path) };
      });
    },
  };
}

function textFor(kind: Kind, folder: string, file: string): string {
  if (kind === "url") return `new URL("${file}", import.meta.url).href`;
  const path = kind.endsWith("dirname") ? folder : file;
  return kind.startsWith("__") ? `(${folderName} + "/${path}")` : `(import.meta.dirname + "/${path}")`;
}

/** The files that are a file or below a folder, by their paths in it; `name` is what a module calls it. */
async function contentsOf(path: string, name: string, show: (path: string) => string): Promise<[string, Uint8Array][]> {
  // Also below a folder that is hidden: `../.aws/credentials`.
  if ([basename(path), ...name.split(/[\\/]/)].some((step) => !/^\.{0,2}$/.test(step) && privateName.test(step))) {
    throw new LaunchpadError(
      "MODULE_INVALID",
      `a module reads ${show(path)} beside it, which looks private: what is in a package can be read by whoever has it. Name a variable in the configuration (_var)`,
    );
  }
  // A link that leads nowhere is not there.
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined);
  if (entries === undefined) return [["", await readFile(path)]];
  const files: [string, Uint8Array][] = [];
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    const inside = relative(path, file).split(sep).join("/");
    if (!entry.isFile() || /(^|\/)(\.|node_modules\/)/.test(inside) || privateName.test(entry.name)) continue;
    if (files.length >= maxFiles) break;
    files.push([inside, await readFile(file)]);
  }
  return files;
}
