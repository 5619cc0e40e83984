import { createRegistry } from "../../../src/data/access/registry.ts";
import { createSink } from "../../../src/data/access/sink.ts";
import { createSource } from "../../../src/data/access/source.ts";
import type { Sink, Source } from "../../../src/data/types.ts";
import { isLaunchpadError } from "../../../src/errors.ts";
import type { Host } from "../../../src/host.ts";
import { silentLogger } from "../../../src/log.ts";
import type { Check } from "../../contract/check.ts";
import { type HttpSetup, httpChecks } from "../../contract/http-checks.ts";
import { type NewSink, type SinkSetup, writeChecks, writeRawChecks } from "../../contract/sink-checks.ts";
import { frameChecks, rawChecks, rawOnlyChecks, type SourceSetup } from "../../contract/source-checks.ts";

/** A type of data as it is tested in every place. */
export interface Kind {
  readonly type: string;
  /** How the names of its files end. */
  readonly ending: string;
  /** Whether it has rows and columns. */
  readonly frames: boolean;
  /** Options by which a file without rows has columns all the same. */
  readonly emptyOptions?: object;
  /** Whether it is only read everywhere. */
  readonly readOnly?: boolean;
}

/** Every type of file, and one of them compressed. */
export const kinds: Readonly<Record<string, Kind>> = {
  csv: { type: "csv", ending: ".csv", frames: true },
  "compressed csv": { type: "csv", ending: ".csv.gz", frames: true },
  "csv in a zip": { type: "csv", ending: ".csv.zip", frames: true },
  "csv by bzip2": { type: "csv", ending: ".csv.bz2", frames: true, readOnly: true },
  "csv by zstd": { type: "csv", ending: ".csv.zst", frames: true, readOnly: true },
  euro_csv: { type: "euro_csv", ending: ".euro.csv", frames: true },
  jsonl: {
    type: "jsonl",
    ending: ".jsonl",
    frames: true,
    emptyOptions: { dtype: { name: "str", petals: "int64", width: "float64" } },
  },
  parquet: { type: "parquet", ending: ".parquet", frames: true },
  text_file: { type: "text_file", ending: ".txt", frames: false },
  binary_file: { type: "binary_file", ending: ".bin", frames: false },
};

/** Where a runtime is to read and write. */
export interface Place {
  /** Where files are to be read, named `full` and `empty` with the ending of their type: a web server. */
  readonly contents: string;
  /** What the places of this location begin with; ends with a slash. */
  readonly base: string;
  /** What stands beside `path` in the entries. */
  readonly entry?: Readonly<Record<string, unknown>>;
  /** Where a web server answers the questions of its own contract; it can only be read, and has the files already. */
  readonly http?: Omit<HttpSetup, "open">;
}

/** What came of the checks of one type. */
export interface Outcome {
  readonly name: string;
  readonly passed: number;
  /** What was wrong, with the name of the check. */
  readonly failures: readonly string[];
}

/**
 * The names of what `runSuite` runs in a place, and how many checks each has.
 *
 * @param http Whether it is a web server.
 *
 * @returns The numbers by name.
 */
export function outcomesOf(http: boolean): Record<string, number> {
  const counts = Object.entries(kinds).flatMap(([name, { frames, readOnly }]) => [
    [`${name} source`, sourceChecks(frames).length] as const,
    ...(http || readOnly ? [] : [[`${name} sink`, sinkChecks(frames).length] as const]),
  ]);
  return Object.fromEntries(http ? [...counts, ["web server", httpChecks.length]] : counts);
}

/**
 * Runs every type of file through the contracts of sources and sinks in one place.
 *
 * @param host What the runtime can do.
 * @param place Where to read and write.
 *
 * @returns What came of it.
 */
export async function runSuite(host: Host, place: Place): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [name, kind] of Object.entries(kinds)) {
    const files = createFiles(host, place, kind);
    const setup = await files.sourceSetup();
    outcomes.push(await runChecks(`${name} source`, sourceChecks(kind.frames), setup));
    if (!place.http && !kind.readOnly)
      outcomes.push(await runChecks(`${name} sink`, sinkChecks(kind.frames), files.newSink));
  }
  if (place.http) {
    const text: Kind = { type: "text_file", ending: "", frames: false };
    const open = (path: string, entry?: object) =>
      createFiles(host, place, text).source(path, { ...(entry && { entry }) });
    outcomes.push(await runChecks("web server", httpChecks, { ...place.http, open }));
  }
  return outcomes;
}

type WithRaw = SourceSetup & { readonly raw: string | Uint8Array };

function sourceChecks(frames: boolean): readonly Check<WithRaw>[] {
  return frames ? [...frameChecks, ...rawChecks] : [...rawOnlyChecks, ...rawChecks];
}

function sinkChecks(frames: boolean): readonly Check<NewSink>[] {
  return frames ? writeChecks : writeRawChecks;
}

async function runChecks<Setup>(name: string, checks: readonly Check<Setup>[], setup: Setup): Promise<Outcome> {
  const failures: string[] = [];
  for (const check of checks) {
    await check.run(setup).catch((error: unknown) => failures.push(`${check.name}: ${error}`));
  }
  return { name, passed: checks.length - failures.length, failures };
}

const registry = createRegistry([], silentLogger);
let written = 0;

function createFiles(host: Host, place: Place, { type, ending, emptyOptions }: Kind) {
  const { base, contents, http } = place;
  const where = "launchpad.yml line 3";

  interface Opening {
    readonly type?: string;
    readonly signal?: AbortSignal | undefined;
    readonly entry?: object;
  }
  const contextOf = (path: string, { type: other = type, entry }: Opening) => ({
    name: "data",
    entry: { ...place.entry, type: other, path, ...entry },
    where,
    host,
  });
  const identityOf = ({ type: other = type, signal }: Opening) => ({
    name: "data",
    type: other,
    tags: [],
    where,
    signal,
  });

  async function source(path: string, opening: Opening = {}): Promise<Source> {
    const served = await registry.sources.get(opening.type ?? type)?.();
    if (served === undefined) throw new Error(`no type ${type}`);
    return createSource(await served.open(contextOf(path, opening)), identityOf(opening));
  }

  async function sink(path: string, opening: Opening = {}): Promise<Sink> {
    const served = await registry.sinks.get(opening.type ?? type)?.();
    if (served === undefined) throw new Error(`no type ${type}`);
    return createSink(await served.open(contextOf(path, opening)), identityOf(opening));
  }

  const asItIs = { type: "binary_file", entry: { compression: "none" } };

  /** Puts a file where it is to be read. */
  async function placed(name: string): Promise<string> {
    const path = `${base}${name}${ending}`;
    if (http) return path;
    const response = await fetch(`${contents}${name}${ending}`);
    await (await sink(path, asItIs)).writeRaw(new Uint8Array(await response.arrayBuffer()));
    return path;
  }

  return {
    source,
    async sourceSetup(): Promise<WithRaw> {
      const [full, empty] = [await placed("full"), await placed("empty")];
      const plain = await (await fetch(`${contents}full${ending.replace(/\.(gz|zip|bz2|zst)$/, "")}`)).arrayBuffer();
      const raw = /parquet|bin/.test(ending) ? new Uint8Array(plain) : new TextDecoder().decode(plain);
      return {
        raw,
        open: ({ signal, empty: isEmpty } = {}) =>
          source(isEmpty ? empty : full, {
            signal,
            ...(isEmpty && emptyOptions && { entry: { options: emptyOptions } }),
          }),
        missing: () => source(`${base}missing${ending}`),
      };
    },
    newSink(): SinkSetup {
      written += 1;
      const path = `${base}new/${written}${ending}`;
      const unlessMissing = async <T>(read: Promise<T>) =>
        read.catch((error: unknown) => {
          if (isLaunchpadError(error) && error.code === "DATA_UNAVAILABLE") return undefined;
          throw error;
        });
      return {
        open: ({ signal } = {}) => sink(path, { signal }),
        read: async () => unlessMissing((await source(path)).frame()),
        readRaw: async () => unlessMissing((await source(path)).text()),
      };
    },
  };
}
