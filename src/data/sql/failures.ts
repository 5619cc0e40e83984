import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import { redact } from "../../util/redact.ts";
import type { SqlDialect, SqlProblem } from "./dialect.ts";
import type { SqlOptions } from "./options/database-options.ts";

/** What the operating system and the clients say about a server that cannot be reached. */
const network: Readonly<Record<string, SqlProblem>> = {
  ECONNREFUSED: "unreachable",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ConnectionRefused: "unreachable",
  ETIMEDOUT: "timeout",
  ECONNRESET: "lost",
  EPIPE: "lost",
};

/** What a user is told besides what the database says. */
const advice: Readonly<Record<SqlProblem, (options: SqlOptions) => string>> = {
  login: () => "the database does not let this user in. Check user and password (or user_var and password_var)",
  database: () => "there is no such database. Check the url",
  unreachable: () => "the server cannot be reached. Check host and port, and whether it runs",
  timeout: ({ connect_timeout }) =>
    `the server cannot be reached: no answer within ${connect_timeout} s (options.connect_timeout). Check host and port`,
  lost: () => "the connection to the server was lost",
  "no-table": () => "",
  "no-type": () => "the type of a parameter is not known. Write it in the query: :name::text",
  query: () => "",
};

/** The problems with what was asked, rather than with whom. */
const invalid: ReadonlySet<SqlProblem | undefined> = new Set(["query", "no-table", "no-type"]);

/** What else an error says: its code, and the error that led to it. */
interface Thrown {
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** How deep the errors behind an error are looked at. */
const maxCauses = 5;

/**
 * Finds what an error of a client is about.
 *
 * @param thrown What the client threw.
 * @param dialect Whose client it is.
 *
 * @returns The problem; undefined if it is not known.
 */
export function problemOf(thrown: unknown, dialect: SqlDialect): SqlProblem | undefined {
  for (
    let error = thrown as Thrown | undefined, depth = 0;
    typeof error === "object" && error && depth < maxCauses;
    depth++
  ) {
    const problem = dialect.problemOf(error) ?? network[String(error.code)];
    if (problem !== undefined) return problem;
    error = (error.cause ?? error.errors?.[0]) as Thrown | undefined;
  }
  return undefined;
}

/**
 * Creates the error that a user gets to see for what a client threw.
 *
 * @param thrown What it threw.
 * @param context Whose client it is, the beginning of the message, what may not be in it, and the options.
 *
 * @returns DATA_INVALID when the query, the table or the values are wrong, else DATA_UNAVAILABLE.
 */
export function explained(
  thrown: unknown,
  context: {
    readonly dialect: SqlDialect;
    readonly at: string;
    readonly secrets: readonly string[];
    readonly options: SqlOptions;
  },
): LaunchpadError {
  if (isLaunchpadError(thrown)) return thrown;
  const { dialect, at, secrets, options } = context;
  const problem = problemOf(thrown, dialect);
  const reason = reasonOf(thrown);
  const hidden = secrets.reduce((text, secret) => text.replaceAll(secret, "***"), reason);
  // The cause is printed as well, so it goes where it repeats a secret.
  const cause = hidden === reason ? { cause: thrown } : {};
  const told = problem === undefined ? "" : advice[problem](options);
  const said = redact(hidden)
    .trim()
    .replace(/\s*\n\s*/g, " ");
  const message = told === "" ? said : `${told} (${said})`;
  const kind = invalid.has(problem) ? "DATA_INVALID" : "DATA_UNAVAILABLE";
  return new LaunchpadError(kind, `${at}: ${message}`, cause);
}

/** What an error says, and what the one behind it says if that is more. */
function reasonOf(thrown: unknown): string {
  const { code, cause, errors } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Thrown;
  const own = thrown instanceof Error && thrown.message === "" && code !== undefined ? String(code) : messageOf(thrown);
  const inner = cause ?? (own === String(code) ? errors?.[0] : undefined);
  if (!(inner instanceof Error)) return own;
  const behind = messageOf(inner);
  return own.includes(behind) ? own : `${own} (${behind})`;
}
