import type { ModelOrigin } from "../../src/internal.ts";
import { gitState } from "./git.ts";
import { installedPackages } from "./installed-packages.ts";
import { digestOf, localModules } from "./module-graph.ts";

/**
 * Finds what a model is made of. Whatever cannot be found out is left out: this is never a reason to fail.
 *
 * @param module The `file:` URL of the model's module.
 *
 * @returns The packages of its project, the digest of its code, and the state of its git repository.
 */
export async function modelOrigin(module: URL): Promise<ModelOrigin> {
  const [packages, modules] = await Promise.all([installedPackages(module), localModules(module)]);
  const [digest, git] = await Promise.all([
    modules && digestOf(module, modules),
    gitState(new URL(".", module), modules ?? [module]),
  ]);
  return { packages, code: { ...digest, ...(git && { git }) } };
}
