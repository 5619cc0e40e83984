import { LaunchpadError } from "../../errors.ts";
import type { OpenContext } from "../types.ts";
import { addressOf, secretsOf, serverAddress } from "./address.ts";
import type { SqlConnection, SqlDialect, SqlProblem } from "./dialect.ts";
import { dialectOf, ownDialect } from "./dialects.ts";
import { explained, problemOf } from "./failures.ts";
import { readSqlOptions, type SqlOptions } from "./options/database-options.ts";
import { createPool, type Pool } from "./pool.ts";
import { readAuthority, warnOfPlainText } from "./tls.ts";

/** A database of a configuration. */
export interface Database {
  readonly dialect: SqlDialect;
  readonly options: SqlOptions;
  readonly pool: Pool;
  /** The beginning of a message: which source or sink. */
  readonly at: string;
  /** The error that a user gets to see for what a client threw. */
  explain(thrown: unknown): LaunchpadError;
  /** What an error is about. */
  problemOf(thrown: unknown): SqlProblem | undefined;
}

/**
 * Finds the dialect of a `dbms` entry and creates its database. The client is loaded, and nothing is connected yet.
 *
 * @param context What a source or sink is opened with.
 * @param create Whether a file that is not there is made, when it is first written to.
 *
 * @returns The database.
 *
 * @throws CONFIG_INVALID when the entry is not as expected.
 * @throws MODULE_NOT_FOUND when the client's package is not installed.
 * @throws DATA_UNAVAILABLE when it is a file that is not there.
 */
export async function openDatabase(context: OpenContext, create = false): Promise<Database> {
  const { entry, name, where, host } = context;
  const at = `[${String(entry.type)}] ${name}`;
  const given = addressOf(context);
  const dialect = await dialectOf(given.scheme, host, where);
  const address = dialect.served ? serverAddress(given, context) : given;
  const ca = dialect.served ? await readAuthority(address, host, where, context.base) : undefined;
  const options: SqlOptions = { ...readSqlOptions(context), ca };
  const secrets = secretsOf(address);
  const explain = (thrown: unknown) => explained(thrown, { dialect, at: `${at}: ${address.shown}`, secrets, options });

  if (address.file !== undefined) {
    if (host.files === undefined) {
      const message = `${at}: ${address.shown}: there are no files on ${host.runtime.name}; give the url of a server`;
      throw new LaunchpadError("DATA_UNAVAILABLE", message);
    }
    if (!create && !(await host.files.exists(address.file))) {
      throw new LaunchpadError("DATA_UNAVAILABLE", `${at}: ${address.shown}: there is no such database file`);
    }
  }
  // Where there are no files, nothing can be installed: what such a host reaches is in its own dialects.
  if (dialect.served && host.files === undefined && !ownDialect(host, address.scheme)) {
    const message = `${at}: ${address.shown}: ${dialect.name} is not reached from ${host.runtime.name}; take a libSQL server`;
    throw new LaunchpadError("DATA_UNAVAILABLE", message);
  }
  if (dialect.served && !dialect.encrypts) warnOfPlainText(host.log.child("data"), at, address, options);
  let connect: () => Promise<SqlConnection>;
  try {
    connect = await dialect.load(address, options);
  } catch (thrown) {
    throw explain(thrown);
  }
  /** An empty file is an empty database; libSQL would not make the folders above it. */
  const prepare = async () => {
    const { file } = address;
    if (create && file && host.files && !(await host.files.exists(file)))
      await host.files.write(file, new Uint8Array());
  };
  const most = dialect.connections?.(address) ?? options.max_connections;
  return {
    dialect,
    options,
    at,
    explain,
    problemOf: (thrown) => problemOf(thrown, dialect),
    pool: createPool(async () => {
      try {
        await prepare();
        return await within(options.connect_timeout, connect());
      } catch (thrown) {
        throw explain(thrown);
      }
    }, most),
  };
}

/** Clients have time limits of their own, which begin when there is a connection, or end when there is one. */
async function within(seconds: number, connecting: Promise<SqlConnection>): Promise<SqlConnection> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // A moment more, so that the client says itself what took so long.
  const limit = seconds * 1000 + 250;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(Object.assign(new Error(`no connection after ${seconds} s`), { code: "ETIMEDOUT" })),
      limit,
    );
  });
  try {
    return await Promise.race([connecting, late]);
  } catch (thrown) {
    connecting.then((connection) => connection.close()).catch(() => {});
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}
