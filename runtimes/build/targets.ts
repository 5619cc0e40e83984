import { builtInDialects } from "../../src/internal.ts";
import { type Backends, storesOf } from "../backends/backend.ts";
import { everywhere } from "../backends/everywhere.ts";
import { servers } from "../backends/servers.ts";
import { workers } from "../backends/workers.ts";

/** Where a package runs. */
export type Target = "cloudflare" | "node" | "deno" | "bun" | "fetch";

/** Where the model of a package is. */
export type ModelOption = "embed" | "store";

/** What a target is to the bundler and to the configuration. */
export interface TargetRules {
  /** Whether it has `node:` modules, files and servers of its own; else it has Web standards only. */
  readonly isServer: boolean;
  /** The conditions of `exports` in package.json that hold there. */
  readonly conditions: readonly string[];
  /** What keeps models and data there. */
  readonly backends: Backends;
}

const server = { isServer: true, backends: { ...servers, ...everywhere } } as const;

/** The one table of targets. */
export const targets: Readonly<Record<Target, TargetRules>> = {
  cloudflare: {
    isServer: false,
    conditions: ["workerd", "worker", "browser"],
    backends: { ...workers, ...everywhere },
  },
  node: { ...server, conditions: ["node"] },
  deno: { ...server, conditions: ["deno", "node"] },
  bun: { ...server, conditions: ["bun", "node"] },
  fetch: { isServer: false, conditions: ["worker", "browser"], backends: everywhere },
};

export const targetNames = Object.keys(targets) as readonly Target[];

/** What can be reached from a target: schemes, and what to use instead of others, for messages. */
export interface Reach {
  readonly schemes: readonly string[];
  readonly instead: string;
}

/**
 * Finds the model stores that a package can read from.
 *
 * @param target Where it runs.
 *
 * @returns Their schemes; what ends with a process is of no use to one that only serves.
 */
export function storesFrom(target: Target): Reach {
  const { isServer, backends } = targets[target];
  return reach(Object.entries(storesOf(backends)).filter(([, { volatile }]) => isServer || !volatile));
}

/**
 * Finds the places for the data of a package.
 *
 * @param target Where it runs.
 *
 * @returns Their schemes.
 */
export function locationsFrom(target: Target): Reach {
  return reach(Object.values(targets[target].backends).flatMap(({ locations = {} }) => Object.entries(locations)));
}

/**
 * Finds the databases that a package can reach.
 *
 * @param target Where it runs.
 *
 * @returns Their schemes; undefined for all there are.
 */
export function databasesFrom(target: Target): Reach | undefined {
  const { isServer, backends } = targets[target];
  if (isServer) return undefined;
  const own = Object.values(backends).flatMap(({ databases = {} }) => Object.entries(databases));
  const portable = Object.values(builtInDialects).flatMap(({ portable = [] }) => portable);
  const { schemes, instead } = reach(own);
  const servers = `a server over ${portable.join(", ")}`;
  return { schemes: [...portable, ...schemes], instead: own.length > 0 ? `${instead}, or ${servers}` : servers };
}

function reach(entries: readonly (readonly [string, { readonly form: string }])[]): Reach {
  const forms = new Set(entries.map(([, { form }]) => form));
  return { schemes: entries.map(([scheme]) => scheme), instead: [...forms].join(", ") };
}
