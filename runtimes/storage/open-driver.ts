import type { Driver } from "unstorage";
import { LaunchpadError } from "../../src/internal.ts";
import type { BackendContext, Stores } from "../backends/backend.ts";
import { createDriverOptions } from "./driver-options.ts";

/** What a host knows when it opens a model store's storage. */
export interface OpenDriverOptions extends BackendContext {
  readonly stores: Stores;
  /** The rest of the `model_store` section, secrets filled in. */
  readonly section: Readonly<Record<string, unknown>>;
}

/**
 * Opens the storage behind a model store's location.
 *
 * @param location A URL.
 * @param options The stores there are, the section, and what the runtime hands to them.
 *
 * @returns A driver of unstorage.
 *
 * @throws CONFIG_INVALID for a scheme that is not in the table, and for options that its driver does not take.
 */
export async function openDriver(
  location: string,
  { stores, section, env, bindings }: OpenDriverOptions,
): Promise<Driver> {
  const url = URL.canParse(location) ? new URL(location) : undefined;
  const scheme = url && Object.hasOwn(stores, url.protocol) ? stores[url.protocol] : undefined;
  if (url && scheme) {
    return scheme.open({
      location: url,
      env,
      bindings,
      options: createDriverOptions(section, scheme.options ?? [], url.protocol),
    });
  }
  // What follows the scheme may hold a password.
  const found = JSON.stringify(url ? `${url.protocol}...` : location.replace(/:.*/s, ":..."));
  const forms = Object.values(stores).map(({ form }) => form);
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `model_store.location: found ${found}, expected one of ${forms.join(", ")}`,
  );
}

/**
 * Prefix of the names in a bucket, from the path of a location, `s3://bucket/some/prefix`.
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
