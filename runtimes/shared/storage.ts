import type { Driver } from "unstorage";
import memoryDriver from "unstorage/drivers/memory";
import { type Host, LaunchpadError } from "../../src/index.ts";
import { fileDriver } from "./file-driver.ts";

/** The one table from the scheme of a model store's location to the driver behind it. */
const drivers: Record<string, (location: URL) => Driver> = {
  "file:": (location) => fileDriver({ folder: location }),
  "memory:": () => memoryDriver(),
};

/** Opens the storage behind a model store's location on Node, Deno and Bun. */
export const openStorage: Host["openStorage"] = (location) => {
  const url = URL.canParse(location) ? new URL(location) : undefined;
  const open = url && drivers[url.protocol];
  if (url && open) return open(url);
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `model_store.location: found ${JSON.stringify(url ? `${url.protocol}...` : location)}, expected a folder or one of ${Object.keys(drivers).join(", ")}`,
  );
};
