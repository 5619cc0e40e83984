import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createFileHost } from "../../runtimes/hosts/server-host.ts";
import { openProject } from "../../runtimes/project/open-project.ts";
import { createLogger, type Host, type Launchpad } from "../../src/index.ts";

/** A project in a folder of its own, and what it logged. */
export interface HostedProject {
  readonly folder: string;
  readonly log: { readonly level: string; readonly message: string }[];
  /** Opens it; closed with the project unless it is before. */
  open(): Promise<Launchpad>;
  /** The lines of the log that match. */
  lines(pattern: RegExp): string[];
  close(): Promise<void>;
}

const host = (log: Host["log"]) => createFileHost({ name: "node", version: process.versions.node }, { log });

/**
 * Creates a project whose model is in another language.
 *
 * @param files Its files by path; `launchpad.yml` may leave out model_store.
 *
 * @returns The project.
 */
export async function hostedProject(files: Readonly<Record<string, string>>): Promise<HostedProject> {
  const folder = await mkdtemp(join(tmpdir(), "hosted-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const log: { level: string; message: string }[] = [];
  const logger = createLogger((level, _, message) => log.push({ level, message }));
  const opened: Launchpad[] = [];
  return {
    folder,
    log,
    async open() {
      const launchpad = await openProject(host(logger), { config: join(folder, "launchpad.yml") });
      opened.push(launchpad);
      return launchpad;
    },
    lines: (pattern) => log.map(({ message }) => message).filter((message) => pattern.test(message)),
    async close() {
      await Promise.all(opened.map((launchpad) => launchpad.close()));
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * Creates the text of a configuration.
 *
 * @param model More keys of the section model, as YAML in braces without them.
 * @param more Other sections.
 */
export function configText(model: string, more = ""): string {
  return `model_store: { location: ./store, refresh: 0 }\nmodel: { name: m, version: 1.0.0, ${model} }\napi: { name: m }\n${more}`;
}

/**
 * Asks the API of a launchpad.
 *
 * @param launchpad The launchpad.
 * @param args The arguments.
 *
 * @returns Status and body.
 */
export async function ask(launchpad: Launchpad, args: object): Promise<{ status: number; body: unknown }> {
  const response = await launchpad.fetch(
    new Request("http://localhost/m/v1/predictions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(args),
    }),
  );
  return { status: response.status, body: await response.json() };
}
