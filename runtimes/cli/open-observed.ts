import type { Host, Launchpad, OpenModel } from "../../src/internal.ts";
import { openProject } from "../project/open-project.ts";

/** A model package, and what it was opened from. */
export interface OpenedModules {
  readonly launchpad: Launchpad;
  /** The module of the model, then those of plugins. */
  readonly modules: readonly URL[];
  readonly model: OpenModel | undefined;
}

/**
 * Opens a model package, and takes down what it is opened from.
 *
 * @param host What the runtime can do; it must have files.
 * @param config The files of its configuration.
 *
 * @returns The package, with its modules.
 *
 * @throws Whatever opening it throws.
 */
export async function openObserved(host: Host, config: readonly (string | URL)[]): Promise<OpenedModules> {
  const modules: URL[] = [];
  let model: OpenModel | undefined;
  const launchpad = await openProject(
    host,
    { config },
    {
      onModule: (module) => modules.push(module),
      onModel(opened) {
        model = opened;
      },
    },
  );
  return { launchpad, modules, model };
}
