import { fileURLToPath } from "node:url";
import type { Config } from "../../src/index.ts";
import { hasData } from "./optional-modules.ts";
import { databaseUrl } from "./predict-scope.ts";
import { type Target, targets } from "./targets.ts";

/** What the entry module of a package is made of. */
export interface EntryParts {
  readonly target: Target;
  /** The module of the model, and what it exports: the model by default, or its parts by name. */
  readonly model: { readonly url: URL; readonly isDefault: boolean; readonly names: readonly string[] };
  readonly plugins: readonly URL[];
  readonly config: object;
  /** The API, and whether its results are those of the model's own schema. */
  readonly api: object;
  /** The keys of the model store that are in the package; undefined if it reads a model store. */
  readonly embedded: readonly string[] | undefined;
  /** Whether `@opentelemetry/api` is installed. */
  readonly hasTelemetry: boolean;
  /** Predictions that the model must reproduce before it serves, instead of its own. */
  readonly samples: readonly object[] | undefined;
}

/** What a prediction needs of a model. */
const parts = ["predict", "input", "output", "codec", "samples"];

/** What reaches a model store or data, by scheme: exports of `runtimes/packaged/platform-access.ts`. */
const storeReach: Readonly<Record<string, string>> = {
  "r2:": "r2Store",
  "kv:": "kvStore",
  "s3:": "s3Store",
  "http:": "httpStore",
  "https:": "httpStore",
};
const dataReach: Readonly<Record<string, string>> = { "r2:": "r2Files", "kv:": "kvFiles", "s3:": "s3Files" };
const databaseReach: Readonly<Record<string, string>> = { "d1:": "d1" };

/** Where the bytes of the model store come from, for the plugin that brings them. */
export const embeddedPrefix = "launchpad-embedded:";

/**
 * Creates the text of the entry module of a package.
 *
 * @param entry What it is made of.
 *
 * @returns JavaScript.
 */
export function entryText(entry: EntryParts): string {
  const { target, model, plugins, config, api, embedded, samples, hasTelemetry } = entry;
  const path = (url: URL) => JSON.stringify(fileURLToPath(url));
  const lines: string[] = [];

  const named = parts.filter((name) => model.names.includes(name));
  lines.push(
    model.isDefault
      ? `import model from ${path(model.url)};`
      : `import { ${named.map((name) => `${name} as model_${name}`).join(", ")} } from ${path(model.url)};`,
  );
  const ownModel = model.isDefault ? "model" : `{ ${named.map((name) => `${name}: model_${name}`).join(", ")} }`;
  const modelText = samples ? `{ ...${ownModel}, samples: ${literal(samples)} }` : ownModel;

  for (const [index, url] of plugins.entries()) lines.push(`import * as plugin${index} from ${path(url)};`);
  const isFed = hasData(config as Config);
  const used = [...(isFed ? ["createData"] : []), ...(plugins.length > 0 ? ["pluginsFrom"] : [])];
  if (used.length > 0) lines.push(`import { ${used.join(", ")} } from "launchpad-sources:src/index.ts";`);
  const pluginsText = plugins.map((_, index) => `...pluginsFrom(plugin${index}, "plugin ${index}")`).join(", ");

  for (const [index, key] of (embedded ?? []).entries()) {
    lines.push(`import file${index} from ${JSON.stringify(embeddedPrefix + key)};`);
  }
  const files = embedded?.map((key, index) => `${JSON.stringify(key)}: file${index}`).join(", ");
  const embeddedText = files === undefined ? "undefined" : `{ ${files} }`;

  const packaged = `{ config: ${literal(config)}, model: ${modelText}, api: ${literal(api)}${
    isFed ? ", createData" : ""
  }${plugins.length > 0 ? `, plugins: [${pluginsText}]` : ""} }`;

  if (targets[target].isServer) {
    const telemetry = hasTelemetry ? ', openTelemetry: () => import("@opentelemetry/api").catch(() => undefined)' : "";
    lines.push(
      ...hostLines(entry),
      'import { packagedServer } from "launchpad-sources:runtimes/packaged/server.ts";',
      `const server = packagedServer(${packaged}, { createHost, serve${telemetry} }, ${embeddedText});`,
      "export const fetch = server.fetch;",
      "await server.runIfStarted(import.meta);",
    );
    return lines.join("\n");
  }
  const reach = reachOf(config as Config);
  const create = target === "cloudflare" ? "packagedWorker" : "packagedFetch";
  if (reach.length > 0) {
    lines.push(`import { ${reach.join(", ")} } from "launchpad-sources:runtimes/packaged/platform-access.ts";`);
  }
  lines.push(
    `import { ${create} } from "launchpad-sources:runtimes/packaged/worker.ts";`,
    `export default ${create}(${packaged}, { embedded: ${embeddedText}, reach: [${reach.join(", ")}] });`,
  );
  return lines.join("\n");
}

/** What creates the host of a server: one without files, if nothing needs them. */
function hostLines({ target, config, embedded }: EntryParts): string[] {
  const { api } = config as Config;
  const runtime = `launchpad-sources:runtimes/${target}.ts`;
  if (embedded === undefined || hasData(config as Config) || api?.root_path !== undefined) {
    return [`import { createHost, serve } from "${runtime}";`];
  }
  const isNode = target === "node";
  return [
    `import { serve } from "${runtime}";`,
    'import { createSelfContainedHost } from "launchpad-sources:runtimes/packaged/self-contained-host.ts";',
    ...(isNode ? ['import { respond } from "launchpad-sources:runtimes/process/node-response.ts";'] : []),
    `const createHost = () => createSelfContainedHost("${target}"${isNode ? ", { respond }" : ""});`,
  ];
}

/** What a configuration reaches; where a variable says it, all there is. */
function reachOf({ datasources, datasinks, dbms, model_store }: Config): string[] {
  const names = new Set<string | undefined>();
  const add = (table: Readonly<Record<string, string>>, location: unknown, isVariable: boolean) => {
    if (typeof location === "string" && URL.canParse(location)) names.add(table[new URL(location).protocol]);
    else if (isVariable) for (const name of Object.values(table)) names.add(name);
  };
  add(storeReach, model_store.location, "location_var" in model_store);
  for (const entry of [...Object.values(datasources), ...Object.values(datasinks)]) {
    add(dataReach, entry.path, "path_var" in entry);
    add(dataReach, entry.dtypes_path, "dtypes_path_var" in entry);
  }
  for (const entry of Object.values(dbms)) add(databaseReach, databaseUrl(entry), "url_var" in entry);
  return [...names].filter((name) => name !== undefined).sort();
}

/** JSON as JavaScript; it may be read within HTML one day. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
