import { statSync } from "node:fs";
import { relative, sep } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { resolveModulePath } from "exsolve";
import { LaunchpadError } from "../../src/internal.ts";
import { adviceFor } from "./missing-import.ts";
import { moduleGeneration } from "./module-cache.ts";
import { isUnasked, needsTypeScript, supportLocalImports, supportTypeScript } from "./typescript.ts";
import { isTypeScript } from "./typescript-hooks.ts";

/** The endings that a module named without one may have, in this order. */
const endings = [".ts", ".mts", ".js", ".mjs"];

/** A module that was imported. */
export interface ImportedModule {
  readonly namespace: object;
  readonly url: URL;
  /** Its path, for messages. */
  readonly where: string;
}

/**
 * Imports a module that a configuration names: a file beside it, with or without its ending, or a package.
 *
 * @param specifier What the configuration says: `tree_model`, `./models/tree.ts`, `@acme/tree-model`.
 * @param base The configuration file.
 * @param key The key under which it stands, for messages: `model.module`.
 * @param onModule Is told which module it is, before it is imported.
 *
 * @returns The module's namespace.
 *
 * @throws MODULE_NOT_FOUND when there is no such file or package; MODULE_INVALID when it cannot be loaded.
 */
export async function importModule(
  specifier: string,
  base: URL,
  key: string,
  onModule?: (module: URL) => void,
): Promise<ImportedModule> {
  const url = findModule(specifier, base);
  if (url === undefined) throw moduleNotFound(specifier, base, key);
  onModule?.(url);
  return importFound(url);
}

/**
 * Finds a module of TypeScript or JavaScript: a file, with or without its ending, or a package.
 *
 * @param specifier What the configuration says.
 * @param base The configuration file.
 *
 * @returns The URL of its file; undefined if there is none.
 */
export function findModule(specifier: string, base: URL): URL | undefined {
  return (
    findFile(specifier, base, ["", ...endings, ...indexes]) ??
    findPackage(specifier, base) ??
    (isDotted(specifier) ? findFile(withFolders(specifier), base, [...endings, ...indexes]) : undefined)
  );
}

/** What a folder holds that a name may lead to. */
const indexes = endings.map((ending) => `/index${ending}`);

const isDotted = (specifier: string) => withFolders(specifier) !== specifier;

/**
 * Creates the path that a dotted name stands for: dots part folders, as in Python.
 *
 * @param specifier What a configuration says, `app.model`.
 *
 * @returns `app/model`; what is no such name as it is.
 */
export function withFolders(specifier: string): string {
  return /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(specifier) ? specifier.replaceAll(".", "/") : specifier;
}

/**
 * Imports a module that was found.
 *
 * @param url The URL of its file.
 *
 * @returns The module's namespace.
 *
 * @throws MODULE_INVALID when it cannot be loaded.
 */
export async function importFound(url: URL): Promise<ImportedModule> {
  const where = fileURLToPath(url);
  try {
    return { namespace: await importUrl(url), url, where };
  } catch (cause) {
    throw invalid(where, cause);
  }
}

async function importUrl(url: URL): Promise<object> {
  // On Node without native support, every TypeScript file on the way needs it, not only the first.
  if (needsTypeScript()) await supportTypeScript();
  supportLocalImports();
  try {
    return await import(url.href + moduleGeneration());
  } catch (error) {
    if (isUnasked(error)) {
      supportLocalImports(true);
      return import(`${url.href}${moduleGeneration() || "?"}asked`);
    }
    // Native support only strips types: enums and parameter properties need a compiler. And where package.json says
    // `"type": "commonjs"`, as `npm init` writes it, Node takes a module of TypeScript for something else. The query makes
    // it another module, because Node remembers the failure of the first.
    if (!hasCode(error, "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") && !isTakenForCommonJs(error, url)) throw error;
    await supportTypeScript();
    return import(`${url.href}${moduleGeneration() || "?"}compiled`);
  }
}

/** Deno and Bun know a module by its syntax, as does Node where package.json does not name a type. */
function isTakenForCommonJs(error: unknown, url: URL): boolean {
  if (!isTypeScript(url.href) || !(error instanceof SyntaxError)) return false;
  return /Cannot use import statement outside a module|Unexpected token 'export'/.test(error.message);
}

/**
 * Finds a file that a configuration names.
 *
 * @param specifier What the configuration says.
 * @param base The configuration file.
 * @param endings What the name may lack, in this order.
 *
 * @returns The URL of the first that there is.
 */
export function findFile(specifier: string, base: URL, endings: readonly string[]): URL | undefined {
  const path = specifier.startsWith("file:") ? new URL(specifier) : new URL(escapePath(specifier), base);
  if (path.protocol !== "file:") return undefined;
  const candidates = endings.map((ending) => new URL(`${path.href}${ending}`));
  return candidates.find(isFile);
}

/** Bun throws where a file stands in the place of a folder of the path. */
function isFile(url: URL): boolean {
  try {
    return statSync(url, { throwIfNoEntry: false })?.isFile() === true;
  } catch (error) {
    if (hasCode(error, "ENOTDIR")) return false;
    throw error;
  }
}

function findPackage(specifier: string, base: URL): URL | undefined {
  if (/^(\.|\/|file:)/.test(specifier)) return undefined;
  const path = resolveModulePath(specifier, { from: base, try: true, conditions: ["node", "import"] });
  return path === undefined ? undefined : pathToFileURL(path);
}

/** A file name may hold what a URL would read as a query, a fragment or an escape. */
function escapePath(path: string): string {
  return path.replace(/[%?#]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * Creates the error of a module that is not there.
 *
 * @param specifier What the configuration says.
 * @param base The configuration file.
 * @param key The key under which it stands.
 * @param others Endings that it may have besides those of TypeScript and JavaScript.
 *
 * @returns A MODULE_NOT_FOUND.
 */
export function moduleNotFound(
  specifier: string,
  base: URL,
  key: string,
  others: readonly string[] = [],
): LaunchpadError {
  const folder = fileURLToPath(new URL(".", base));
  const all = [...endings, ...others];
  const named = all.some((ending) => specifier.endsWith(ending));
  const looked = named ? specifier : all.map((ending) => specifier + ending).join(", ");
  const installed = /^(\.|\/|file:)/.test(specifier) ? "" : `, nor an installed package ${specifier}`;
  const here = findFile(specifier, pathToFileURL(`${process.cwd()}/`), ["", ...all]);
  const advice =
    here === undefined
      ? `Correct the name in ${fileURLToPath(base)}`
      : `There is ${fileURLToPath(here)}: names are relative to the configuration file, not to the working folder. Write ` +
        `${relativePath(here, base)} in ${fileURLToPath(base)}`;
  return new LaunchpadError(
    "MODULE_NOT_FOUND",
    `${key}: found "${specifier}", expected a module: there is no ${looked} in ${folder}${installed}. ${advice}.`,
  );
}

function relativePath(file: URL, base: URL): string {
  const path = relative(fileURLToPath(new URL(".", base)), fileURLToPath(file))
    .split(sep)
    .join("/");
  return path.startsWith(".") ? path : `./${path}`;
}

function invalid(where: string, cause: unknown): LaunchpadError {
  const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const missing = /(?:Cannot find (?:package|module)|Import) ['"]([^'"]+)['"]/.exec(message)?.[1];
  const advice = missing === undefined ? "" : adviceFor(missing, where);
  const place = stackFrame(cause);
  // Deno's messages end with the place.
  const shown = place === undefined || message.includes(place) ? "" : ` (${place})`;
  return new LaunchpadError("MODULE_INVALID", `${where} cannot be loaded: ${message}${shown}.${advice}`, { cause });
}

/** Where Launchpad itself is, whose hooks are on the way of every import. */
const own = fileURLToPath(new URL(".", import.meta.url));

/** The file and line that an engine blames: in the stack of what was thrown, or in the position that Bun gives a mistake. */
function stackFrame(cause: unknown): string | undefined {
  if (typeof cause !== "object" || cause === null) return undefined;
  const { position, stack } = cause as {
    position?: { file?: string; line?: number; column?: number };
    stack?: string;
  };
  if (position?.file) return `${position.file}:${position.line}:${position.column}`;
  const frame = /(?:^|[\s(])(?:file:\/\/)?((?:[A-Za-z]:)?[^\s()?:]*\.[cm]?[jt]sx?)(?:\?[^\s:]*)?((?::\d+){1,2})/;
  for (const line of (stack ?? "").split("\n")) {
    const [, file, at] = line.includes("node:") || line.includes(own) ? [] : (frame.exec(line) ?? []);
    if (file !== undefined) return file + at;
  }
  return undefined;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
