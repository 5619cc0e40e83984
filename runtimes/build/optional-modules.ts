import type { Config } from "../../src/internal.ts";
import { type Target, targets } from "./targets.ts";

/** What decides whether a package uses a part of Launchpad. */
export interface Facts {
  readonly target: Target;
  /** The configuration of the package. */
  readonly config: Config;
  /** Whether the model turns its contents into bytes by itself. */
  readonly hasCodec: boolean;
  /** Whether `@opentelemetry/api` is installed. */
  readonly hasTelemetry: boolean;
}

type Uses = (facts: Facts) => boolean;

const hasFiles: Uses = ({ target }) => targets[target].isServer;
const usesData: Uses = ({ config }) => hasData(config);
// Where nobody can ask an isolate, nothing is counted unless it is sent: as in src/server/options-from-config.ts.
const publishesFiles: Uses = ({ config: { api } }) => api?.root_path !== undefined || api?.static !== undefined;
const asks =
  (key: string): Uses =>
  ({ config: { auth } }) =>
    auth?.[key] !== undefined || auth?.[`${key}_var`] !== undefined;
const counts: Uses = ({ target, config: { api } }) => (api?.metrics ?? target !== "cloudflare") !== false;
// As in src/server/metrics/from-config.ts.
const exportsMetrics: Uses = (facts) => {
  const { metrics } = facts.config.api ?? {};
  const otlp = typeof metrics === "object" ? metrics.otlp : undefined;
  return counts(facts) && (facts.target === "cloudflare" ? Boolean(otlp) : otlp !== false);
};
const hasPages: Uses = ({ config: { api } }) => api?.pages === true;
const speaks: Uses = ({ config: { api } }) => (api?.protocols ?? []).length > 0;
// As in src/server/create-model-api.ts.
const takesBatches: Uses = ({ target, config: { api } }) => api?.batch ?? target !== "cloudflare";
const takesRows: Uses = (facts) => takesBatches(facts) || speaks(facts);
const comparesDrift: Uses = ({ config: { drift } }) => drift !== undefined && drift.profile !== false;
const verifies: Uses = ({ config: { model_store } }) =>
  model_store.verify_key !== undefined || model_store.verify_key_var !== undefined;

/** Whether a file may be compressed in a way: by what its entry says, or by its name, which a folder or a variable does not tell. */
const unpacks =
  (method: string, suffix: string): Uses =>
  ({ config: { datasources, datasinks } }) =>
    [...Object.values(datasources), ...Object.values(datasinks)].some((entry) => {
      if (String(entry.type).startsWith("dbms.")) return false;
      const told = JSON.stringify([entry.compression, optionsOf(entry.options).compression]);
      const paths = [entry.path, entry.dtypes_path].filter((path) => path !== undefined);
      const mayName = (path: unknown) =>
        typeof path !== "string" || /[/*?\]}]$/.test(path) || namesIt(path, suffix) || entry.path_var !== undefined;
      return told.includes(`"${method}"`) || paths.some(mayName) || paths.length === 0;
    });

function namesIt(path: string, suffix: string): boolean {
  return path
    .toLowerCase()
    .replace(/[?#].*/, "")
    .endsWith(suffix);
}

function optionsOf(options: unknown): { readonly compression?: unknown } {
  return typeof options === "object" && options !== null ? options : {};
}

/**
 * The parts of Launchpad that a configuration can do without, each with whether a package uses it. Every one of them is
 * called in one place, which asks the same of the configuration: what is wrong here would fail there, in the open.
 */
const features: Readonly<Record<string, Uses>> = {
  // As in src/server/middleware/open-doors.ts.
  "src/server/middleware/doors.ts": ({ config: { auth, limits, api } }) =>
    auth !== undefined || limits !== undefined || (api?.trusted_proxies ?? []).length > 0 || Boolean(api?.access_log),
  "src/server/middleware/auth/from-config.ts": ({ config }) => config.auth !== undefined,
  "src/server/middleware/auth/api-keys.ts": asks("api_keys"),
  "src/server/middleware/auth/jwt.ts": asks("jwt"),
  "src/server/middleware/auth/resource-metadata.ts": asks("jwt"),
  "src/server/middleware/auth/proxy.ts": ({ config: { auth } }) =>
    auth?.mtls !== undefined || auth?.proxy !== undefined,
  "src/server/middleware/limits/from-config.ts": ({ config }) => config.limits !== undefined,
  "src/api/write/openapi/jobs.ts": ({ config: { api } }) => api?.docs === true && api.jobs !== undefined,
  "src/server/jobs/offer.ts": ({ config }) => config.api?.jobs !== undefined,
  "src/server/jobs/create-jobs.ts": ({ config }) => config.api?.jobs !== undefined,
  "src/server/middleware/compression.ts": ({ config }) => Boolean(config.api?.compression),
  "src/server/endpoints/admin.ts": ({ config: { api } }) =>
    api?.admin === true || (typeof api?.metrics === "object" && api.metrics.token_var !== undefined),
  "src/server/middleware/timeout.ts": ({ config }) => config.api?.timeout !== undefined,
  "src/server/middleware/cors.ts": ({ config }) => Boolean(config.api?.cors),
  "src/server/metrics/from-config.ts": counts,
  "src/server/metrics/metrics.ts": counts,
  "src/server/metrics/push.ts": counts,
  "src/server/static-from-config.ts": publishesFiles,
  "src/server/metrics/otlp/exporter.ts": exportsMetrics,
  "src/server/metrics/otlp/settings.ts": exportsMetrics,
  "src/server/middleware/static-files.ts": (facts) => hasFiles(facts) && publishesFiles(facts),
  "src/server/published-folder.ts": (facts) => hasFiles(facts) && publishesFiles(facts),
  "src/server/middleware/telemetry.ts": ({ hasTelemetry }) => hasTelemetry,
  "src/api/write/openapi.ts": ({ config }) => config.api?.docs === true,
  "src/server/protocols/protocol-set.ts": speaks,
  "src/server/protocols/describe/paths.ts": (facts) => speaks(facts) && facts.config.api?.docs === true,
  "src/server/protocols/batch.ts": takesBatches,
  "src/server/row-predictor.ts": takesRows,
  "src/lifecycle/predict-rows.ts": takesRows,
  "src/server/pages/index.ts": hasPages,
  "src/server/pages/endpoints.ts": hasPages,
  "src/server/models/shared-pages.ts": hasPages,
  "src/server/watch/drift-watch.ts": comparesDrift,
  "src/server/watch/alert.ts": comparesDrift,
  "src/server/watch/prediction-log.ts": ({ config }) => config.api?.log !== undefined,
  "src/server/watch/rollout.ts": ({ config }) => config.model.rollout !== undefined,
  "src/data/access/cache.ts": usesData,
  "src/data/access/dtypes-file.ts": usesData,
  "src/data/location/codecs/zip.ts": unpacks("zip", ".zip"),
  "src/data/location/codecs/bz2.ts": unpacks("bz2", ".bz2"),
  "src/data/location/codecs/xz.ts": unpacks("xz", ".xz"),
  "src/data/location/codecs/zstd.ts": unpacks("zstd", ".zst"),
  "src/data/access/record-lineage.ts": usesData,
  "src/data/access/sink.ts": usesData,
  "src/data/access/source.ts": usesData,
  "src/data/access/enforce-dtypes.ts": usesData,
  "src/store/contents/codec.ts": ({ hasCodec }) => !hasCodec,
  "src/store/layout/resolve.ts": ({ config }) => config.model.serve !== undefined,
  "src/store/signing/signature.ts": verifies,
};

/** What is there for speed with many runs: a package loads one now and then. Each with what does the rest. */
const quick: Readonly<Record<string, string>> = {
  "src/store/signing/quick-sha256.ts": "export function quickSha256() {}",
};

/**
 * Tells whether a package uses a file of Launchpad's.
 *
 * @param file The path of the file, from where `src` and `runtimes` are.
 * @param facts What decides.
 *
 * @returns Whether it does; true for every file that no configuration can do without.
 */
export function isUsed(file: string, facts: Facts): boolean {
  return features[file]?.(facts) ?? !Object.hasOwn(quick, file);
}

/** Tells whether a configuration has sources or sinks. */
export function hasData({ datasources, datasinks }: Config): boolean {
  return Object.keys(datasources).length + Object.keys(datasinks).length > 0;
}

/** The files that may be left out. */
export const optionalFiles = [...Object.keys(features), ...Object.keys(quick)];

/**
 * Stand-in for a file that was left out.
 *
 * @param file Its path, for the message.
 * @param code Its text.
 *
 * @returns A module with the same exports, which fail when they are called, or do nothing where that will do.
 */
export function leftOut(file: string, code: string): string {
  if (quick[file] !== undefined) return quick[file];
  const names = Array.from(code.matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm), ([, name]) => name);
  return names.map((name) => `export function ${name}() { throw new Error("left out: ${name}"); }`).join("\n");
}
