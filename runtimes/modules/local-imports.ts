import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createPathsMatcher, getTsconfig } from "get-tsconfig";

/** What a file may really be called whose name ends so, as TypeScript has it. */
const sourceEndings: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts"],
  ".mjs": [".mts"],
};

/** What a name may lack, in this order. */
const endings = [".ts", ".mts", ".js", ".mjs", ".cjs", ".json"];

/**
 * Finds the file that an import of a project's own module means where a runtime finds none: `./k.js` for k.ts, as TypeScript
 * wants it, a name without ending, a folder with an index, and the `paths` of the nearest tsconfig.json,
 * which never replace Launchpad itself.
 *
 * @param specifier What is imported.
 * @param parent The URL of the module that imports it.
 *
 * @returns The URL of the file; undefined where the runtime's own rules are right.
 */
export function findLocalImport(specifier: string, parent: string | undefined): URL | undefined {
  if (parent === undefined || !parent.startsWith("file:") || parent.includes("/node_modules/")) return undefined;
  if (/^(\.{1,2}(\/|$)|\/|file:)/.test(specifier)) {
    return URL.canParse(specifier, parent) ? withEnding(new URL(specifier, parent)) : undefined;
  }
  return /^[a-z]{2,}:|^mllaunchpad(\/|$)/.test(specifier)
    ? undefined
    : byPaths(specifier, fileURLToPath(parent.replace(/[?#].*$/, "")));
}

function withEnding(url: URL): URL | undefined {
  if (isFile(url)) return undefined;
  const path = url.href.replace(/[?#].*$/, "");
  const [, name = "", ending = ""] = /^(.*)(\.m?js)$/.exec(path) ?? [];
  const candidates = [
    ...(sourceEndings[ending] ?? []).map((other) => name + other),
    ...endings.map((other) => path.replace(/\/$/, "") + other),
    ...endings.map((other) => `${path.replace(/\/$/, "")}/index${other}`),
  ];
  return candidates.map((candidate) => new URL(candidate)).find(isFile);
}

/** A name that `paths` of tsconfig.json lead to a file; TypeScript asks them before packages. */
function byPaths(specifier: string, importer: string): URL | undefined {
  for (const path of matcherOf(dirname(importer))?.(specifier) ?? []) {
    const url = pathToFileURL(path);
    const found = isFile(url) ? url : withEnding(url);
    if (found) return found;
  }
  return undefined;
}

type Matcher = ((specifier: string) => string[]) | null;

/** By folder, until modules are forgotten. */
const matchers = new Map<string, Matcher>();

function matcherOf(folder: string): Matcher {
  const known = matchers.get(folder);
  if (known !== undefined) return known;
  let matcher: Matcher = null;
  try {
    const config = getTsconfig(folder) ?? getTsconfig(folder, "jsconfig.json");
    matcher = config && createPathsMatcher(config);
  } catch {
    // A configuration that cannot be read is the business of whoever checks types.
  }
  matchers.set(folder, matcher);
  return matcher;
}

/** Forgets what configurations of TypeScript say. */
export function forgetPaths(): void {
  matchers.clear();
}

/**
 * Creates the module that a JSON file is where an import does not say `with { type: "json" }`, as bundlers have it: the
 * value by default, and its keys by their names.
 *
 * @param url The URL of the file.
 *
 * @returns JavaScript.
 */
export function jsonModule(url: string): string {
  const path = fileURLToPath(url.replace(/[?#].*$/, ""));
  const text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const keys = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const named = keys
    .filter((key) => key !== "default" && !/[\ud800-\udfff]/.test(key))
    .map(
      (key, index) =>
        `const k${index} = value[${JSON.stringify(key)}]; export { k${index} as ${JSON.stringify(key)} };`,
    );
  // Read by JSON.parse: a literal would make a prototype of __proto__.
  return `const value = JSON.parse(${JSON.stringify(text)});\nexport default value;\n${named.join("\n")}\n`;
}

/** The query by which a JSON file is a module: Deno loads one URL in one way only. */
const asModule = "?module";

/**
 * Creates the URL that a JSON file of the project is loaded from.
 *
 * @param url The URL that was found.
 * @param context What a hook is told of the import.
 *
 * @returns The URL of a module, if the import does not say that it is of JSON; CommonJS needs no help.
 */
export function asJsonModule(
  url: string,
  context: {
    readonly conditions?: readonly string[];
    readonly importAttributes?: Readonly<Record<string, string | undefined>>;
  },
): string {
  const isPlain = url.startsWith("file:") && url.endsWith(".json") && !url.includes("/node_modules/");
  const isTold = context.importAttributes?.type === "json" || context.conditions?.includes("require");
  return isPlain && !isTold ? `${url}${asModule}` : url;
}

/** Tells whether a URL is one that `asJsonModule` created. */
export function isJsonModule(url: string): boolean {
  return url.startsWith("file:") && url.includes(`.json${asModule}`);
}

function isFile(url: URL): boolean {
  return existsSync(url) && (statSync(url, { throwIfNoEntry: false })?.isFile() ?? false);
}
