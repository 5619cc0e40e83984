import type { Client, InValue } from "@libsql/client";
import { redact } from "../../config/redact.ts";
import { LaunchpadError, messageOf } from "../../errors.ts";
import { untilAborted } from "../failure.ts";
import { hint, quote } from "../hint.ts";
import type { Cell, OpenContext, Params, ReadRequest, SourceType } from "../types.ts";
import { type Address, addressOf } from "./address.ts";
import { parseQuery } from "./parameters.ts";
import { frameOfResult, type SqlResult } from "./result.ts";

/** The codes with which a database says that the query, and not the connection, is wrong. */
const queryIsWrong = /^(SQLITE_(ERROR|UNKNOWN|MISMATCH|RANGE|CONSTRAINT|TOOBIG|READONLY|AUTH)|SQL_|ARGS_)/;

/** Databases that libSQL reaches: SQLite files and libSQL servers. */
export const source: SourceType = {
  serves: ["dbms.sql"],
  async open(context) {
    const { entry, name, where } = context;
    const at = `[${String(entry.type)}] ${name}`;
    const { query } = entry;
    if (typeof query !== "string" || query.trim() === "") {
      throw new LaunchpadError("CONFIG_INVALID", `${where}: query: SQL expected, found ${typeof query}`);
    }
    const { names, others } = parseQuery(query);
    if (others.length > 0) {
      const found = others.map(quote).join(", ");
      throw new LaunchpadError("CONFIG_INVALID", `${where}: query: parameters are written :name, found ${found}`);
    }
    const address = addressOf(context);
    const client = await connect(address, context, at);

    const frame = async ({ params, signal }: ReadRequest) => {
      const args = bind(params, names, at);
      const result = await untilAborted(client.execute({ sql: query, args }), signal).catch((thrown) => {
        if (signal?.aborted) throw thrown;
        throw explained(thrown, `${at}: ${address.shown}`, secretsOf(context));
      });
      return frameOfResult(result as unknown as SqlResult, at);
    };
    return {
      frame,
      async *batches({ size, ...request }) {
        const all = await frame(request);
        for (let start = 0; start === 0 || start < all.length; start += size) yield all.slice(start, start + size);
      },
      close: () => client.close(),
    };
  },
};

async function connect({ url, shown, file }: Address, context: OpenContext, at: string): Promise<Client> {
  const { dbms = {}, host } = context;
  if (file !== undefined) {
    if (host.files === undefined) {
      const message = `${at}: ${shown}: there are no files on ${host.runtime.name}; give the url of a server`;
      throw new LaunchpadError("DATA_UNAVAILABLE", message);
    }
    if (!(await host.files.exists(file))) {
      throw new LaunchpadError("DATA_UNAVAILABLE", `${at}: ${shown}: there is no such database file`);
    }
  }
  const authToken = typeof dbms.auth_token === "string" ? { authToken: dbms.auth_token } : {};
  try {
    const { createClient } = await import("@libsql/client");
    return createClient({ url, intMode: "bigint", ...authToken });
  } catch (thrown) {
    throw explained(thrown, `${at}: ${shown}`, secretsOf(context));
  }
}

/** Every parameter needs a value and every value a parameter: libSQL would bind NULL, or nothing, without a word. */
function bind(params: Params, names: readonly string[], at: string): Record<string, InValue> {
  const given = Object.keys(params);
  const problems = [
    ...names
      .filter((name) => !given.includes(name) || params[name] === undefined)
      .map((name) => `the query needs a value for :${name}`),
    ...given
      .filter((name) => !names.includes(name))
      .map((name) => `the query has no parameter :${name}; ${hint(name, names)}`),
  ];
  if (problems.length > 0) {
    throw new LaunchpadError("DATA_INVALID", problems.map((problem) => `${at}: ${problem}`).join("\n"));
  }
  return Object.fromEntries(names.map((name) => [name, toSql(params[name] ?? null, name, at)]));
}

/** Whole numbers are bound as integers, as Python does: a real would not be equal to the text of a code. */
function toSql(value: Cell, name: string, at: string): InValue {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "number") {
    if (Number.isNaN(value)) return null;
    if (Number.isSafeInteger(value)) return BigInt(value);
  }
  const held =
    value === null ||
    typeof value === "string" ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value)) ||
    (typeof value === "bigint" && BigInt.asIntN(64, value) === value);
  if (held) return value;
  const found = typeof value === "object" ? "an object" : String(value);
  throw new LaunchpadError("DATA_INVALID", `${at}: :${name}: a value that SQL can hold expected, found ${found}`);
}

function explained(thrown: unknown, at: string, secrets: readonly string[]): LaunchpadError {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  const reason =
    thrown instanceof Error && thrown.cause instanceof Error
      ? `${messageOf(thrown)} (${messageOf(thrown.cause)})`
      : messageOf(thrown);
  const hidden = secrets.reduce((text, secret) => text.replaceAll(secret, "***"), reason);
  // The cause is printed as well, so it goes where it repeats a secret.
  const cause = hidden === reason ? { cause: thrown } : {};
  const kind = queryIsWrong.test(code) ? "DATA_INVALID" : "DATA_UNAVAILABLE";
  return new LaunchpadError(kind, `${at}: ${redact(hidden)}`, cause);
}

/** What no message may hold: the token, and whatever stands in the url for a user, a password or a token. */
function secretsOf({ dbms = {} }: OpenContext): string[] {
  const url = String(dbms.url ?? dbms.connection_string ?? "");
  const parts = URL.canParse(url) ? new URL(url) : undefined;
  const found = [dbms.auth_token, parts?.password, parts?.searchParams.get("authToken")];
  return found.filter((secret) => typeof secret === "string" && secret !== "") as string[];
}
