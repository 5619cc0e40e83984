import type { Config } from "../../src/internal.ts";
import type { Backend, Binding } from "../backends/backend.ts";
import { workers } from "../backends/workers.ts";
import { databaseUrl } from "./predict-scope.ts";

/** The day whose behaviour of Workers packages are tested with. */
const compatibilityDate = "2026-07-01";

/** What stands where only whoever deploys knows what should. */
export const toFill = "fill in";

/**
 * Creates the text of a `wrangler.jsonc` with the bindings and secrets that a configuration names.
 *
 * @param configs The configurations in the package.
 * @param main The path of the package, from where the file is.
 *
 * @returns JSON with comments.
 */
export function wranglerText(configs: readonly Config[], main: string): string {
  const bindings = new Map(configs.flatMap((config) => [...bindingsOf(config)]));
  const [only, ...others] = configs.map(({ model }) => model.name);
  const named = (scheme: string) => [...bindings].filter(([, found]) => found === scheme).map(([name]) => name);
  const settings = {
    name: (others.length === 0 && only ? only : "models").toLowerCase().replace(/[^a-z0-9-]+/g, "-"),
    main,
    compatibility_date: compatibilityDate,
    ...limitersOf(configs),
    ...queuesOf(configs),
    ...Object.assign({}, ...bound.map(({ schemes, binding }) => list(binding, schemes.flatMap(named)))),
  };
  const secrets = variablesOf(configs);
  const lines = JSON.stringify(settings, null, 2).split("\n");
  if (secrets.length > 0) {
    const commands = secrets.map((name) => `  //   npx wrangler secret put ${name}`);
    lines.splice(1, 0, "  // Secrets, which are not written here:", ...commands);
  }
  return `${lines.join("\n")}\n`;
}

/** What is bound to a Worker, and the schemes of the locations that name it. */
const bound = Object.values<Backend>(workers).flatMap(({ stores, locations, databases, binding }) =>
  binding ? [{ binding, schemes: Object.keys({ ...stores, ...locations, ...databases }) }] : [],
);

function list({ key, toFill: keys }: Binding, names: readonly string[]): Record<string, object[]> {
  const unknown = Object.fromEntries(keys.map((name) => [name, toFill]));
  return names.length === 0 ? {} : { [key]: names.map((binding) => ({ binding, ...unknown })) };
}

/** Counters, of which only whoever deploys knows how far they should count. */
function limitersOf(configs: readonly Config[]): Record<string, object[]> {
  const names = configs
    .flatMap(({ limits }) => [limits?.by_key?.binding, limits?.by_address?.binding])
    .filter((name) => name != null);
  const entry = (name: string, index: number) => {
    return { name, namespace_id: String(1001 + index), simple: { limit: 100, period: 60 } };
  };
  return names.length === 0 ? {} : { ratelimits: [...new Set(names)].map(entry) };
}

/** Queues that bring jobs: what sends to them, and what is woken by them. */
function queuesOf(configs: readonly Config[]): Record<string, object> {
  const names = [...new Set(configs.map(({ api }) => api?.jobs?.queue).filter((name) => name !== undefined))];
  if (names.length === 0) return {};
  const named = (binding: string) => binding.toLowerCase().replace(/[^a-z0-9-]+/g, "-");
  const producers = names.map((binding) => ({ binding, queue: named(binding) }));
  // A prediction takes its time: each has a batch of its own.
  const consumers = names.map((binding) => ({ queue: named(binding), max_batch_size: 1, max_batch_timeout: 0 }));
  return { queues: { producers, consumers } };
}

/** The bindings that locations name, with their schemes. */
function bindingsOf({ model_store, datasources, datasinks, dbms, api }: Config): Map<string, string> {
  const entries = [...Object.values(datasources), ...Object.values(datasinks)];
  const locations = [
    model_store.location,
    api?.jobs?.location,
    ...entries.flatMap(({ path, dtypes_path }) => [path, dtypes_path]),
    ...Object.values(dbms).map(databaseUrl),
  ];
  return new Map(
    locations
      .filter((location): location is string => typeof location === "string" && URL.canParse(location))
      .map((location) => new URL(location))
      .filter(({ protocol }) => bound.some(({ schemes }) => schemes.includes(protocol)))
      .map(({ host, protocol }) => [host, protocol]),
  );
}

/** The variables that `_var` keys name, at any depth. */
export function variablesOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const found = Object.entries(value).flatMap(([key, inner]) =>
    key.endsWith("_var") && typeof inner === "string" ? [inner] : variablesOf(inner),
  );
  return [...new Set(found)].sort();
}
