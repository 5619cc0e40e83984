import type { Driver } from "unstorage";
import type { Host, OpenDataLocation } from "../../src/internal.ts";
import type { DriverOptions } from "../storage/driver-options.ts";

/** What a runtime hands to whatever keeps models or data. */
export interface BackendContext {
  /** Reads an environment variable that need not be set. */
  env(name: string): string | undefined;
  /** The bindings of a Worker, by name; none elsewhere. */
  readonly bindings: Readonly<Record<string, unknown>>;
}

/** What a model store is opened with. */
export interface DriverContext extends BackendContext {
  readonly location: URL;
  readonly options: DriverOptions;
}

/** A way to keep a model store. */
export interface StoreScheme {
  /** What a location of this scheme looks like, for messages. */
  readonly form: string;
  /** The options that its driver takes. */
  readonly options?: readonly string[];
  /** Whether what is kept ends with the process: of no use to what only serves. */
  readonly volatile?: boolean;
  open(context: DriverContext): Driver | Promise<Driver>;
}

/** A place for the files of sources and sinks. */
export interface LocationScheme {
  /** What a path of this scheme looks like, for messages. */
  readonly form: string;
  /** The settings that stand beside `path`. */
  readonly options?: readonly string[];
  /** Opens it; left out where the core does that itself. */
  open?(context: BackendContext): OpenDataLocation;
}

/** Model stores by the scheme of their location, with its colon. */
export type Stores = Readonly<Record<string, StoreScheme>>;
/** Places for data by the scheme of a path. */
export type Locations = Readonly<Record<string, LocationScheme>>;
/** Databases by the scheme of their URL. */
export type Databases = Readonly<Record<string, DatabaseScheme>>;
/** How the settings of a Worker name what is bound: the key in `wrangler.jsonc`, and what only whoever deploys knows. */
export interface Binding {
  readonly key: string;
  readonly toFill: readonly string[];
}

/** A database that only some runtimes reach. */
export interface DatabaseScheme {
  readonly form: string;
  /** Loads an `SqlDialect`. */
  load(context: BackendContext): Promise<object>;
}

/**
 * Somewhere that keeps models, data or both: what a module of this folder exports. All that is known of it anywhere else,
 * by runtimes, packages and messages, is made from this.
 */
export interface Backend {
  readonly stores?: Stores;
  readonly locations?: Locations;
  readonly databases?: Databases;
  /** A package that must be installed where a bundle runs. */
  readonly installed?: string;
  readonly binding?: Binding;
}

/** Backends by the names of their modules. */
export type Backends = Readonly<Record<string, Backend>>;

/**
 * Creates the part of a host that reaches backends.
 *
 * @param backends What there is.
 * @param context What they get from the runtime.
 *
 * @returns Places for data, and databases.
 */
export function accessTo(backends: Backends, context: BackendContext): Required<Pick<Host, "places" | "dialects">> {
  const all = Object.values(backends);
  const places = all.flatMap(({ locations = {} }) =>
    Object.entries(locations).flatMap(([scheme, { open }]) => (open ? [[scheme, open(context)] as const] : [])),
  );
  const dialects = all.flatMap(({ databases = {} }) =>
    Object.entries(databases).map(([scheme, { load }]) => [scheme, () => load(context)] as const),
  );
  return { places: Object.fromEntries(places), dialects: Object.fromEntries(dialects) };
}

/**
 * Creates the table of model stores.
 *
 * @param backends What there is.
 *
 * @returns The stores by the scheme of their location.
 */
export function storesOf(backends: Backends): Stores {
  return Object.assign({}, ...Object.values(backends).map(({ stores }) => stores));
}
