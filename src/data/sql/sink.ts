import { LaunchpadError } from "../../errors.ts";
import { untilAborted } from "../access/failure.ts";
import { quote } from "../access/messages.ts";
import { frameOf, typedColumn } from "../frame/frame.ts";
import type { Frame, SinkType } from "../types.ts";
import { type Database, openDatabase } from "./database.ts";
import type { SqlConnection } from "./dialect.ts";
import { insertFrame, tableColumns, typesOf } from "./insert.ts";
import { readSinkOptions, type SqlSinkOptions } from "./options/sink-options.ts";
import { type Table, tableOf } from "./table.ts";

/** Tables of databases, by the scheme of their URL. */
export const sink: SinkType = {
  serves: ["dbms.sql", "dbms.oracle"],
  async open(context) {
    const { entry, where } = context;
    const options = readSinkOptions(context);
    const { if_exists, index } = options;
    const database = await openDatabase(context, true);
    const table = tableOf(where, entry.table, database.dialect.quote, options.schema);
    return {
      async write(frames, signal) {
        const iterator = (index === undefined ? frames : numbered(frames, index))[Symbol.asyncIterator]();
        let connection: SqlConnection | undefined;
        try {
          const first = await iterator.next();
          if (first.done) {
            if (if_exists === "append") return;
            const message = `${database.at}: no frame and no row to make ${table.shown} of. Write a frame that has the columns and no rows`;
            throw new LaunchpadError("DATA_INVALID", message);
          }
          connection = await database.pool.acquire(signal);
          await writeTable(database, connection, { table, options, first: first.value, rest: iterator, signal });
          database.pool.release(connection);
        } catch (thrown) {
          // Whatever the session was doing, the server ends it with the connection.
          if (connection) database.pool.discard(connection);
          throw signal?.aborted ? thrown : database.explain(thrown);
        } finally {
          // What is aborted may be waiting for data that never comes.
          const ending = iterator.return?.();
          if (!signal?.aborted) await ending;
        }
      },
      async removeBefore(column, text) {
        const connection = await database.pool.acquire();
        try {
          const condition = `${database.dialect.quote(column)} < '${text.replaceAll("'", "''")}'`;
          await connection.begin();
          await connection.run(`delete from ${table.name} where ${condition}`);
          await connection.commit();
          database.pool.release(connection);
        } catch (thrown) {
          database.pool.discard(connection);
          // A table is made by the first row.
          if (database.problemOf(thrown) !== "no-table") throw database.explain(thrown);
        }
      },
      close: () => database.pool.close(),
    };
  },
};

interface Writing {
  readonly table: Table;
  readonly options: SqlSinkOptions;
  readonly first: Frame;
  readonly rest: AsyncIterator<Frame>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes all frames or nothing. Rows for a table that is there go into it in one transaction. For any other a table
 * under another name is made, filled, and put in its place at the end: so readers of a replaced table wait for the
 * exchange only, and databases that cannot take back CREATE TABLE need only drop what nobody has seen.
 */
async function writeTable(database: Database, connection: SqlConnection, writing: Writing): Promise<void> {
  const { at, dialect } = database;
  const { table, options, first, rest, signal } = writing;
  const { if_exists } = options;
  const wait = <T>(action: Promise<T>) => untilAborted(action, signal);
  const exists = await wait(tableExists(database, connection, table));
  if (exists && if_exists === "fail") {
    const advice = "Set options.if_exists to append or replace, or name another table";
    throw new LaunchpadError("DATA_INVALID", `${at}: the table ${table.shown} exists. ${advice}`);
  }
  const columns = tableColumns(first, at);
  const made = exists && if_exists !== "replace" ? undefined : table.beside("new");
  const target = made ?? table.name;
  const typeOf = typesOf(options, columns, { at, dialect });
  const create = `create table ${target} (${columns.map((column) => `${dialect.quote(column.name)} ${typeOf(column)}`).join(", ")})`;

  let created = false;
  try {
    if (!dialect.transactionalDdl && made !== undefined) {
      await wait(connection.run(create));
      created = true;
    }
    await wait(connection.begin());
    if (dialect.transactionalDdl && made !== undefined) await wait(connection.run(create));
    if (exists && if_exists === "delete_rows") await wait(connection.run(`delete from ${table.name}`));
    let row = 0;
    for (let next: IteratorResult<Frame> = { value: first }; !next.done; next = await wait(rest.next())) {
      signal?.throwIfAborted();
      await wait(insertFrame({ connection, dialect, target, columns, at }, next.value, row));
      row += next.value.length;
    }
    signal?.throwIfAborted();
    const swap =
      made === undefined
        ? []
        : dialect.swap({ made, table: table.name, bareTable: table.bare, trash: table.beside("old"), exists });
    // From here on nothing is waited for less than its end: a commit that was sent may have been done.
    if (dialect.transactionalDdl) for (const statement of swap) await connection.run(statement);
    await connection.commit();
    if (!dialect.transactionalDdl) for (const statement of swap) await connection.run(statement);
  } catch (thrown) {
    await undo(database, connection, created ? made : undefined);
    throw thrown;
  }
}

/** The number of each row, before its other columns. */
async function* numbered(frames: AsyncIterable<Frame>, label: string): AsyncGenerator<Frame> {
  let before = 0;
  for await (const frame of frames) {
    if (frame.names.includes(label)) {
      const message = `options.index: the frame has a column ${quote(label)} already. Name another by options.index_label`;
      throw new LaunchpadError("DATA_INVALID", message);
    }
    const numbers = Float64Array.from({ length: frame.length }, (_, row) => before + row);
    const others = frame.names.map((name) => [name, typedColumn(frame, name)] as const);
    yield frameOf(new Map([[label, { dtype: "int64", values: numbers }], ...others]), frame.length);
    before += frame.length;
  }
}

/** Undoes what a failed write did, by another connection if this one is busy or gone. */
async function undo({ pool }: Database, connection: SqlConnection, made: string | undefined): Promise<void> {
  const drop = async (by: SqlConnection) => {
    if (made !== undefined) await by.run(`drop table ${made}`);
  };
  try {
    await connection.rollback();
    await drop(connection);
  } catch {
    if (made === undefined) return;
    await connection.close().catch(() => {});
    const other = await pool.acquire().catch(() => undefined);
    if (other === undefined) return;
    await drop(other).then(
      () => pool.release(other),
      () => pool.discard(other),
    );
  }
}

async function tableExists(database: Database, connection: SqlConnection, table: Table): Promise<boolean> {
  try {
    const reading = connection.read(`select 1 from ${table.name} where 1 = 0`, [], Number.POSITIVE_INFINITY);
    while ((await reading.next()) !== undefined);
    return true;
  } catch (thrown) {
    if (database.problemOf(thrown) === "no-table") return false;
    throw thrown;
  }
}
