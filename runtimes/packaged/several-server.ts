import { type PackagedServer, type Runtime, serverOf } from "./server.ts";
import { combinePackaged, type PackagedProject, type PackagedShared } from "./several.ts";

/**
 * Creates the server of a package of several projects. Relative paths in their configurations are relative to the working
 * folder.
 *
 * @param projects The projects.
 * @param shared What they share.
 * @param runtime The runtime's entry point.
 *
 * @returns The API, and what serves it.
 */
export function combinedServer(
  projects: readonly PackagedProject[],
  shared: PackagedShared,
  runtime: Runtime,
): PackagedServer {
  return serverOf(runtime, {
    label: "a model of several",
    refresh: shared.refresh,
    limits: shared.limits,
    protocols: shared.api.protocols,
    open(host) {
      const combined = combinePackaged(projects, shared, host);
      return { ...combined, served: ({ origin }) => `${projects.length} models at ${origin}/` };
    },
  });
}
