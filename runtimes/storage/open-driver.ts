import type { Driver } from "unstorage";
import { LaunchpadError } from "../../src/index.ts";
import { createDriverOptions, type DriverOptions } from "./driver-options.ts";

/** What a driver is opened with. */
export interface DriverContext {
  readonly location: URL;
  readonly options: DriverOptions;
  /** Reads an environment variable. */
  env(name: string): string | undefined;
}

/** One way to keep a model store. */
export interface Scheme {
  /** What a location of this scheme looks like, for messages. */
  readonly form: string;
  /** The options that its driver takes. */
  readonly options?: readonly string[];
  open(place: DriverContext): Driver | Promise<Driver>;
}

/** What a host knows when it opens a model store's storage. */
export interface OpenDriverOptions {
  /** The table from the scheme of a location, with its colon, to what opens it. */
  readonly schemes: Readonly<Record<string, Scheme>>;
  /** The rest of the `model_store` section, secrets filled in. */
  readonly section: Readonly<Record<string, unknown>>;
  readonly env: (name: string) => string | undefined;
}

/**
 * Opens the storage behind a model store's location.
 *
 * @param location A URL.
 * @param options The schemes there are, the section, and how to read an environment variable.
 *
 * @returns A driver of unstorage.
 *
 * @throws CONFIG_INVALID for a scheme that is not in the table, and for options that its driver does not take.
 */
export async function openDriver(location: string, { schemes, section, env }: OpenDriverOptions): Promise<Driver> {
  const url = URL.canParse(location) ? new URL(location) : undefined;
  const scheme = url && Object.hasOwn(schemes, url.protocol) ? schemes[url.protocol] : undefined;
  if (url && scheme) {
    return scheme.open({
      location: url,
      env,
      options: createDriverOptions(section, scheme.options ?? [], url.protocol),
    });
  }
  // What follows the scheme may hold a password.
  const found = JSON.stringify(url ? `${url.protocol}...` : location.replace(/:.*/s, ":..."));
  const forms = Object.values(schemes).map(({ form }) => form);
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `model_store.location: found ${found}, expected one of ${forms.join(", ")}`,
  );
}

/**
 * Creates what the names in a bucket start with from the path of a location, `s3://bucket/some/prefix`.
 *
 * @param location A URL without credentials and without parameters.
 *
 * @returns Nothing, or a prefix that ends with a slash.
 *
 * @throws CONFIG_INVALID for a location that holds more than a bucket or binding and a prefix, or none of them.
 */
export function prefixOf(location: URL): string {
  const { protocol, host, pathname } = location;
  const wrong = [
    location.username || location.password ? "a user name or password before the @" : undefined,
    location.search || location.hash ? "parameters after the prefix" : undefined,
    host === "" ? "no name after //" : undefined,
  ].find((problem) => problem !== undefined);
  if (wrong !== undefined) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `model_store.location: found ${wrong}, expected ${protocol}//name/prefix. ` +
        "Keys and settings belong beside it: endpoint, access_key_id_var, secret_access_key_var, ...",
    );
  }
  const path = decoded(pathname).replace(/^\/+|\/+$/g, "");
  return path === "" ? "" : `${path}/`;
}

/**
 * Creates the text that a part of a URL stands for.
 *
 * @param part A path, a user name or a password, percent-encoded.
 *
 * @returns The text; the part itself if it is not encoded well.
 */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
