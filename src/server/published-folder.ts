import { baseOf, filesOf, whereIs } from "../config/source-map.ts";
import type { Config } from "../config/types.ts";
import { LaunchpadError } from "../errors.ts";
import type { Files } from "../host.ts";
import { formatLocation } from "../util/paths.ts";

/** Something that is nobody's business, and what it is called. */
interface Private {
  readonly what: string;
  readonly url: URL;
}

/** So many entries are looked at; a folder for everybody that holds more is looked at no further. */
const maxEntries = 20_000;

/** Names of what is never for everybody: private keys and stores of them, packages, and files that say how something is run. */
const privateNames: readonly (readonly [RegExp, string])[] = [
  [/\.(pem|key|p8|p12|pfx|jks|keystore|ppk)$|^id_(rsa|dsa|ecdsa|ed25519)$/i, "a key"],
  [/^node_modules$/, "node_modules"],
  [/^(launchpad|LAUNCHPAD_CFG|LAUNCHPAD_LOG)\.ya?ml$/, "a configuration"],
];

/**
 * Checks that a folder may be published: it holds nothing that the configuration names, and no keys. The folder of a project is
 * none to publish, though it is easily named.
 *
 * @param folder The folder.
 * @param options The configuration, the file system, and the key that names the folder.
 *
 * @throws CONFIG_INVALID with what it holds, and what to do.
 */
export async function checkPublishedFolder(
  folder: URL,
  { config, files, key }: { readonly config: Config; readonly files: Files; readonly key: "static" | "root_path" },
): Promise<void> {
  const real = (url: URL) => realUrl(url, files);
  const root = asFolder(await real(folder));
  const held = await firstPrivate(config, files, async ({ url }) => {
    const place = await real(url);
    // What lies within a model store is the store's.
    return place.href.startsWith(root) || asFolder(place) === root || root.startsWith(asFolder(place));
  });
  const found = held ?? (await privateEntry(folder, files));
  if (found === undefined) return;
  const shown = (url: URL) => formatLocation(url, files.cwd);
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${whereIs(config, ["api", key])}: api.${key}: found ${shown(folder)}, which holds ${found.what} (${shown(found.url)}): everything in it ` +
      `would be published. Expected a folder with nothing but what is for everybody. Move that into one of its own, ` +
      `and write ${key === "static" ? "static: ./public" : "root_path: . (what is in ./static is served at /static)"}`,
  );
}

/** Where something is when links are followed, or will be once it is there. */
async function realUrl(url: URL, files: Files): Promise<URL> {
  const found = await files.stat(url);
  if (found) return found.real;
  const above = new URL(url.pathname.endsWith("/") ? ".." : ".", url);
  if (above.href === url.href) return url;
  return new URL(url.href.slice(above.href.length), asFolder(await realUrl(above, files)));
}

const asFolder = ({ href }: URL) => (href.endsWith("/") ? href : `${href}/`);

async function firstPrivate(
  config: Config,
  files: Files,
  isHeld: (one: Private) => Promise<boolean>,
): Promise<Private | undefined> {
  for (const one of privatePlaces(config, files)) if (await isHeld(one)) return one;
  return undefined;
}

/** Whatever a configuration names that lies in files. */
function privatePlaces(config: Config, { cwd }: Files): Private[] {
  const places: Private[] = filesOf(config).map((url) => ({ what: "the configuration", url }));
  const add = (what: string, location: unknown) => {
    const url = typeof location === "string" && URL.canParse(location) ? new URL(location) : undefined;
    if (url?.protocol === "file:") places.push({ what, url });
  };
  add("the model store", config.model_store.location);
  for (const [name, { path, dtypes_path }] of Object.entries(config.datasources)) {
    for (const location of [path, dtypes_path]) add(`the data source ${name}`, location);
  }
  for (const [name, { path, dtypes_path }] of Object.entries(config.datasinks)) {
    for (const location of [path, dtypes_path]) add(`the data sink ${name}`, location);
  }
  for (const [name, { url, connection_string }] of Object.entries(config.dbms)) {
    for (const location of [url, connection_string]) add(`the database ${name}`, withoutDialect(location));
  }
  for (const plugin of config.plugins) add("a plugin", plugin);
  const { module } = config.model;
  const base = baseOf(config, ["model", "module"]) ?? cwd;
  // The name of a package lies nowhere near.
  if (!module.startsWith("@") && URL.canParse(module, base)) add("the model", new URL(module, base).href);
  return places;
}

/** `sqlite:///data.db` is a file as well. */
function withoutDialect(location: unknown): unknown {
  return typeof location === "string" ? location.replace(/^sqlite:/i, "file:") : location;
}

/** Links are looked at when they are asked for: what they lead to outside is not served. */
async function privateEntry(folder: URL, files: Files): Promise<Private | undefined> {
  if (files.list === undefined) return undefined;
  const folders = [new URL(asFolder(folder))];
  let seen = 0;
  for (let at = folders.shift(); at !== undefined; at = folders.shift()) {
    for (const { name, kind } of await files.list(at)) {
      if (name.startsWith(".")) continue;
      seen += 1;
      if (seen > maxEntries) return undefined;
      const url = new URL(encodeURIComponent(name), at);
      const [, what] = privateNames.find(([pattern]) => pattern.test(name)) ?? [];
      if (what !== undefined) return { what, url };
      if (kind === "folder") folders.push(new URL(`${url.href}/`));
    }
  }
  return undefined;
}
