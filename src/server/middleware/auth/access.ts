import type { AccessConfig } from "../../../config/doors/door-types.ts";
import type { Target } from "../../request-context.ts";

/** Tells whether a caller may ask something. */
export type May = (target: Target) => boolean;

/** Whoever is limited to nothing may ask everything. */
export const everything: May = () => true;

/**
 * Check whether a caller may ask something.
 *
 * @param config Models by name, and paths as they are described; everything that begins so with a `*` at the end.
 *
 * @returns A function from what is asked; a caller who is limited to models may ask nothing of the server as a whole.
 */
export function accessTo({ models, routes }: AccessConfig): May {
  if (models == null && routes == null) return everything;
  const named = new Set(models ?? []);
  const isWithin = pathsOf(routes ?? []);
  return ({ model, route }) => (model !== undefined && named.has(model)) || isWithin(route);
}

/**
 * Check whether any of several things may be asked.
 *
 * @param all What tells for each.
 *
 * @returns A function from what is asked.
 */
export function anyOf(all: readonly May[]): May {
  return (target) => all.some((may) => may(target));
}

/**
 * Matcher of paths against a list.
 *
 * @param list Paths as they are described; all that begin so with a `*` at the end.
 *
 * @returns A function from the template of a path.
 */
export function pathsOf(list: readonly string[]): (route: string) => boolean {
  const exact = new Set(list.filter((path) => !path.endsWith("*")));
  const starts = list.filter((path) => path.endsWith("*")).map((path) => path.slice(0, -1));
  return (route) => exact.has(route) || starts.some((start) => route.startsWith(start));
}
