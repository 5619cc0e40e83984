import type { Host, OpenDataLocation } from "../../src/index.ts";
import { d1Databases, type Env, kvData, kvScheme, r2Data, r2Scheme, variableOf } from "../hosts/cloudflare-bindings.ts";
import { s3DataLocation } from "../places/s3.ts";
import { httpSchemes } from "../storage/http-location.ts";
import type { Scheme } from "../storage/open-driver.ts";
import { s3Scheme } from "../storage/s3-location.ts";

/** Somewhere that a package for Web standards keeps models or data. A bundle holds only what its configuration names. */
export interface PlatformAccess {
  /** Model stores, by the scheme of their location. */
  schemes?(env: Env): Readonly<Record<string, Scheme>>;
  /** Data, by the scheme of its path. */
  places?(env: Env): Readonly<Record<string, OpenDataLocation>>;
  /** Databases, by the scheme of their URL. */
  dialects?(env: Env): NonNullable<Host["dialects"]>;
}

export const r2Store: PlatformAccess = { schemes: (env) => ({ "r2:": r2Scheme(env) }) };
export const kvStore: PlatformAccess = { schemes: (env) => ({ "kv:": kvScheme(env) }) };
export const s3Store: PlatformAccess = { schemes: () => ({ "s3:": s3Scheme }) };
export const httpStore: PlatformAccess = { schemes: () => httpSchemes };

export const r2Files: PlatformAccess = { places: (env) => ({ "r2:": r2Data(env) }) };
export const kvFiles: PlatformAccess = { places: (env) => ({ "kv:": kvData(env) }) };
export const s3Files: PlatformAccess = { places: (env) => ({ "s3:": s3DataLocation(variableOf(env)) }) };

export const d1: PlatformAccess = { dialects: d1Databases };
