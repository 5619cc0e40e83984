import memoryDriver from "unstorage/drivers/memory";
import type { Host } from "../../src/index.ts";
import { environmentVariable } from "../io/env.ts";
import { fileDriver } from "./file-driver.ts";
import { httpSchemes } from "./http-location.ts";
import { openDriver, type Scheme } from "./open-driver.ts";
import { redisSchemes } from "./redis-location.ts";
import { s3Scheme } from "./s3-location.ts";

/** The one table from the scheme of a model store's location to the driver behind it. */
const schemes: Readonly<Record<string, Scheme>> = {
  "file:": { form: "a folder", open: ({ location }) => fileDriver({ folder: location }) },
  "memory:": { form: "memory:", open: () => memoryDriver() },
  "s3:": s3Scheme,
  ...redisSchemes,
  ...httpSchemes,
};

/** Opens the storage behind a model store's location on Node, Deno and Bun. */
export const openStorage: Host["openStorage"] = (location, section) =>
  openDriver(location, { schemes, section, env: environmentVariable });
