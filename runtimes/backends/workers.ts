import type { Backends } from "./backend.ts";
import * as d1 from "./d1.ts";
import * as kv from "./kv.ts";
import * as r2 from "./r2.ts";

/** The one table of backends that are bound to Cloudflare Workers, by the names of their modules. */
export const workers = { r2, kv, d1 } satisfies Backends;
