import { lstat } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type ApiDefinition,
  baseOf,
  type Config,
  type Host,
  loadConfig,
  messageOf,
  type Plugin,
  version,
} from "../../src/internal.ts";
import { writeProjectFile } from "../io/files.ts";
import { importPlugins } from "../modules/plugins.ts";
import { openProject } from "../project/open-project.ts";
import { examineCode } from "./examine-code.ts";
import { examineConfig } from "./examine-config.ts";
import { examineStore } from "./examine-store.ts";
import { findProject } from "./find-project.ts";
import type { Examined, Finding } from "./finding.ts";
import { rewriteScripts } from "./rewrite-scripts.ts";
import { skeletonOf } from "./skeleton.ts";

/** What came of a migration. */
export interface Migration {
  readonly folder: string;
  readonly config: string;
  readonly findings: readonly Finding[];
  /** Files that were written, by path in the folder. */
  readonly written: readonly string[];
  /** Files that were there already, and stayed as they are. */
  readonly kept: readonly string[];
}

/**
 * Migrates a project of ML Launchpad: tells what works as it is and what changes, and writes what is needed besides. Nothing
 * that is there is written over.
 *
 * @param host What the runtime can do.
 * @param place The folder of the project, or its configuration.
 * @param options Whether to write a model in TypeScript, and whether to write at all.
 *
 * @returns What was found and written.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_INVALID; DATA_UNAVAILABLE when a file cannot be written.
 */
export async function migrateProject(
  host: Host,
  place: string,
  options: { readonly typescript: boolean; readonly writes: boolean },
): Promise<Migration> {
  const { folder, config: path, others } = await findProject(place);
  const url = pathToFileURL(path);
  const scripts = await rewriteScripts(folder, others);
  const own = await examineProject(host, { folder, others, url, ...options });
  const findings = [...own.findings, ...scripts.findings];
  const files = { ...own.files, ...scripts.files, "package.json": manifest(relative(folder, path)) };
  const [written, kept]: [string[], string[]] = [[], []];
  for (const [name, text] of Object.entries(files)) {
    const target = join(folder, name);
    if (await lstat(target).catch(() => undefined)) kept.push(name);
    else {
      if (options.writes) await writeProjectFile(target, text);
      written.push(name);
    }
  }
  return { folder, config: path, findings, written, kept };
}

/** What can be said only where the configuration can be read. */
async function examineProject(
  host: Host,
  project: {
    readonly folder: string;
    readonly others: readonly string[];
    readonly url: URL;
    readonly typescript: boolean;
    readonly writes: boolean;
  },
): Promise<Examined> {
  const { folder, others, url, typescript, writes } = project;
  const where = relative(folder, fileURLToPath(url));
  let config: Config;
  try {
    config = await loadConfig([url], host);
  } catch (error) {
    const text = `${messageOf(error)}. Correct it, then run launchpad migrate again`;
    return { findings: [{ where, verdict: "decide", text }], files: {} };
  }
  const { plugins, findings: ofPlugins } = await pluginsOf(config, host, url);
  const data = await examineConfig(config, host, plugins);
  const api = await examineApi(host, url, config);
  const store = await examineStore(config, host, writes);
  const code = await examineCode(folder, others, config);
  const module = config.model.module.replace(/\.py$/, "").replaceAll(".", "/");
  const text = skeletonOf(config, api.definition, store.metrics);
  return {
    findings: [
      { where, verdict: "works", text: "read as it is: every key has its meaning" },
      ...[ofPlugins, data.findings, api.findings, code, store.findings].flat(),
    ],
    files: { ...store.files, ...(typescript && { [`${module}_typescript.ts`]: text }) },
  };
}

async function pluginsOf(
  config: Config,
  host: Host,
  url: URL,
): Promise<{ plugins: readonly Plugin[]; findings: Finding[] }> {
  try {
    const { plugins } = await importPlugins(config, host, (path) => baseOf(config, path) ?? url);
    return { plugins, findings: [] };
  } catch (error) {
    return { plugins: [], findings: [{ where: "plugins", verdict: "decide", text: messageOf(error) }] };
  }
}

/** Opens the project as `launchpad api` does, and reads its API file. */
async function examineApi(
  host: Host,
  url: URL,
  config: Config,
): Promise<{ findings: Finding[]; definition?: ApiDefinition }> {
  try {
    const launchpad = await openProject(host, { config: url });
    try {
      if (config.api === undefined) return { findings: [] };
      const { definition } = await launchpad.api();
      const where = `${config.api.raml ? "api.raml" : "api"}`;
      const paths = definition.resources.map(({ path }) => path).join(", ");
      return { findings: [{ where, verdict: "works", text: `the same resources: ${paths}` }], definition };
    } finally {
      await launchpad.close();
    }
  } catch (error) {
    return { findings: [{ where: "project", verdict: "decide", text: messageOf(error) }] };
  }
}

function manifest(config: string): string {
  const command = `launchpad -c ${config}`;
  const scripts = { train: `${command} train`, retest: `${command} retest`, api: `${command} api` };
  return `${JSON.stringify({ private: true, type: "module", scripts, dependencies: { mllaunchpad: `^${version}` } }, null, 2)}\n`;
}
