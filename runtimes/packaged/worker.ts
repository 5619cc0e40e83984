import {
  createPackaged,
  type Execution,
  type Host,
  type Packaged,
  type PackagedLaunchpad,
} from "../../src/internal.ts";
import type { Env } from "../backends/binding.ts";
import { platformOf } from "../backends/platform.ts";
import { createPortableHost, type PortableParts } from "./host.ts";

/** What a Worker's module exports by default, and any other that takes a Fetch handler. */
export interface PackagedHandler {
  /** `env` holds variables and secrets as texts, and bindings. */
  fetch(request: Request, env?: unknown, execution?: Execution): Response | Promise<Response>;
}

/**
 * Creates the Worker of a package.
 *
 * @param packaged The model, its configuration and its API.
 * @param parts What else the package has.
 *
 * @returns The default export of its module.
 */
export function packagedWorker(packaged: Packaged, parts: PortableParts): PackagedHandler {
  return handlerOf((env) => createPackaged(packaged, workerHost(env, parts)));
}

/**
 * Creates the host of a Worker.
 *
 * @param env Bindings, variables and secrets.
 * @param parts What the package has.
 *
 * @returns A host without files.
 */
export function workerHost(env: Env, parts: PortableParts): Host {
  const runtime = { name: "workerd", version: navigator.userAgent };
  return { ...createPortableHost(runtime, env, parts), ...platformOf(env), isolated: true };
}

/**
 * Creates the Fetch handler of a package, for whatever has Web standards.
 *
 * @param packaged The model, its configuration and its API.
 * @param parts What else the package has.
 *
 * @returns The default export of its module.
 */
export function packagedFetch(packaged: Packaged, parts: PortableParts): PackagedHandler {
  const version = globalThis.navigator?.userAgent ?? "unknown";
  return handlerOf((env) => createPackaged(packaged, createPortableHost({ name: "fetch", version }, env, parts)));
}

/**
 * Creates the handler of a package. The environment of the first request is that of all: some platforms have none before.
 *
 * @param open Opens what serves.
 *
 * @returns The default export of its module.
 */
export function handlerOf(open: (env: Env) => Pick<PackagedLaunchpad, "fetch">): PackagedHandler {
  let launchpad: Pick<PackagedLaunchpad, "fetch"> | undefined;
  return {
    fetch(request, env, execution) {
      launchpad ??= open(typeof env === "object" && env !== null ? (env as Env) : {});
      return launchpad.fetch(request, execution);
    },
  };
}
