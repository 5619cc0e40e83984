import { LaunchpadError } from "../../errors.ts";
import { formatLocation, locate } from "../../util/paths.ts";
import type { OpenContext } from "../types.ts";
import { dbmsUrl } from "./dbms-url.ts";
import { partAmongOptions } from "./options/database-options.ts";

/** Where a database is, and who asks. */
export interface Address {
  /** In lower case, with its colon, and without the driver that SQLAlchemy puts there: `postgresql:`. */
  readonly scheme: string;
  /** The URL as it was given; for files an absolute one. */
  readonly url: string;
  /** For messages, without credentials. */
  readonly shown: string;
  /** The file that must be there, because libSQL would create an empty database instead. */
  readonly file?: URL;
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** What stands behind `?`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Whether the URL is written as for SQLAlchemy: `oracle+cx_oracle:`. */
  readonly sqlAlchemy: boolean;
  readonly authToken: string | undefined;
}

const memory = "file::memory:";

/** Keys of a `dbms` entry that stand for a part of its URL, and win over it. */
const parts = ["host", "port", "user", "password", "database"] as const;

/**
 * Creates the address of the database of a `dbms` entry: `url`, or `connection_string` as ML Launchpad calls it.
 * SQLAlchemy's forms are understood: `postgresql+psycopg2://`, `sqlite:///relative.db`, `sqlite:////absolute.db`,
 * `sqlite://` for memory.
 *
 * @param context What the source or sink is opened with.
 *
 * @returns The address.
 *
 * @throws CONFIG_INVALID when there is none, or it cannot be read.
 */
export function addressOf(context: OpenContext): Address {
  const { dbms = {}, base, where, host } = context;
  const given = dbmsUrl(dbms, where);
  const authToken = typeof dbms.auth_token === "string" ? dbms.auth_token : undefined;
  const nothing = { host: "", port: undefined, user: undefined, password: undefined, database: undefined } as const;
  const rest = { ...nothing, parameters: new Map<string, string>(), sqlAlchemy: false, authToken };

  const url = fromSqlAlchemy(given);
  if (url.startsWith(memory) || url === ":memory:") {
    return { ...rest, scheme: "file:", url: url === ":memory:" ? memory : url, shown: "a database in memory" };
  }
  if (/^file:/i.test(url)) {
    const root = base ?? host.files?.cwd;
    const located = root ? locate(url, root) : url;
    const shown = formatLocation(located, host.files?.cwd);
    if (!URL.canParse(located)) {
      throw new LaunchpadError("CONFIG_INVALID", `${where}: its dbms entry has a url that is none: ${shown}`);
    }
    return { ...rest, scheme: "file:", url: located, shown, file: new URL(located) };
  }
  const [, scheme = "", driver] = /^([a-z][a-z0-9.-]*)(\+\w+)?:/i.exec(url) ?? [];
  const plain = `${scheme.toLowerCase()}:`;
  if (scheme === "") {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: its dbms entry has a url with no scheme, one such as postgresql://host/database or file:./data.db expected`,
    );
  }
  return { ...rest, scheme: plain, url, shown: formatLocation(url), sqlAlchemy: driver !== undefined };
}

/**
 * Creates the address of a database behind a server from that of its entry: the parts of its URL, which keys of the
 * entry beside it (`host`, `port`, `user`, `password`, `database`) replace.
 *
 * @param address The address of the entry.
 * @param context What the source or sink is opened with.
 *
 * @returns The address, with its parts.
 *
 * @throws CONFIG_INVALID when the URL cannot be read, or a key is not as expected.
 */
export function serverAddress(address: Address, { dbms = {}, where }: OpenContext): Address {
  // `new URL` treats the schemes that it does not know alike; the driver's name would only be in the way.
  const plain = address.url.replace(/^[^:]*:/, address.scheme);
  if (!URL.canParse(plain) || !/^[^:]*:\/\//.test(plain)) {
    const advice = 'One such as postgresql://host/database expected; in a password, write "/" as %2F, "#" as %23';
    throw new LaunchpadError("CONFIG_INVALID", `${where}: its dbms entry has a url that is none. ${advice}`);
  }
  const url = new URL(plain);
  for (const key of parts) {
    const value = dbms[key] ?? partAmongOptions(dbms.options, key);
    const right = typeof value === "string" || (key === "port" && typeof value === "number");
    if (value === undefined || value === null || right) continue;
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: its dbms entry: ${key}: text expected, found ${typeof value}`,
    );
  }
  const text = (key: (typeof parts)[number], otherwise: string) => {
    const value = dbms[key] ?? partAmongOptions(dbms.options, key);
    const found = value === undefined || value === null ? decoded(otherwise) : String(value);
    return found === "" ? undefined : found;
  };
  const port = text("port", url.port);
  if (port !== undefined && !/^\d{1,5}$/.test(port)) {
    throw new LaunchpadError("CONFIG_INVALID", `${where}: its dbms entry: port: a number expected, found ${port}`);
  }
  const host = text("host", url.hostname.replace(/^\[(.*)\]$/, "$1")) ?? "localhost";
  const database = text("database", url.pathname.replace(/^\//, ""));
  const shown = `${address.scheme}//${host}${port === undefined ? "" : `:${port}`}/${database ?? ""}`;
  return {
    ...address,
    shown,
    host,
    port: port === undefined ? undefined : Number(port),
    user: text("user", url.username),
    password: text("password", url.password),
    database,
    parameters: new Map(url.searchParams),
  };
}

/**
 * Finds what no message may hold: the password and the token, wherever they stand.
 *
 * @param address The address.
 *
 * @returns The texts, also as they are written in the URL.
 */
export function secretsOf(address: Address): string[] {
  const url = URL.canParse(address.url) ? new URL(address.url) : undefined;
  const written = url?.password ?? "";
  const found = [address.password, written, decoded(written), address.authToken, url?.searchParams.get("authToken")];
  return [...new Set(found)].filter((secret): secret is string => typeof secret === "string" && secret !== "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function fromSqlAlchemy(given: string): string {
  // Redshift speaks the protocol of PostgreSQL.
  const url = given.replace(/^redshift(?=[+:])/i, "postgresql");
  const path = /^sqlite(?:\+\w+)?:\/\/(?:\/(.*))?$/is.exec(url);
  if (path === null) return url.replace(/^sqlite(?:\+\w+)?:/i, "file:");
  const [, file = ""] = path;
  if (file === "" || file === ":memory:") return memory;
  if (file.startsWith("/")) return `file://${file}`;
  return /^[A-Za-z]:[\\/]/.test(file) ? `file:///${file.replaceAll("\\", "/")}` : `file:${file}`;
}

/**
 * Finds the scheme that decides which dialect serves a URL.
 *
 * @param url The URL, in any form that a `dbms` entry may have.
 *
 * @returns The scheme in lower case with its colon and without a driver, `file:` for SQLite; empty if there is none.
 */
export function databaseScheme(url: string): string {
  if (/^(file|sqlite)\b|^:memory:$/i.test(url)) return "file:";
  const [, scheme] = /^([a-z][a-z0-9.-]*)(?:\+\w+)?:/i.exec(url.replace(/^redshift(?=[+:])/i, "postgresql")) ?? [];
  return scheme === undefined ? "" : `${scheme.toLowerCase()}:`;
}
