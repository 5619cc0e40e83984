import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createRegistry } from "../../src/data/access/registry.ts";
import { createSink } from "../../src/data/access/sink.ts";
import { createSource } from "../../src/data/access/source.ts";
import type { OpenContext, Sink, Source } from "../../src/data/types.ts";
import type { Host } from "../../src/host.ts";
import { silentLogger } from "../../src/log.ts";
import { testHost } from "./host.ts";

/** The folder of this run's files. */
export const folder = mkdtempSync(join(tmpdir(), "launchpad-data-"));
let files = 0;

/**
 * Creates the path of a file that no other test has.
 *
 * @param ending How its name ends, `.jsonl`.
 * @param contents What is in the file; without it there is none.
 *
 * @returns The path.
 */
export function temporaryFile(ending: string, contents?: string | Uint8Array): string {
  files += 1;
  const path = join(folder, `file-${files}${ending}`);
  if (contents !== undefined) writeFileSync(path, contents);
  return path;
}

/** An entry, with a path as a user would write it or a URL, and who reads it. */
export interface Entry extends Readonly<Record<string, unknown>> {
  readonly type: string;
  readonly path: string;
}

/** What a test may want otherwise. */
export interface OpenOptions {
  readonly host?: Host;
  readonly signal?: AbortSignal | undefined;
}

const registry = createRegistry([], silentLogger);
const where = "launchpad.yml line 3";

function contextOf(entry: Entry, host: Host): OpenContext {
  const path = /^\w{2,}:/.test(entry.path) ? entry.path : pathToFileURL(entry.path).href;
  return { name: "petals", entry: { ...entry, path }, where, host };
}

/**
 * Opens a source of a built-in type.
 *
 * @param entry Its entry.
 * @param options The host and a signal.
 *
 * @returns The source.
 */
export async function openSource(entry: Entry, { host = testHost(), signal }: OpenOptions = {}): Promise<Source> {
  const type = await registry.sources.get(entry.type)?.();
  if (type === undefined) throw new Error(`no type ${entry.type}`);
  const identity = { name: "petals", type: entry.type, tags: [], where, signal };
  return createSource(await type.open(contextOf(entry, host)), identity);
}

/**
 * Opens a sink of a built-in type.
 *
 * @param entry Its entry.
 * @param options The host and a signal.
 *
 * @returns The sink.
 */
export async function openSink(entry: Entry, { host = testHost(), signal }: OpenOptions = {}): Promise<Sink> {
  const type = await registry.sinks.get(entry.type)?.();
  if (type === undefined) throw new Error(`no type ${entry.type}`);
  const identity = { name: "petals", type: entry.type, tags: [], where, signal };
  return createSink(await type.open(contextOf(entry, host)), identity);
}
