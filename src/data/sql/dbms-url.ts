import { LaunchpadError } from "../../errors.ts";

/** Words of a URL that only a driver of ODBC understands. */
const odbcOnly = /[?&;]\s*(odbc_connect|dsn|trusted_connection|integrated[ _]security)\s*=/i;

/**
 * URL of the database of a `dbms` entry, as ML Launchpad's users write it: `url`, or `connection_string`; for `type: oracle`
 * also `host`, `port` and `service_name`.
 *
 * @param dbms The entry.
 * @param where Where it stands, for messages.
 *
 * @returns The URL.
 *
 * @throws CONFIG_INVALID when there is none, there are two, or it is one that ODBC alone can follow.
 */
export function dbmsUrl(dbms: Readonly<Record<string, unknown>>, where: string): string {
  const invalid = (message: string) => new LaunchpadError("CONFIG_INVALID", `${where}: its dbms entry ${message}`);
  const { url, connection_string } = dbms;
  if (url !== undefined && connection_string !== undefined) {
    throw invalid("has a url and a connection_string, expected one of them. Remove the other.");
  }
  const given = url ?? connection_string;
  if (typeof given !== "string" || given === "") {
    if (dbms.type === "oracle") return oracleUrl(dbms, invalid);
    throw invalid("has no url, the location of the database expected");
  }
  if (isOdbc(given)) {
    throw invalid(
      "has a url for ODBC (a driver, a DSN or a login of Windows), expected one that names host, user and password: ODBC is not served. " +
        "Write postgresql://, mysql://, mssql:// or oracle:// with user:password@host/database.",
    );
  }
  return given;
}

/** A URL with pyodbc and without a host names a DSN, or hands everything to ODBC. */
function isOdbc(url: string): boolean {
  if (/^odbc\b/i.test(url) || odbcOnly.test(url)) return true;
  const [, rest = ""] = /^[a-z]+\+(?:pyodbc|aioodbc):\/\/([^?]*)/i.exec(url) ?? [];
  if (!/^[a-z]+\+(pyodbc|aioodbc):/i.test(url)) return false;
  const [authority = "", database] = rest.replace(/^[^@/]*@/, "").split("/");
  return authority === "" || (database === undefined && !/[.:]|^localhost$/.test(authority));
}

function oracleUrl(dbms: Readonly<Record<string, unknown>>, invalid: (message: string) => LaunchpadError): string {
  const { host, port = 1521, service_name: service } = dbms;
  if (typeof host !== "string" || host === "" || typeof service !== "string" || service === "") {
    throw invalid(
      'of type oracle has no url, expected "host" and "service_name" (and "port", 1521 unless told), or a url such as oracle://host:1521/service',
    );
  }
  return `oracle://${host}:${port}/?service_name=${encodeURIComponent(service)}`;
}
