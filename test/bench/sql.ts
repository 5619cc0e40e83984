/*
 * Rows of a database to a Frame, beside the bare client that collects objects; both in turns, in one run. In parentheses
 * what part of the bare client's time that is.
 *
 *   node test/bench/sql.ts [ROWS]
 *
 * Starts a PostgreSQL server of its own, and makes a libSQL file of its own.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import postgres from "postgres";
import { createHost } from "../../runtimes/node.ts";
import { source } from "../../src/data/sql/index.ts";
import { startPostgres } from "../databases/servers.ts";

const rows = Number(process.argv[2] ?? 100_000);
const rounds = 13;
const host = createHost();

/** 9 columns: 5 numbers, 2 texts, a boolean and a timestamp. */
const columns =
  "id integer, a double precision, b double precision, c integer, d bigint, name text, kind text, ok boolean, at timestamp";

async function open(url: string) {
  const context = {
    name: "rows",
    entry: { type: "dbms.db", query: "select * from bench" },
    dbms: { url },
    where: "bench",
    host,
  };
  return source.open(context);
}

/** The time that passed, and the time that this process computed: on a machine that does other things, the latter tells more. */
async function timed(run: () => Promise<number>): Promise<readonly [passed: number, computed: number]> {
  const [before, used] = [performance.now(), process.cpuUsage()];
  const found = await run();
  if (found !== rows) throw new Error(`found ${found} rows`);
  const { user, system } = process.cpuUsage(used);
  return [performance.now() - before, (user + system) / 1000];
}

const median = (times: readonly number[]) => [...times].sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;

async function measure(name: string, contenders: Readonly<Record<string, () => Promise<number>>>): Promise<void> {
  const taken = new Map(Object.keys(contenders).map((contender) => [contender, [] as (readonly [number, number])[]]));
  for (let round = -2; round < rounds; round++) {
    // Whoever comes after another clears up after it: so each comes after each.
    const order = Object.entries(contenders);
    order.push(...order.splice(0, Math.abs(round) % order.length));
    if (round % 2 === 0) order.reverse();
    for (const [contender, run] of order) {
      const times = await timed(run);
      // The first rounds warm up.
      if (round >= 0) taken.get(contender)?.push(times);
    }
  }
  const medians = [...taken].map(([contender, times]) => ({
    contender,
    passed: median(times.map(([passed]) => passed)),
    computed: median(times.map(([, computed]) => computed)),
  }));
  const [bare] = medians;
  console.log(`${name}, ${rows} rows            passed               computed`);
  for (const { contender, passed, computed } of medians) {
    const share = (time: number, whole = Number.NaN) =>
      `${time.toFixed(0).padStart(6)} ms (${(time / whole).toFixed(2)})`;
    console.log(`  ${contender.padEnd(22)} ${share(passed, bare?.passed)}    ${share(computed, bare?.computed)}`);
  }
}

async function count(driver: Awaited<ReturnType<typeof open>>): Promise<number> {
  let found = 0;
  for await (const frame of driver.batches?.({ params: {}, size: 10_000 }) ?? []) found += frame.length;
  return found;
}

const folder = await mkdtemp(join(tmpdir(), "launchpad-bench-"));
const server = await startPostgres();
try {
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  await sql.unsafe(`create table bench (${columns})`);
  await sql.unsafe(`
    insert into bench
    select i, i * 1.25, random() * 1000, i % 100, i * 1000003::bigint, 'customer number ' || i, 'kind ' || i % 7, i % 3 = 0,
      timestamp '2026-01-01' + i * interval '1 minute'
    from generate_series(1, ${rows}) i
  `);
  const driver = await open(server.url);
  await measure("PostgreSQL", {
    "bare client, objects": async () => (await sql`select * from bench`).length,
    "frame()": async () => (await driver.frame?.({ params: {} }))?.length ?? 0,
    "batches()": () => count(driver),
  });
  await driver.close?.();
  await sql.end();

  const url = pathToFileURL(join(folder, "bench.db")).href;
  const client = createClient({ url });
  await client.execute(`create table bench (${columns})`);
  await client.execute(`
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})
    insert into bench
    select i, i * 1.25, random() / 1e16, i % 100, i * 1000003, 'customer number ' || i, 'kind ' || i % 7, i % 3 = 0,
      strftime('%Y-%m-%d %H:%M:%S', 1767225600 + i * 60, 'unixepoch')
    from n
  `);
  const local = await open(url);
  await measure("libSQL file", {
    "bare client, objects": async () => (await client.execute("select * from bench")).rows.length,
    "frame()": async () => (await local.frame?.({ params: {} }))?.length ?? 0,
  });
  await local.close?.();
  client.close();
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
