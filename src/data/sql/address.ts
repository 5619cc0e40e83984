import { locate, showLocation } from "../../config/locations.ts";
import { LaunchpadError } from "../../errors.ts";
import type { OpenContext } from "../types.ts";

/** Where a database is. */
export interface Address {
  /** As libSQL takes it. */
  readonly url: string;
  /** For messages, without credentials. */
  readonly shown: string;
  /** The file that must be there, because libSQL would create an empty database instead. */
  readonly file?: URL;
}

const served = ["libsql:", "https:", "http:", "wss:", "ws:"];
const memory = "file::memory:";

/**
 * Creates the address of the database of a `dbms` entry: `url`, or `connection_string` as ML Launchpad calls it.
 * SQLAlchemy's form is understood: `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite://` for memory.
 *
 * @param context What the source or sink is opened with.
 *
 * @returns The address.
 *
 * @throws CONFIG_INVALID when there is none, or nothing serves its scheme.
 */
export function addressOf({ dbms = {}, base, where, host }: OpenContext): Address {
  const given = dbms.url ?? dbms.connection_string;
  if (typeof given !== "string" || given === "") {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: its dbms entry has no url, the location of the database expected`,
    );
  }
  const url = fromSqlAlchemy(given);
  if (url.startsWith(memory) || url === ":memory:") {
    return { url: url === ":memory:" ? memory : url, shown: "a database in memory" };
  }
  if (/^file:/i.test(url)) {
    const root = base ?? host.files?.cwd;
    const located = root ? locate(url, root) : url;
    const shown = showLocation(located, host.files?.cwd);
    if (!URL.canParse(located)) {
      throw new LaunchpadError("CONFIG_INVALID", `${where}: its dbms entry has a url that is none: ${shown}`);
    }
    return { url: located, shown, file: new URL(located) };
  }
  const shown = showLocation(url);
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0].toLowerCase();
  if (scheme === undefined || !served.includes(scheme)) {
    const found = scheme === undefined ? "no scheme" : scheme;
    const known = ["file:", "sqlite:", ...served].join(", ");
    const message = `${where}: its dbms entry has a url with ${found}; served are ${known}`;
    throw new LaunchpadError("CONFIG_INVALID", message);
  }
  return { url, shown };
}

function fromSqlAlchemy(url: string): string {
  const path = /^sqlite(?:\+\w+)?:\/\/(?:\/(.*))?$/is.exec(url);
  if (path === null) return url;
  const [, file = ""] = path;
  if (file === "" || file === ":memory:") return memory;
  if (file.startsWith("/")) return `file://${file}`;
  return /^[A-Za-z]:[\\/]/.test(file) ? `file:///${file.replaceAll("\\", "/")}` : `file:${file}`;
}
