import { LaunchpadError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { locate } from "../../util/paths.ts";
import { enumerate } from "../../util/suggest.ts";
import type { OpenContext, Sink, Source } from "../types.ts";
import { failure } from "./failure.ts";
import type { Registry } from "./registry.ts";
import { createSink } from "./sink.ts";
import { createSource } from "./source.ts";

/** Data that has no name in the configuration: a path or URL, and what else an entry there would say. */
export interface Unnamed {
  readonly path: string;
  /** Its type; told by the end of the path unless given. */
  readonly type?: string | undefined;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Where it stands, for messages: `--from`. */
interface Opening {
  readonly types: Registry;
  readonly host: Host;
  readonly where: string;
  readonly signal?: AbortSignal | undefined;
}

/** The type of a file by the end of its name. */
const endings: Readonly<Record<string, string>> = {
  ".csv": "csv",
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".parquet": "parquet",
  ".pq": "parquet",
  ".xlsx": "excel",
};

/**
 * Finds the type of a file.
 *
 * @param path Its path or URL.
 *
 * @returns The type; undefined for an end that is not known.
 */
export function typeOfPath(path: string): string | undefined {
  const end = /(\.\w+)(?:\.(?:gz|zip|bz2|xz|zst))?$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(endings, end) ? endings[end] : undefined;
}

/**
 * Opens a source that the configuration does not name.
 *
 * @param data What it is.
 * @param opening The types there are, the host, and what messages call it.
 *
 * @returns The source.
 *
 * @throws USAGE when its type is not known; whatever its type throws.
 */
export async function openUnnamedSource(data: Unnamed, opening: Opening): Promise<Source> {
  const { context, type } = contextOf(data, opening);
  const found = opening.types.sources.get(type);
  if (found === undefined) throw unknownType(type, opening, [...opening.types.sources.keys()]);
  try {
    return createSource(await (await found()).open(context), identityOf(context, type, opening));
  } catch (thrown) {
    throw failure(thrown, opening.where);
  }
}

/**
 * Opens a sink that the configuration does not name.
 *
 * @param data What it is.
 * @param opening The types there are, the host, and what messages call it.
 *
 * @returns The sink.
 *
 * @throws USAGE when its type is not known; whatever its type throws.
 */
export async function openUnnamedSink(data: Unnamed, opening: Opening): Promise<Sink> {
  const { context, type } = contextOf(data, opening);
  const found = opening.types.sinks.get(type);
  if (found === undefined) throw unknownType(type, opening, [...opening.types.sinks.keys()]);
  try {
    return createSink(await (await found()).open(context), identityOf(context, type, opening));
  } catch (thrown) {
    throw failure(thrown, opening.where);
  }
}

function contextOf({ path, type: told, options }: Unnamed, { host, where }: Opening) {
  const type = told ?? typeOfPath(path);
  if (type === undefined) {
    const known = enumerate(Object.keys(endings));
    const message = `${where}: expected a path that ends with ${known}, or a name of the configuration; found ${JSON.stringify(path)}`;
    throw new LaunchpadError("USAGE", `${message}. ${where}-format tells what else it is`);
  }
  const base = host.files?.cwd;
  const entry = { type, path: base ? locate(path, base) : path, ...(options && { options }) };
  const context: OpenContext = { name: path, entry, where, host };
  return { context, type };
}

function identityOf({ name }: OpenContext, type: string, { where, signal }: Opening) {
  return { name, type, tags: [], where, signal };
}

function unknownType(type: string, { where }: Opening, known: readonly string[]): LaunchpadError {
  return new LaunchpadError(
    "USAGE",
    `${where}-format: expected one of ${enumerate(known)}, found ${JSON.stringify(type)}`,
  );
}
