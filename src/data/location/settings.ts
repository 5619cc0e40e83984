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
}

const defaultTimeout = 30;

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
  const { timeout = defaultTimeout, compression = "infer" } = entry;
  const seconds = Number(timeout);
  if (typeof timeout === "object" || !(seconds > 0 && seconds <= 86_400)) {
    const message = `${where}: timeout: a number of seconds above 0 expected, found ${JSON.stringify(timeout)}`;
    throw new LaunchpadError("CONFIG_INVALID", message);
  }
  const found = compressions.find((known) => known === compression);
  if (found === undefined) {
    const message = `${where}: compression: found ${JSON.stringify(compression)}; ${optionHint(String(compression), compressions)}`;
    throw new LaunchpadError("CONFIG_INVALID", message);
  }
  return { timeout: seconds, compression: found };
}
