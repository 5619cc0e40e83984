import { expected, type OptionReader, readOptions } from "../../access/options.ts";
import type { OpenContext } from "../../types.ts";

/** How Launchpad talks to a database: `options` of a `dbms` entry. */
export interface SqlOptions {
  /** Seconds until a server that does not answer counts as unreachable. */
  readonly connect_timeout: number;
  /** How many connections a source or sink may have at the same time. */
  readonly max_connections: number;
  /** Whether the connection is encrypted; `unverified` takes any certificate. Undefined: what the URL or client says. */
  readonly tls: boolean | "unverified" | undefined;
  /** What decimals become; undefined: `float64` where that holds them, else `str`. */
  readonly decimals: "float64" | "str" | undefined;
  /** The certificates (PEM) that the URL names: only servers with one of these are trusted. */
  readonly ca?: string | undefined;
}

/** The options that an entry has. */
type GivenOptions = Omit<SqlOptions, "ca">;

const defaults = { connect_timeout: 10, max_connections: 10, tls: undefined, decimals: undefined } as const;

function choice<const T>(values: readonly T[]): OptionReader<T> {
  return (value) => {
    const found = values.find((one) => one === value);
    if (found === undefined) throw expected(`one of ${values.join(", ")}`);
    return found;
  };
}

/** Names that clients of Python have for parts of a URL: ML Launchpad handed `options` to them. */
const connectArguments: Readonly<Record<string, "host" | "port" | "user" | "password" | "database">> = {
  host: "host",
  port: "port",
  user: "user",
  username: "user",
  password: "password",
  passwd: "password",
  database: "database",
  dbname: "database",
  db: "database",
};
const timeNames: Readonly<Record<string, string>> = { timeout: "connect_timeout", login_timeout: "connect_timeout" };

function argumentNamed(options: unknown, names: Readonly<Record<string, string>>, meant?: string): unknown {
  if (typeof options !== "object" || options === null) return undefined;
  const found = Object.entries(options).find(
    ([name]) => Object.hasOwn(names, name) && (meant === undefined || names[name] === meant),
  );
  return found?.[1] ?? undefined;
}

/**
 * Part of an address that stands among the options of a database, as ML Launchpad's users write it.
 *
 * @param options The section `options` of a `dbms` entry.
 * @param part Which part.
 *
 * @returns What stands there; undefined if nothing does.
 */
export function partAmongOptions(options: unknown, part: "host" | "port" | "user" | "password" | "database"): unknown {
  return argumentNamed(options, connectArguments, part);
}

/**
 * Creates the options of a database.
 *
 * @param context What a source or sink is opened with.
 *
 * @returns The options, with defaults for those that are not given.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected.
 */
export function readSqlOptions({ dbms = {}, entry, where }: OpenContext): SqlOptions {
  const others = { ignored: [...Object.keys(connectArguments), ...Object.keys(timeNames)] };
  const readers = {
    connect_timeout(value: unknown) {
      if (typeof value === "number" && value > 0 && value <= 3600) return value;
      throw expected("a number of seconds above 0, at most 3600");
    },
    max_connections(value: unknown) {
      if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
      throw expected("a whole number above 0");
    },
    tls: choice([true, false, "unverified"]),
    decimals: choice(["float64", "str"]),
  };
  const named = argumentNamed(dbms.options, timeNames);
  const given = readOptions<GivenOptions>(`${where}: ${String(entry.type)}`, dbms.options, readers, others);
  const late = named === undefined ? {} : { connect_timeout: readers.connect_timeout(Number(named)) };
  return { ...defaults, ...late, ...given };
}
