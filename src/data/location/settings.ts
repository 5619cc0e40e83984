import { LaunchpadError } from "../../errors.ts";
import { optionHint } from "../access/messages.ts";

/** How files are compressed, by how their names end, as for pandas. */
export const suffixes = { gz: "gzip", zip: "zip", bz2: "bz2", xz: "xz", zst: "zstd" } as Readonly<
  Record<string, CompressionName>
>;

export type CompressionName = "gzip" | "zip" | "bz2" | "xz" | "zstd";

const methods = ["infer", "gzip", "zip", "bz2", "xz", "zstd", "none"] as const;

/** How the bytes of a file are compressed. */
export interface Compression {
  /** `infer` goes by its name, or by what the server says of it. */
  readonly method: CompressionName | "infer" | "none";
  /** The name of the file in a zip archive. */
  readonly archiveName?: string;
}

/** What holds for every location; each place reads what else it needs. */
export interface Settings {
  /** How many seconds to wait for a server: for its answer, and for every piece of it. */
  readonly timeout: number;
  readonly compression: Compression;
  /** How many bytes a source may have, decompressed; undefined unless told. */
  readonly maxBytes: number | undefined;
  /** How many seconds to wait for a server altogether, while one file is read. */
  readonly deadline: number;
}

const defaultTimeout = 30;
const defaultDeadline = 3600;
const maxSeconds = 86_400;

/**
 * Reads the settings beside the `path` of a source or sink.
 *
 * @param entry The entry.
 * @param where Where it stands, for messages.
 *
 * @returns The settings, defaults filled in.
 *
 * @throws CONFIG_INVALID when one is not as it should be.
 */
export function readSettings(entry: Readonly<Record<string, unknown>>, where: string): Settings {
  const { timeout = defaultTimeout, deadline = defaultDeadline, compression = "infer", max_bytes } = entry;
  const seconds = (name: string, given: unknown) => {
    const found = Number(given);
    if (typeof given !== "object" && found > 0 && found <= maxSeconds) return found;
    const message = `${where}: ${name}: a number of seconds above 0 expected, found ${JSON.stringify(given)}`;
    throw new LaunchpadError("CONFIG_INVALID", message);
  };
  const most = max_bytes === undefined || max_bytes === null ? undefined : Number(max_bytes);
  if (most !== undefined && (typeof max_bytes === "object" || !Number.isSafeInteger(most) || most < 1)) {
    const message = `${where}: max_bytes: a whole number of bytes above 0 expected, found ${JSON.stringify(max_bytes)}`;
    throw new LaunchpadError("CONFIG_INVALID", message);
  }
  return {
    timeout: seconds("timeout", timeout),
    deadline: seconds("deadline", deadline),
    compression: readCompression(compression, where),
    maxBytes: most,
  };
}

/** Keys of pandas' form that only say how well to compress. */
const tuning = ["compresslevel", "level", "mtime", "preset", "threads", "check"];

/** A name, null as in pandas for none, or pandas' form of a mapping with `method`. */
function readCompression(given: unknown, where: string): Compression {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) {
    const { method = "infer", archive_name, ...rest } = given as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(rest).find((key) => !tuning.includes(key));
    if (unknown !== undefined) throw refused(where, unknown, ["method", "archive_name"]);
    if (archive_name !== undefined && (typeof archive_name !== "string" || archive_name === "")) {
      const message = `${where}: compression.archive_name: the name of a file expected, found ${JSON.stringify(archive_name)}`;
      throw new LaunchpadError("CONFIG_INVALID", message);
    }
    return { ...readCompression(method, where), ...(archive_name !== undefined && { archiveName: archive_name }) };
  }
  if (given === null) return { method: "none" };
  const found = methods.find((known) => known === given);
  if (found === undefined) throw refused(where, given, methods);
  return { method: found };
}

function refused(where: string, found: unknown, known: readonly string[]): LaunchpadError {
  const meant = typeof found === "string" && Object.hasOwn(suffixes, found) ? suffixes[found] : undefined;
  const hint = meant === undefined ? optionHint(String(found), known) : `did you mean ${JSON.stringify(meant)}?`;
  const message = `${where}: compression: found ${JSON.stringify(found)}; ${hint}`;
  return new LaunchpadError("CONFIG_INVALID", message);
}
