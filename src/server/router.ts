import type { Result } from "hono/router";
import { RegExpRouter } from "hono/router/reg-exp-router";
import { SmartRouter } from "hono/router/smart-router";
import { TrieRouter } from "hono/router/trie-router";
import { getPath, tryDecodeURIComponent } from "hono/utils/url";
import type { Route } from "../api/routes.ts";

/** What a path leads to. */
export interface Found<T> {
  readonly target: T;
  /** The decoded parameters of the path, by the resource's names. */
  readonly path: Record<string, string>;
}

/**
 * Creates what finds the target of a request. Hono's routers without its app: what an app adds (a context, a chain of
 * middleware, error handlers) is not needed here, and is paid for at every request.
 *
 * @param routes Routes and their targets, the more exact path first.
 *
 * @returns A function from a request to the target of its path; undefined for a path that there is not.
 */
export function createRouter<T>(
  routes: readonly (readonly [Pick<Route, "hono" | "parameters">, T])[],
): (request: Request) => Found<T> | undefined {
  type Entry = { readonly target: T; readonly parameters: Route["parameters"] };
  const router = new SmartRouter<Entry>({ routers: [new RegExpRouter(), new TrieRouter()] });
  for (const [{ hono, parameters }, target] of routes) router.add("ALL", hono, { target, parameters });
  // The matcher is built at the first match: better now than while somebody waits.
  router.match("ALL", "/");
  return (request) => {
    const [[first], stash] = router.match("ALL", getPath(request)) as Result<Entry> & [unknown, string[]?];
    if (first === undefined) return undefined;
    const [{ target, parameters }, found] = first;
    const path: Record<string, string> = Object.create(null);
    for (const [key, name] of parameters) {
      const value = found[key];
      const text = typeof value === "number" ? stash?.[value] : value;
      path[name] = tryDecodeURIComponent(text ?? "");
    }
    return { target, path };
  };
}
