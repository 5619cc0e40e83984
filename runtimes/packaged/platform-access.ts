import type { Host, OpenPlace } from "../../src/index.ts";
import { d1Databases, type Env, kvData, kvScheme, r2Data, r2Scheme, variableOf } from "../hosts/cloudflare-bindings.ts";
import { s3Place } from "../places/s3.ts";
import { httpSchemes } from "../storage/http-location.ts";
import type { Scheme } from "../storage/open-driver.ts";
import { s3Scheme } from "../storage/s3-location.ts";

/** Somewhere that a package for Web standards keeps models or data. A bundle holds only what its configuration names. */
export interface Reach {
  /** Model stores, by the scheme of their location. */
  schemes?(env: Env): Readonly<Record<string, Scheme>>;
  /** Data, by the scheme of its path. */
  places?(env: Env): Readonly<Record<string, OpenPlace>>;
  /** Databases, by the scheme of their URL. */
  dialects?(env: Env): NonNullable<Host["dialects"]>;
}

export const r2Store: Reach = { schemes: (env) => ({ "r2:": r2Scheme(env) }) };
export const kvStore: Reach = { schemes: (env) => ({ "kv:": kvScheme(env) }) };
export const s3Store: Reach = { schemes: () => ({ "s3:": s3Scheme }) };
export const httpStore: Reach = { schemes: () => httpSchemes };

export const r2Files: Reach = { places: (env) => ({ "r2:": r2Data(env) }) };
export const kvFiles: Reach = { places: (env) => ({ "kv:": kvData(env) }) };
export const s3Files: Reach = { places: (env) => ({ "s3:": s3Place(variableOf(env)) }) };

export const d1: Reach = { dialects: d1Databases };
