import { fileURLToPath } from "node:url";
import type { Config } from "../../src/internal.ts";
import { containing, type Needs } from "./launchpad-plugin.ts";
import { hasData } from "./optional-modules.ts";
import { pagesModule } from "./page-files.ts";
import { type Target, targets } from "./targets.ts";

/** What the entry module of a package is made of. */
export interface EntryParts {
  readonly target: Target;
  /** The module of the model, and what it exports: the model by default, or its parts by name. */
  readonly model: {
    readonly url: URL;
    readonly isDefault: boolean;
    readonly names: readonly string[];
    /** Text of the module that stands for a file that is none. */
    readonly source?: string | undefined;
  };
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

/** Module that stands for a model whose file is none. */
export const modelSource = "launchpad-model:";

/** Before all others: modules are evaluated in the order of their imports. */
const containLine = `import "${containing}";`;

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
  const { target } = entry;
  const { lines, packaged, embeddedText } = partsOf(entry, 0);
  const pages = pagesText([entry.config as Config], lines);
  if (targets[target].isServer) {
    lines.unshift(containLine);
    lines.push(
      ...hostLines([entry]),
      'import { packagedServer } from "launchpad-sources:runtimes/packaged/server.ts";',
      `const server = packagedServer(${packaged}, { createHost, serve${telemetryText(entry)}${pages} }, ${embeddedText});`,
      "export const fetch = server.fetch;",
      "await server.runIfStarted(import.meta);",
    );
    return lines.join("\n");
  }
  const isQueued = target === "cloudflare" && hasQueue(entry);
  const create = isQueued ? "packagedQueueWorker" : target === "cloudflare" ? "packagedWorker" : "packagedFetch";
  lines.push(
    `import { ${create} } from "launchpad-sources:runtimes/packaged/${isQueued ? "queue" : "worker"}.ts";`,
    `export default ${create}(${packaged}, { embedded: ${embeddedText}${pages} });`,
  );
  return lines.join("\n");
}

/** What several projects share in a package. */
export interface SharedParts {
  /** Their configuration, without where they are. */
  readonly config: object;
  readonly needs: Needs;
}

/** Where the module of each project comes from, for the plugin that brings them. */
export const projectPrefix = "launchpad-project:";

/**
 * Creates the text of the module of one project among several.
 *
 * @param entry What it is made of.
 * @param index Which of them it is.
 *
 * @returns JavaScript.
 */
export function projectText(entry: EntryParts, index: number): string {
  const { lines, packaged, embeddedText } = partsOf(entry, index);
  return [...lines, `export default { packaged: ${packaged}, embedded: ${embeddedText} };`].join("\n");
}

/**
 * Creates the text of the entry module of a package of several projects.
 *
 * @param entries The projects.
 * @param shared What they share.
 *
 * @returns JavaScript.
 */
export function combinedText(entries: readonly EntryParts[], { config }: SharedParts): string {
  const [first] = entries;
  if (first === undefined) return "";
  const lines = entries.map((_, index) => `import project${index} from "${projectPrefix}${index}";`);
  const pages = pagesText([...entries.map((entry) => entry.config as Config), config as Config], lines);
  const projects = `[${entries.map((_, index) => `project${index}`).join(", ")}]`;
  if (targets[first.target].isServer) {
    lines.unshift(containLine);
    const telemetry = telemetryText(entries.find(({ hasTelemetry }) => hasTelemetry) ?? first);
    lines.push(
      ...hostLines(entries),
      'import { combinedServer } from "launchpad-sources:runtimes/packaged/several-server.ts";',
      `const server = combinedServer(${projects}, ${literal(config)}, { createHost, serve${telemetry}${pages} });`,
      "export const fetch = server.fetch;",
      "await server.runIfStarted(import.meta);",
    );
    return lines.join("\n");
  }
  const isWorker = first.target === "cloudflare";
  const isQueued = isWorker && entries.some(hasQueue);
  const create = isQueued ? "combinedQueueWorker" : isWorker ? "combinedWorker" : "combinedFetch";
  lines.push(
    `import { ${create} } from "launchpad-sources:runtimes/packaged/${isQueued ? "queue" : "several-worker"}.ts";`,
    `export default ${create}(${projects}, ${literal(config)}${pages && `, {${pages.slice(1)} }`});`,
  );
  return lines.join("\n");
}

/** Whether a queue wakes the package. */
function hasQueue({ config }: EntryParts): boolean {
  return (config as Config).api?.jobs?.queue !== undefined;
}

/** What brings the pages for people, if one of the configurations wants them. */
function pagesText(configs: readonly Config[], lines: string[]): string {
  if (!configs.some(({ api }) => api?.pages === true)) return "";
  lines.push(`import { pageFile } from "${pagesModule}";`);
  return ", pageFile";
}

function telemetryText({ hasTelemetry }: EntryParts): string {
  return hasTelemetry ? ', openTelemetry: () => import("@opentelemetry/api").catch(() => undefined)' : "";
}

/** What imports the parts of a project, and the texts of its values. */
function partsOf(entry: EntryParts, index: number) {
  const { model, plugins, config, api, embedded, samples } = entry;
  const path = (url: URL) => JSON.stringify(fileURLToPath(url));
  const lines: string[] = [];

  const named = parts.filter((name) => model.names.includes(name));
  lines.push(
    model.isDefault
      ? `import model from ${model.source === undefined ? path(model.url) : JSON.stringify(modelSource + index)};`
      : `import { ${named.map((name) => `${name} as model_${name}`).join(", ")} } from ${path(model.url)};`,
  );
  const ownModel = model.isDefault ? "model" : `{ ${named.map((name) => `${name}: model_${name}`).join(", ")} }`;
  const modelText = samples ? `{ ...${ownModel}, samples: ${literal(samples)} }` : ownModel;

  for (const [at, url] of plugins.entries()) lines.push(`import * as plugin${at} from ${path(url)};`);
  const isFed = hasData(config as Config);
  const used = [...(isFed ? ["createData"] : []), ...(plugins.length > 0 ? ["pluginsFrom"] : [])];
  if (used.length > 0) lines.push(`import { ${used.join(", ")} } from "launchpad-sources:src/internal.ts";`);
  const pluginsText = plugins.map((_, at) => `...pluginsFrom(plugin${at}, "plugin ${at}")`).join(", ");

  for (const [at, key] of (embedded ?? []).entries()) {
    lines.push(`import file${at} from ${JSON.stringify(`${embeddedPrefix}${index}/${key}`)};`);
  }
  const files = embedded?.map((key, at) => `${JSON.stringify(key)}: file${at}`).join(", ");
  const embeddedText = files === undefined ? "undefined" : `{ ${files} }`;

  const packaged = `{ config: ${literal(config)}, model: ${modelText}, api: ${literal(api)}${
    isFed ? ", createData" : ""
  }${plugins.length > 0 ? `, plugins: [${pluginsText}]` : ""} }`;

  return { lines, packaged, embeddedText };
}

/** What creates the host of a server: one without files, if nothing needs them. */
function hostLines(entries: readonly EntryParts[]): string[] {
  const target = entries[0]?.target ?? "node";
  const runtime = `launchpad-sources:runtimes/${target}.ts`;
  if (entries.some(needsFiles)) {
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

function needsFiles({ config, embedded }: EntryParts): boolean {
  const { api } = config as Config;
  const publishes = api?.root_path !== undefined || api?.static !== undefined;
  return embedded === undefined || hasData(config as Config) || publishes || api?.jobs !== undefined;
}

/** JSON as JavaScript; it may be read within HTML one day. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
