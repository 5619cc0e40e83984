import { LaunchpadError } from "../../errors.ts";
import { optionHint } from "../access/messages.ts";

/** How the bytes of a file are compressed; `infer` goes by its name, or by what the server says of it. */
const compressions = ["infer", "gzip", "none"] as const;

export type Compression = (typeof compressions)[number];

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
  const found = compressions.find((known) => known === compression);
  if (found === undefined) {
    const message = `${where}: compression: found ${JSON.stringify(compression)}; ${optionHint(String(compression), compressions)}`;
    throw new LaunchpadError("CONFIG_INVALID", message);
  }
  return {
    timeout: seconds("timeout", timeout),
    deadline: seconds("deadline", deadline),
    compression: found,
    maxBytes: most,
  };
}
