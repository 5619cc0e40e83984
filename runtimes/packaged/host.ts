import { type Host, LaunchpadError, type RuntimeInfo } from "../../src/index.ts";
import { type Env, variableOf } from "../hosts/cloudflare-bindings.ts";
import { consoleLogger } from "../process/console-logger.ts";
import { openDriver } from "../storage/open-driver.ts";
import { type Embedded, embeddedDriver, embeddedLocation } from "./embedded-driver.ts";
import type { PlatformAccess } from "./platform-access.ts";

/** What a package for Web standards has. */
export interface PortableParts {
  /** The model store, if it is in the package. */
  readonly embedded?: Embedded;
  readonly reach?: readonly PlatformAccess[];
}

/**
 * Creates a host of nothing but Web standards.
 *
 * @param runtime What to call it.
 * @param env Bindings, variables and secrets.
 * @param parts What the package has.
 *
 * @returns A host without files.
 */
export function createPortableHost(runtime: RuntimeInfo, env: Env, { embedded, reach = [] }: PortableParts): Host {
  const variable = variableOf(env);
  return {
    runtime,
    log: consoleLogger(),
    now: Date.now,
    elapsed: () => performance.now(),
    env: variable,
    places: Object.assign({}, ...reach.map(({ places }) => places?.(env))),
    dialects: Object.assign({}, ...reach.map(({ dialects }) => dialects?.(env))),
    openStorage: storageOf(embedded, (location, section) =>
      openDriver(location, {
        schemes: Object.assign({}, ...reach.map(({ schemes }) => schemes?.(env))),
        section,
        env: variable,
      }),
    ),
  };
}

/**
 * Creates what opens the model store of a package.
 *
 * @param embedded The model store, if it is in the package.
 * @param open Opens any other.
 *
 * @returns The function that a host has.
 */
export function storageOf(embedded: Embedded | undefined, open: Host["openStorage"]): Host["openStorage"] {
  if (embedded === undefined) return open;
  return (location) => {
    if (location === embeddedLocation) return embeddedDriver(embedded);
    throw new LaunchpadError("INTERNAL", "a package with a model has no other model store");
  };
}
