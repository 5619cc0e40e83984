import { type D1Database, d1Dialect, type Host, LaunchpadError, type OpenDataLocation } from "../../src/index.ts";
import { type KvDataNamespace, kvLocation } from "../places/kv.ts";
import { objectKey } from "../places/object-key.ts";
import { type R2DataBucket, r2Location } from "../places/r2.ts";
import { type KvNamespace, kvDriver } from "../storage/kv-driver.ts";
import { prefixOf, type Scheme } from "../storage/open-driver.ts";
import { type R2Bucket, r2Driver } from "../storage/r2-driver.ts";

/** Bindings, variables and secrets, as Cloudflare hands them to a Worker. */
export type Env = Readonly<Record<string, unknown>>;

/** Creates the storage of `r2://BINDING/prefix`. */
export const r2Scheme = (env: Env): Scheme => ({
  form: "r2://BINDING/prefix",
  open: ({ location }) =>
    r2Driver({
      bucket: bindingOf<R2Bucket>(location, env, "r2_buckets", "head", "model_store.location"),
      prefix: prefixOf(location),
    }),
});

/** Creates the storage of `kv://BINDING/prefix`. */
export const kvScheme = (env: Env): Scheme => ({
  form: "kv://BINDING/prefix",
  open: ({ location }) =>
    kvDriver({
      namespace: bindingOf<KvNamespace>(location, env, "kv_namespaces", "getWithMetadata", "model_store.location"),
      prefix: prefixOf(location),
    }),
});

/** Creates what is behind the path `r2://BINDING/key` of a source or sink. */
export const r2Data =
  (env: Env): OpenDataLocation =>
  (url, { where }) => {
    const key = objectKey(url, where);
    return r2Location(bindingOf<R2DataBucket>(url, env, "r2_buckets", "head", `${where}: path`), key);
  };

/** Creates what is behind the path `kv://BINDING/key` of a source or sink. */
export const kvData =
  (env: Env): OpenDataLocation =>
  (url, { where }) => {
    const key = objectKey(url, where);
    return kvLocation(bindingOf<KvDataNamespace>(url, env, "kv_namespaces", "getWithMetadata", `${where}: path`), key);
  };

/** Creates the dialect of databases whose URL is `d1://BINDING`. */
export const d1Databases = (env: Env): NonNullable<Host["dialects"]> => ({
  "d1:": async () => d1Dialect((url) => bindingOf<D1Database>(url, env, "d1_databases", "batch", "dbms: url")),
});

/**
 * Creates what reads variables and secrets: those are the texts in an environment, everything else is a binding.
 *
 * @param env The environment.
 *
 * @returns Reads a variable.
 */
export function variableOf(env: Env): (name: string) => string | undefined {
  return (name) => {
    const value = env[name];
    return typeof value === "string" ? value : undefined;
  };
}

/** Finds a binding by the name in a URL, and knows it from other kinds by a method that only its kind has. */
function bindingOf<Binding>({ protocol, host }: URL, env: Env, key: string, method: string, where: string): Binding {
  const binding = env[host];
  if (typeof binding === "object" && binding !== null && method in binding) return binding as Binding;
  throw new LaunchpadError(
    "BINDING_NOT_SET",
    `${where}: found ${protocol}//${host}, but there is no such binding named ${host}. Add it to ${key} in wrangler.jsonc.`,
    { detail: `Not bound where this API runs: ${host} (${key}).` },
  );
}
