import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import postgres from "postgres";
import { createHost } from "../../../runtimes/node.ts";
import { source } from "../../../src/data/sql/index.ts";
import { startPostgres } from "../../databases/servers.ts";
import type { Comparison, Context, Findings, Missing } from "../tool/benchmark.ts";
import { reasonOf } from "../tool/reason.ts";
import { type Contenders, inTurns, pick } from "../tool/turns.ts";

/** 9 columns: 5 numbers, 2 texts, a boolean and a timestamp. */
const columns =
  "id integer, a double precision, b double precision, c integer, d bigint, name text, kind text, ok boolean, at timestamp";
const query = "select * from bench";

const open = async (url: string) =>
  source.open({ name: "rows", entry: { type: "dbms.db", query }, dbms: { url }, where: "bench", host: createHost() });

type Driver = Awaited<ReturnType<typeof open>>;

/** The time that passed, and the time that this process computed, in ms: on a machine that does other things, the latter tells more. */
interface Taken {
  readonly passed: number;
  readonly computed: number;
}

/** What a database's client does, and what Launchpad does with it: each gives the number of rows. */
function contendersOf(driver: Driver, bare: () => Promise<number>): Contenders<number> {
  return {
    "bare client, objects": bare,
    frame: async () => (await driver.frame?.({ params: {} }))?.length ?? 0,
    batches: async () => {
      let found = 0;
      for await (const frame of driver.batches?.({ params: {}, size: 10_000 }) ?? []) found += frame.length;
      return found;
    },
    rows: async () => {
      let found = 0;
      for await (const frame of driver.batches?.({ params: {}, size: 10_000 }) ?? []) {
        for (const row of frame.rows()) found += row === undefined ? 0 : 1;
      }
      return found;
    },
  };
}

async function compare(
  context: Context,
  subject: string,
  rows: number,
  contenders: Contenders<number>,
): Promise<readonly Comparison[]> {
  context.say(subject);
  const timed = Object.entries(contenders).map(([name, read]) => [
    name,
    async (): Promise<Taken> => {
      const [before, used] = [performance.now(), process.cpuUsage()];
      const found = await read();
      if (found !== rows) throw new Error(`${subject}, ${name}: found ${found} rows of ${rows}`);
      const { user, system } = process.cpuUsage(used);
      return { passed: performance.now() - before, computed: (user + system) / 1000 };
    },
  ]);
  const found: Record<string, Taken[]> = await inTurns(Object.fromEntries(timed), context.quick ? 1 : 13, 2);
  const row = { subject, unit: "ms", baseline: "bare client, objects" };
  return [
    { ...row, measure: "time", rounds: pick(found, ({ passed }) => passed) },
    { ...row, measure: "processor time", rounds: pick(found, ({ computed }) => computed) },
  ];
}

async function fromPostgres(context: Context, rows: number): Promise<readonly Comparison[]> {
  const server = await startPostgres();
  const stop = context.atEnd(server.stop);
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(`create table bench (${columns})`);
    await sql.unsafe(`
      insert into bench
      select i, i * 1.25, random() * 1000, i % 100, i * 1000003::bigint, 'customer number ' || i, 'kind ' || i % 7, i % 3 = 0,
        timestamp '2026-01-01' + i * interval '1 minute'
      from generate_series(1, ${rows}) i
    `);
    const driver = await open(server.url);
    const contenders = contendersOf(driver, async () => (await sql.unsafe(query)).length);
    const found = await compare(context, "PostgreSQL", rows, contenders);
    await driver.close?.();
    return found;
  } finally {
    await sql.end();
    await stop();
  }
}

async function fromLibsql(context: Context, rows: number): Promise<readonly Comparison[]> {
  const url = pathToFileURL(join(context.folder, "bench.db")).href;
  const client = createClient({ url });
  try {
    await client.execute(`create table bench (${columns})`);
    await client.execute(`
      with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})
      insert into bench
      select i, i * 1.25, random() / 1e16, i % 100, i * 1000003, 'customer number ' || i, 'kind ' || i % 7, i % 3 = 0,
        strftime('%Y-%m-%d %H:%M:%S', 1767225600 + i * 60, 'unixepoch')
      from n
    `);
    const driver = await open(url);
    const contenders = contendersOf(driver, async () => (await client.execute(query)).rows.length);
    const found = await compare(context, "libSQL file", rows, contenders);
    await driver.close?.();
    return found;
  } finally {
    client.close();
  }
}

/** Rows of databases to frames, batches and rows, beside the bare client that collects objects. */
export async function sql(context: Context): Promise<Findings> {
  const rows = context.quick ? 5000 : 100_000;
  const comparisons: Comparison[] = [];
  const missing: Missing[] = [];
  for (const [what, read] of Object.entries({ PostgreSQL: fromPostgres, "libSQL file": fromLibsql })) {
    try {
      comparisons.push(...(await read(context, rows)));
    } catch (error) {
      missing.push({ what, reason: reasonOf(error) });
    }
  }
  return { comparisons, missing, notes: [`${rows.toLocaleString("en-US")} rows of nine columns, on Node.`] };
}
