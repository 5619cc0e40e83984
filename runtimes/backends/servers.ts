import type { Backends } from "./backend.ts";
import * as file from "./file.ts";
import * as redis from "./redis.ts";

/** The one table of backends that need files or sockets, by the names of their modules. */
export const servers = { file, redis } satisfies Backends;
