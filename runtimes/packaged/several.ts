import {
  createCombined,
  createPackaged,
  type GrowingCombined,
  type Host,
  type Packaged,
  type ProjectsConfig,
} from "../../src/internal.ts";
import type { Embedded } from "./embedded-driver.ts";
import { storageOf } from "./host.ts";

/** One of the projects of a package. */
export interface PackagedProject {
  readonly packaged: Packaged;
  /** Its model store, if it is in the package. */
  readonly embedded?: Embedded | undefined;
}

/** What the projects of a package share. */
export type PackagedShared = Pick<
  ProjectsConfig,
  "refresh" | "preload" | "max_loaded" | "max_memory" | "api" | "auth" | "limits"
>;

/**
 * Server of the projects of a package together; each is opened when it is first asked for.
 *
 * @param projects The projects.
 * @param shared What they share.
 * @param host What the runtime can do.
 *
 * @returns The handler.
 */
export function combinePackaged(
  projects: readonly PackagedProject[],
  shared: PackagedShared,
  host: Host,
): GrowingCombined {
  const { preload, max_loaded: maxLoaded, max_memory: maxMemory } = shared;
  const combined = createCombined({ host, config: shared, preload, limits: { maxLoaded, maxMemory } });
  for (const { packaged, embedded } of projects) {
    const { model, api } = packaged.config as {
      readonly model: { readonly name: string; readonly version: string };
      readonly api: { readonly name: string };
    };
    combined.add({
      name: model.name,
      version: model.version,
      basePath: `/${api.name}/v${Number.parseInt(model.version, 10)}`,
      where: model.name,
      open: () =>
        createPackaged(packaged, { ...host, openStorage: storageOf(embedded, host.openStorage) }, host.files?.cwd),
    });
  }
  return combined;
}
