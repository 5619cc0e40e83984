import { LaunchpadError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import type { Logger } from "../../log.ts";
import { zoneOf } from "../../util/private-host.ts";
import type { Address } from "./address.ts";
import type { SqlOptions } from "./options/database-options.ts";

/** Parameters of a URL that say how a connection is encrypted. */
const said = ["sslmode", "ssl", "encrypt"];
/** Parameters that name a file of certificates, by PostgreSQL and by SQLAlchemy's clients of MySQL. */
const authorities = ["sslrootcert", "ssl_ca"];
/** Files that show who asks. */
const own = ["sslcert", "sslkey", "ssl_cert", "ssl_key"];

/**
 * Encryption of a connection where nothing says what it should be: with a server elsewhere it is tried, as PostgreSQL's own
 * client does. Nobody checks its certificate then, so it keeps out who listens and not who pretends to be the server.
 *
 * @param address Where the database is.
 * @param options What the entry says.
 *
 * @returns Whether to try.
 */
export function prefersTls({ host, parameters }: Address, options: SqlOptions): boolean {
  if (options.tls !== undefined || said.some((key) => parameters.has(key))) return false;
  return !host.startsWith("/") && zoneOf(host.includes(":") ? `[${host}]` : host) !== "loopback";
}

/**
 * Warns of a server elsewhere whose connection nobody has decided about.
 *
 * @param log Where to.
 * @param at The beginning of the message.
 * @param address Where the database is.
 * @param options What the entry says.
 */
export function warnOfPlainText(log: Logger, at: string, address: Address, options: SqlOptions): void {
  if (!prefersTls(address, options)) return;
  const message = `${at}: ${address.shown}: its connection may not be encrypted, and its certificate is not checked`;
  log.warning(`${message}. Set options.tls of the dbms entry: true, unverified or false`);
}

/**
 * Reads the certificates that the URL of a database names.
 *
 * @param address Where the database is.
 * @param host Which has the files.
 * @param where Where the entry stands, for messages.
 * @param base What relative paths are relative to.
 *
 * @returns The certificates (PEM), if any are named.
 *
 * @throws CONFIG_INVALID for what is not served: certificates of a client.
 */
export async function readAuthority(
  { parameters }: Address,
  { files }: Host,
  where: string,
  base: URL | undefined,
): Promise<string | undefined> {
  const refused = own.find((key) => parameters.has(key));
  if (refused !== undefined) {
    const message = `${where}: its dbms entry has a url with ${refused}, expected none: certificates of clients are not served`;
    throw new LaunchpadError("CONFIG_INVALID", `${message}. Log in by user and password`);
  }
  const key = authorities.find((name) => parameters.has(name));
  const path = key === undefined ? "" : (parameters.get(key) ?? "");
  if (path === "" || path === "system" || files === undefined) return undefined;
  const url = new URL(path.startsWith("/") ? `file://${path}` : path, base ?? files.cwd);
  return new TextDecoder().decode(await files.read(url));
}
