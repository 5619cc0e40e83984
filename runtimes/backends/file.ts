import { fileDriver } from "../storage/file-driver.ts";
import type { Locations, Stores } from "./backend.ts";

/** A folder. */
export const stores: Stores = {
  "file:": { form: "a folder", open: ({ location }) => fileDriver({ folder: location }) },
};

/** A file of the host, which the core opens. */
export const locations: Locations = { "file:": { form: "a path" } };
