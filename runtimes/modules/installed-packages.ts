import { readFile, realpath } from "node:fs/promises";
import { pathToFileURL } from "node:url";

type JsonObject = Readonly<Record<string, unknown>>;

/** A package found in a project: where it is, and what it says. */
interface Manifest {
  readonly folder: URL;
  readonly content: JsonObject;
}

/**
 * Finds the packages that are installed in a module's project: what npm says it has installed, else the dependencies of
 * the project, and theirs, as far as they are in a `node_modules` folder.
 *
 * @param module The `file:` URL of the module.
 *
 * @returns Versions by name, sorted; several versions of one package are separated by commas. None if there is no
 * project.
 */
export async function installedPackages(module: URL): Promise<Record<string, string>> {
  try {
    const found = (await fromNpm(module)) ?? (await fromManifests(module));
    const names = [...found.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, [...(found.get(name) ?? [])].sort().join(", ")]));
  } catch {
    return {};
  }
}

type Found = Map<string, Set<string>>;

function add(found: Found, name: string, version: unknown): void {
  if (typeof version !== "string") return;
  const versions = found.get(name) ?? new Set();
  found.set(name, versions.add(version));
}

/** npm writes down what it put into a `node_modules` folder. */
async function fromNpm(module: URL): Promise<Found | undefined> {
  for (const folder of upwards(module)) {
    const lock = await readJson(new URL("node_modules/.package-lock.json", folder));
    if (!isObject(lock?.packages)) continue;
    const { packages } = lock;
    const found: Found = new Map();
    for (const [path, entry] of Object.entries(packages)) {
      const name = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
      if (name === undefined || !isObject(entry)) continue;
      // A workspace is a link to a folder that has an entry of its own.
      const target = entry.link === true ? packages[String(entry.resolved)] : entry;
      add(found, name, isObject(target) ? target.version : undefined);
    }
    return found;
  }
  return undefined;
}

/** For Bun, pnpm and others: from package to package. */
async function fromManifests(module: URL): Promise<Found> {
  const found: Found = new Map();
  const seen = new Set<string>();
  const project = await nearest(upwards(module), "package.json");
  const waiting = project === undefined ? [] : [{ ...project, own: true }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { folder, content, own } = next;
    for (const name of dependencies(content, own)) {
      const manifest = await nearest(upwards(folder), `node_modules/${name}/package.json`);
      if (manifest === undefined) continue;
      add(found, name, manifest.content.version);
      if (seen.has(manifest.folder.href)) continue;
      seen.add(manifest.folder.href);
      waiting.push({ ...manifest, own: false });
    }
  }
  return found;
}

function dependencies(manifest: JsonObject, own: boolean): string[] {
  const kinds = ["dependencies", "optionalDependencies", "peerDependencies", ...(own ? ["devDependencies"] : [])];
  return kinds.flatMap((kind) => (isObject(manifest[kind]) ? Object.keys(manifest[kind]) : []));
}

async function nearest(folders: Iterable<URL>, file: string): Promise<Manifest | undefined> {
  for (const folder of folders) {
    const url = new URL(file, folder);
    const content = await readJson(url);
    if (content !== undefined) return { folder: new URL(".", await realUrl(url)), content };
  }
  return undefined;
}

/** pnpm links a package into a folder beside its own dependencies: they are found from where it really is. */
async function realUrl(url: URL): Promise<URL> {
  return pathToFileURL(await realpath(url));
}

/** The folder of a file, and those above it. */
function* upwards(file: URL): Iterable<URL> {
  for (let folder = new URL(".", file); ; folder = new URL("..", folder)) {
    yield folder;
    if (folder.pathname === new URL("..", folder).pathname) return;
  }
}

async function readJson(url: URL): Promise<JsonObject | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(url, "utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
