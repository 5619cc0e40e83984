import { LaunchpadError } from "../../errors.ts";
import { untilAborted } from "../access/failure.ts";
import { quote } from "../access/messages.ts";
import { wholeFrame } from "../frame/whole-frame.ts";
import type { Frame, ReadRequest, SourceType } from "../types.ts";
import { type FrameBuilder, frameBuilder } from "./columns.ts";
import { type Database, openDatabase } from "./database.ts";
import type { SqlConnection, SqlReading } from "./dialect.ts";
import { readSourceOptions } from "./options/source-options.ts";
import { parseQuery, renderQuery } from "./parameters.ts";
import { frameShaper } from "./shape-frame.ts";
import { bindParams } from "./values/values.ts";

/** Databases, by the scheme of their URL. */
export const source: SourceType = {
  serves: ["dbms.sql", "dbms.oracle"],
  async open(context) {
    const { entry, where } = context;
    const { query } = entry;
    if (typeof query !== "string" || query.trim() === "") {
      throw new LaunchpadError("CONFIG_INVALID", `${where}: query: SQL expected, found ${typeof query}`);
    }
    const shape = readSourceOptions(context);
    const { coerce_float } = shape;
    const database = coerced(await openDatabase(context), coerce_float);
    const { at, dialect, pool } = database;
    const parsed = parseQuery(query, dialect.lexicon);
    if (parsed.others.length > 0) {
      await pool.close();
      const found = parsed.others.map(quote).join(", ");
      throw new LaunchpadError("CONFIG_INVALID", `${where}: query: parameters are written :name, found ${found}`);
    }
    const { sql, order } = renderQuery(parsed, dialect);

    async function* batches({ params, signal, size }: ReadRequest & { readonly size: number }): AsyncGenerator<Frame> {
      const values = bindParams({ ...shape.params, ...params }, parsed.names, at);
      const bound = order.map((name) => values.get(name) ?? null);
      const connection = await pool.acquire(signal);
      const shaped = frameShaper(shape, at);
      const frames = reading(database, connection, () => connection.read(sql, bound, size), { size, signal });
      for await (const frame of frames) yield shaped(frame);
    }
    return {
      batches,
      frame: (request) => wholeFrame(batches, request, at),
      close: () => pool.close(),
    };
  },
};

/** pandas' option says what decimals become, as the database's own does. */
function coerced(database: Database, coerce: boolean | undefined): Database {
  if (coerce === undefined) return database;
  return { ...database, options: { ...database.options, decimals: coerce ? "float64" : "str" } };
}

/** The frames of a result. However it ends, the query ends on the server and the connection goes back. */
async function* reading(
  { at, options, pool, explain }: Database,
  connection: SqlConnection,
  begin: () => SqlReading,
  { size, signal }: { readonly size: number; readonly signal: AbortSignal | undefined },
): AsyncGenerator<Frame> {
  let running: SqlReading | undefined;
  try {
    signal?.throwIfAborted();
    running = begin();
    let builder: FrameBuilder | undefined;
    for (;;) {
      const part = await untilAborted(running.next(), signal);
      if (part === undefined) break;
      builder ??= frameBuilder(part.columns, at, options);
      builder.push(part.rows);
      if (Number.isFinite(size)) yield* pieces(builder.take(), size);
    }
    running = undefined;
    if (builder !== undefined && !Number.isFinite(size)) yield builder.take();
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    throw explain(thrown);
  } finally {
    const stopping = running?.stop() ?? Promise.resolve();
    const given = stopping.then(
      () => pool.release(connection),
      () => pool.discard(connection),
    );
    // Whoever aborts does not wait for the server.
    if (!signal?.aborted) await given;
  }
}

/** A client that reads a result whole hands out more than was asked for. */
function* pieces(frame: Frame, size: number): Generator<Frame> {
  if (frame.length <= size) yield frame;
  else for (let start = 0; start < frame.length; start += size) yield frame.slice(start, start + size);
}
