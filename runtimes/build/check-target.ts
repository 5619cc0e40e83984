import { builtinModules } from "node:module";
import { basename, join, resolve } from "node:path";
import type { Metafile, Plugin } from "esbuild";
import { LaunchpadError } from "../../src/internal.ts";
import { adviceFor } from "../modules/missing-import.ts";
import { isAsked, resolveAlias } from "./resolve-alias.ts";
import { type Target, targets } from "./targets.ts";

const builtIn = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

/** What to use instead of a module of Node. */
const instead: Readonly<Record<string, string>> = {
  fs: "a data source of the configuration, or contents of the model",
  "fs/promises": "a data source of the configuration, or contents of the model",
  path: "plain text, or URL",
  url: "URL, which is global",
  crypto: "crypto, which is global (Web Crypto)",
  buffer: "Uint8Array, TextEncoder and TextDecoder",
  stream: "ReadableStream and its like, which are global",
  http: "fetch",
  https: "fetch",
  process: "the configuration: model keys, and _var for secrets",
  perf_hooks: "performance, which is global",
  util: "what the language has; TextEncoder and structuredClone are global",
};

const native = "a package that is JavaScript or WebAssembly only";

/**
 * Creates the plugin of esbuild that keeps modules of Node as imports, where the target has none: after tree shaking, those
 * that are left are refused.
 *
 * @param target Where the package runs.
 *
 * @returns The plugin.
 */
export function nodeModules(target: Target): Plugin {
  return {
    name: "node-modules",
    setup(build) {
      build.onResolve({ filter: /\.node$/ }, ({ path }) => ({ path, external: true }));
      if (targets[target].isServer) return;
      build.onResolve({ filter: /^[a-z]/ }, async (args) => {
        const { path } = args;
        if (isAsked(args) || !builtIn.has(path)) return undefined;
        if (!path.startsWith("node:")) {
          // A package may bring its own, or say that browsers need none.
          const found = await resolveAlias(build, args);
          if (found.errors.length === 0 && !found.external) return undefined;
        }
        return { path: path.startsWith("node:") ? path : `node:${path}`, external: true, sideEffects: false };
      });
    },
  };
}

/** What a package is made of, for whoever looks for what cannot run. */
export interface Bundled {
  readonly target: Target;
  readonly metafile: Metafile;
  /** The code of the package. */
  readonly code: string;
  /** Reads a file by its name in the metafile. */
  read(file: string): Promise<string>;
  /** How a file is called in messages. */
  show(file: string): string;
}

/**
 * Refuses a package that cannot run on its target.
 *
 * @param bundled The package.
 *
 * @throws MODULE_INVALID with the imports that lead to what cannot run, and what to use instead.
 */
export async function checkTarget(bundled: Bundled): Promise<void> {
  const { target, metafile } = bundled;
  const problems: string[] = [];
  for (const output of Object.values(metafile.outputs)) {
    for (const { path } of output.imports) {
      const name = path.replace(/^node:/, "");
      if (path.endsWith(".node")) {
        problems.push(
          `${chainTo(bundled, path)} is a native module, which no single file can hold. ` +
            (targets[target].isServer
              ? "Leave its package out, and install it where the package runs: --external PACKAGE"
              : `Use ${native}, or build for node, deno or bun`),
        );
      } else if (!targets[target].isServer && builtIn.has(path)) {
        const advice = instead[name] ?? "what Web standards have";
        problems.push(
          `${chainTo(bundled, path)} is a module of Node, which ${target} does not have. Use ${advice}, or build for node, deno or bun`,
        );
      }
    }
  }
  if (!targets[target].isServer) problems.push(...(await evaluations(bundled)));
  if (problems.length > 0) throw new LaunchpadError("MODULE_INVALID", [...new Set(problems)].join("\n"));
}

/** Code that makes code of text, which Workers and strict pages refuse. */
async function evaluations(bundled: Bundled): Promise<string[]> {
  if (!evaluates(await parsed(bundled.code))) return [];
  const inputs = Object.values(bundled.metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  for (const [file, { bytesInOutput }] of inputs) {
    if (bytesInOutput === 0 || !/\beval\b|\bFunction\b/.test(await bundled.read(file))) continue;
    const { transform } = await import("esbuild");
    const loader = /\.[cm]?tsx?$/.test(file) ? "tsx" : "jsx";
    const found = await transform(await bundled.read(file), { loader: file.endsWith(".ts") ? "ts" : loader })
      .then(({ code }) => parsed(code))
      .catch(() => undefined);
    if (found !== undefined && evaluates(found)) {
      return [
        `${chainTo(bundled, file)} makes code of text (eval or new Function), which ${bundled.target} refuses to run. ` +
          "Use a package that does not, or build for node, deno or bun",
      ];
    }
  }
  return [`the package makes code of text (eval or new Function), which ${bundled.target} refuses to run`];
}

async function parsed(code: string): Promise<unknown> {
  const { parse } = await import("acorn");
  return parse(code, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true });
}

function evaluates(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(evaluates);
  if (typeof node !== "object" || node === null) return false;
  const {
    type,
    callee,
    arguments: args,
  } = node as { type?: string; callee?: { name?: string }; arguments?: unknown[] };
  if (type === "CallExpression" && callee?.name === "eval") return true;
  if ((type === "NewExpression" || type === "CallExpression") && callee?.name === "Function") {
    // An old way to the global object, which is tried after the others and may fail.
    const [only] = args as { value?: unknown }[];
    if (args?.length !== 1 || only?.value !== "return this") return true;
  }
  return Object.values(node).some(evaluates);
}

/** The shortest way of imports from the entry: `model.ts -> helper.ts -> node:fs`. */
function chainTo({ metafile, show }: Bundled, sought: string): string {
  const entry = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint)?.entryPoint ?? "";
  const included = new Set(
    Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    ),
  );
  const chain = search(metafile, entry, sought, (file) => included.has(file)) ?? search(metafile, entry, sought);
  return (chain?.slice(1) ?? [sought]).map(show).join(" -> ");
}

function search(
  { inputs }: Metafile,
  entry: string,
  sought: string,
  isIncluded: (file: string) => boolean = () => true,
): string[] | undefined {
  const ways: string[][] = [[entry]];
  const seen = new Set([entry]);
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const { path } of inputs[way.at(-1) ?? ""]?.imports ?? []) {
      if (path === sought) return [...way, path];
      if (seen.has(path) || !isIncluded(path)) continue;
      seen.add(path);
      ways.push([...way, path]);
    }
  }
  return undefined;
}

/**
 * Creates the error of a bundler that could not do its work.
 *
 * @param cause What esbuild threw.
 * @param folder The folder that its files are relative to.
 *
 * @returns MODULE_INVALID with every mistake and its place.
 */
export function bundleError(cause: unknown, folder = "."): LaunchpadError {
  const { errors = [] } = cause as { errors?: { text: string; location?: { file: string; line: number } | null }[] };
  const lines = errors.map(({ text, location }) => {
    const missing = /Could not resolve "([^"]+)"/.exec(text)?.[1];
    const advice =
      missing === undefined ? "" : adviceFor(missing, join(resolve(folder), location?.file ?? "model")).trim();
    return `${location ? `${location.file} line ${location.line}: ` : ""}${text}${advice && `. ${advice}`}`;
  });
  if (lines.length === 0 && "Deno" in globalThis) {
    return new LaunchpadError(
      "MODULE_INVALID",
      "esbuild cannot be started, which bundles. Run Deno with --ignore-env and --allow-run=node_modules/@esbuild/PLATFORM/bin/esbuild, or with -A",
      { cause },
    );
  }
  const message = lines.length > 0 ? lines.join("\n") : `cannot be bundled: ${basename(String(cause))}`;
  return new LaunchpadError("MODULE_INVALID", message, { cause });
}
