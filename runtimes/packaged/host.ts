import type { Host, RuntimeInfo } from "../../src/internal.ts";
import { accessTo, storesOf } from "../backends/backend.ts";
import { type Env, variableOf } from "../backends/binding.ts";
import { everywhere } from "../backends/everywhere.ts";
import { workers } from "../backends/workers.ts";
import { consoleLogger } from "../process/console-logger.ts";
import { openDriver } from "../storage/open-driver.ts";
import { type Embedded, embeddedDriver, embeddedLocation } from "./embedded-driver.ts";

/** A package has those alone that its configuration asks for. */
const backends = { ...workers, ...everywhere };

/** What a package for Web standards has. */
export interface PortableParts {
  /** The model store, if it is in the package. */
  readonly embedded?: Embedded;
  /** Reads a file of the pages for people, if they are in the package. */
  readonly pageFile?: Host["pageFile"];
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
export function createPortableHost(runtime: RuntimeInfo, env: Env, { embedded, pageFile }: PortableParts): Host {
  const context = { env: variableOf(env), bindings: env };
  return {
    runtime,
    log: consoleLogger(),
    now: Date.now,
    elapsed: () => performance.now(),
    env: context.env,
    ...accessTo(backends, context),
    ...(pageFile && { pageFile }),
    openStorage: storageOf(embedded, (location, section) =>
      openDriver(location, { stores: storesOf(backends), section, ...context }),
    ),
  };
}

/**
 * Opener of the model store of a package.
 *
 * @param embedded The model store, if it is in the package.
 * @param open Opens any other.
 *
 * @returns The function that a host has.
 */
export function storageOf(embedded: Embedded | undefined, open: Host["openStorage"]): Host["openStorage"] {
  if (embedded === undefined) return open;
  return (location, section) => (location === embeddedLocation ? embeddedDriver(embedded) : open(location, section));
}
