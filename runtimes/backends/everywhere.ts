import * as azure from "./azure.ts";
import type { Backends } from "./backend.ts";
import * as http from "./http.ts";
import * as memory from "./memory.ts";
import * as s3 from "./s3.ts";

/** The one table of backends that need nothing but Web standards, by the names of their modules. */
export const everywhere = { memory, s3, azure, http } satisfies Backends;
