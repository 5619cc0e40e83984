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
  /** The schemes that a model store's location may have. */
  readonly stores: readonly string[];
  /** The schemes that the path of a source or sink may have. */
  readonly paths: readonly string[];
  /** What to use instead of a place that is not reached from there. */
  readonly instead: string;
  /** The schemes that the URL of a database may have; any where it is left out. */
  readonly databases?: readonly string[];
  /** What to use instead of a database that is not reached from there. */
  readonly insteadOfDatabase?: string;
}

const server = {
  isServer: true,
  stores: ["file:", "memory:", "s3:", "http:", "https:", "redis:", "rediss:"],
  paths: ["file:", "http:", "https:", "s3:"],
  instead: "a path, s3:// or https://",
} as const;

const libsql = ["libsql:", "http:", "https:", "ws:", "wss:"];

/** The one table of targets. */
export const targets: Readonly<Record<Target, TargetRules>> = {
  cloudflare: {
    isServer: false,
    conditions: ["workerd", "worker", "browser"],
    stores: ["r2:", "kv:", "s3:", "http:", "https:"],
    paths: ["r2:", "kv:", "s3:", "http:", "https:"],
    instead: "r2://BINDING/..., kv://BINDING/..., s3://bucket/... or https://...",
    databases: [...libsql, "d1:"],
    insteadOfDatabase: "d1://BINDING, or a libSQL server: libsql:// or https://",
  },
  node: { ...server, conditions: ["node"] },
  deno: { ...server, conditions: ["deno", "node"] },
  bun: { ...server, conditions: ["bun", "node"] },
  fetch: {
    isServer: false,
    conditions: ["worker", "browser"],
    stores: ["s3:", "http:", "https:"],
    paths: ["s3:", "http:", "https:"],
    instead: "s3://bucket/... or https://...",
    databases: libsql,
    insteadOfDatabase: "a libSQL server: libsql:// or https://",
  },
};

export const targetNames = Object.keys(targets) as readonly Target[];
