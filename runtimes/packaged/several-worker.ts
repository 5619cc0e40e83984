import { createPortableHost, type PortableParts } from "./host.ts";
import { combinePackaged, type PackagedProject, type PackagedShared } from "./several.ts";
import { handlerOf, type PackagedHandler, workerHost } from "./worker.ts";

/**
 * Creates the Worker of a package of several projects.
 *
 * @param projects The projects.
 * @param shared What they share.
 * @param parts What else the package has.
 *
 * @returns The default export of its module.
 */
export function combinedWorker(
  projects: readonly PackagedProject[],
  shared: PackagedShared,
  parts: PortableParts = {},
): PackagedHandler {
  return handlerOf((env) => combinePackaged(projects, shared, workerHost(env, parts)));
}

/**
 * Creates the Fetch handler of a package of several projects, for whatever has Web standards.
 *
 * @param projects The projects.
 * @param shared What they share.
 * @param parts What else the package has.
 *
 * @returns The default export of its module.
 */
export function combinedFetch(
  projects: readonly PackagedProject[],
  shared: PackagedShared,
  parts: PortableParts = {},
): PackagedHandler {
  const version = globalThis.navigator?.userAgent ?? "unknown";
  return handlerOf((env) =>
    combinePackaged(projects, shared, createPortableHost({ name: "fetch", version }, env, parts)),
  );
}
