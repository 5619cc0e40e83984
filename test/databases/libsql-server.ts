import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";

/** A server for a SQLite file. */
export interface LibsqlServer {
  readonly url: string;
  /** The requests that were answered. */
  readonly requests: () => number;
  stop(): Promise<void>;
}

/** As much of the package `libsql`, on which `@libsql/client` stands, as is used here. */
interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}
interface Statement {
  safeIntegers(on: boolean): Statement;
  raw(on: boolean): Statement;
  columns(): { readonly name: string; readonly type: string | null }[];
  all(args: readonly unknown[]): unknown[][];
  run(args: readonly unknown[]): { readonly changes: number };
}

type Value = { readonly type: string; readonly value?: string | number; readonly base64?: string };
interface Stmt {
  readonly sql?: string;
  readonly sql_id?: number;
  readonly args?: readonly Value[];
}
interface Condition {
  readonly type: string;
  readonly step?: number;
  readonly cond?: Condition;
}
interface Step {
  readonly condition?: Condition;
  readonly stmt: Stmt;
}
interface Request {
  readonly type: string;
  readonly stmt?: Stmt;
  readonly batch?: { readonly steps: readonly Step[] };
  readonly sql?: string;
  readonly sql_id?: number;
}

/**
 * Starts a server that speaks the protocol of libSQL (Hrana 2 over HTTP) for a SQLite file: the server of libSQL itself
 * is in no package that CI could install. https://github.com/tursodatabase/libsql/blob/main/docs/HTTP_V2_SPEC.md
 *
 * @param path The file.
 * @param token The token that it asks for.
 *
 * @returns The running server.
 */
export async function startLibsql(path: string, token: string): Promise<LibsqlServer> {
  const fromClient = createRequire(createRequire(import.meta.url).resolve("@libsql/client"));
  const Database = fromClient("libsql") as new (path: string) => Database;
  /** A stream is a session; its baton is how a client comes back to it. */
  const streams = new Map<string, { readonly database: Database; readonly texts: Map<number, string> }>();
  let [requests, batons] = [0, 0];

  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    requests += 1;
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { error: "the token is wrong" });
    if (request.url !== "/v2/pipeline") return answer(request.url === "/v2" ? 200 : 404, {});
    const { baton, requests: asked } = (await bodyOf(request)) as { baton?: string; requests: readonly Request[] };
    const stream = (baton && streams.get(baton)) || { database: new Database(path), texts: new Map<number, string>() };
    if (baton) streams.delete(baton);
    let open = true;
    const results = asked.map((one) => {
      try {
        if (one.type === "close") {
          open = false;
          stream.database.close();
        }
        return { type: "ok", response: { type: one.type, ...respond(one, stream) } };
      } catch (thrown) {
        return { type: "error", error: errorOf(thrown) };
      }
    });
    const next = open ? `baton-${++batons}` : null;
    if (next) streams.set(next, stream);
    answer(200, { baton: next, base_url: null, results });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    async stop() {
      for (const { database } of streams.values()) database.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function respond(
  request: Request,
  stream: { readonly database: Database; readonly texts: Map<number, string> },
): object {
  const { database, texts } = stream;
  const textOf = ({ sql, sql_id }: Stmt) => sql ?? texts.get(sql_id ?? -1) ?? "";
  if (request.type === "execute" && request.stmt)
    return { result: execute(database, textOf(request.stmt), request.stmt.args) };
  if (request.type === "batch") return { result: batch(database, request.batch?.steps ?? [], textOf) };
  if (request.type === "sequence") database.exec(textOf(request));
  if (request.type === "store_sql") texts.set(request.sql_id ?? -1, request.sql ?? "");
  if (request.type === "close_sql") texts.delete(request.sql_id ?? -1);
  return {};
}

function batch(database: Database, steps: readonly Step[], textOf: (stmt: Stmt) => string): object {
  const results: (object | null)[] = [];
  const errors: (object | null)[] = [];
  const holds = ({ type, step = -1, cond }: Condition): boolean => {
    if (type === "ok") return results[step] !== null;
    if (type === "error") return errors[step] !== null;
    if (type === "not" && cond) return !holds(cond);
    throw new Error(`no condition ${type}`);
  };
  steps.forEach(({ condition, stmt }, at) => {
    results[at] = null;
    errors[at] = null;
    if (condition && !holds(condition)) return;
    try {
      results[at] = execute(database, textOf(stmt), stmt.args);
    } catch (thrown) {
      errors[at] = errorOf(thrown);
    }
  });
  return { step_results: results, step_errors: errors };
}

function execute(database: Database, sql: string, args: readonly Value[] = []): object {
  const statement = database.prepare(sql).safeIntegers(true);
  const values = args.map(fromJson);
  let returns = true;
  try {
    statement.raw(true);
  } catch {
    returns = false;
  }
  if (!returns)
    return { cols: [], rows: [], affected_row_count: statement.run(values).changes, last_insert_rowid: null };
  const cols = statement.columns().map(({ name, type }) => ({ name, decltype: type }));
  return {
    cols,
    rows: statement.all(values).map((row) => row.map(toJson)),
    affected_row_count: 0,
    last_insert_rowid: null,
  };
}

function fromJson({ type, value, base64 }: Value): unknown {
  if (type === "integer") return BigInt(value ?? 0);
  if (type === "blob") return Buffer.from(base64 ?? "", "base64");
  return type === "null" ? null : value;
}

function toJson(value: unknown): Value {
  if (value === null) return { type: "null" };
  if (typeof value === "bigint") return { type: "integer", value: String(value) };
  if (typeof value === "number") return { type: "float", value };
  return value instanceof Uint8Array
    ? { type: "blob", base64: Buffer.from(value).toString("base64") }
    : { type: "text", value: String(value) };
}

function errorOf(thrown: unknown): object {
  const { message, code = "SQLITE_ERROR" } = thrown as { message: string; code?: string };
  return { message, code };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return JSON.parse(text);
}
