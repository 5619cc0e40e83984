import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createSink } from "../../../../src/data/access/sink.ts";
import { createSource } from "../../../../src/data/access/source.ts";
import { sink, source } from "../../../../src/data/csv/index.ts";
import type { OpenContext, Sink, Source } from "../../../../src/data/types.ts";
import type { Host } from "../../../../src/host.ts";

/** The folder of this run's files. */
export const folder = mkdtempSync(join(tmpdir(), "launchpad-data-"));
let files = 0;

/**
 * Creates the path of a file that no other test has.
 *
 * @param contents What is in the file; without it there is none.
 *
 * @returns The path.
 */
export function temporaryFile(contents?: string | Uint8Array): string {
  files += 1;
  const path = join(folder, `file-${files}.csv`);
  if (contents !== undefined) writeFileSync(path, contents);
  return path;
}

function contextOf(path: string, entry: object, host: Host): OpenContext {
  const href = /^\w{2,}:/.test(path) ? path : pathToFileURL(path).href;
  return { name: "petals", entry: { type: "csv", path: href, ...entry }, where: "launchpad.yml line 3", host };
}

const identity = { name: "petals", type: "csv", tags: [], where: "launchpad.yml line 3" };

export async function openCsv(path: string, entry: object, host: Host, signal?: AbortSignal): Promise<Source> {
  return createSource(await source.open(contextOf(path, entry, host)), { ...identity, signal });
}

export async function openCsvSink(path: string, entry: object, host: Host, signal?: AbortSignal): Promise<Sink> {
  return createSink(await sink.open(contextOf(path, entry, host)), { ...identity, signal });
}
