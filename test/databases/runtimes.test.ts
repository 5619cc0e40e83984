import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFrame } from "../../src/data/frame/frame.ts";
import { publishedCli, run, runtimes, sourceCli } from "../runtimes/runtime.ts";
import { opening } from "./open.ts";
import { type DatabaseServer, freePort, password, startMariaDb, startPostgres } from "./servers.ts";

let folder: string;
const servers: DatabaseServer[] = [];
/** URLs without a password, which comes from a variable of its own. */
const urls: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-"));
  await cp(fileURLToPath(new URL("project", import.meta.url)), folder, { recursive: true });
  const [postgres, mariadb] = await Promise.all([startPostgres(), startMariaDb()]);
  servers.push(postgres, mariadb);
  const file = pathToFileURL(join(folder, "shop.db")).href;
  for (const url of [postgres.url, mariadb.url, file]) {
    const open = opening(url);
    const ids = Array.from({ length: 1000 }, (_, i) => i + 1);
    await (await open.sink("orders")).write(
      createFrame({
        id: ids,
        big: ids.map((id) => 2n ** 60n + BigInt(id)),
        amount: ids.map((id) => id / 3),
        paid: ids.map((id) => id % 2 === 0),
        customer: ids.map((id) => `Ähre 🌾 ${id}`),
        at: ids.map((id) => new Date(Date.UTC(2024, 1, 29) + id)),
      }),
    );
    await open.close();
  }
  const bare = ({ user, host, port, database }: DatabaseServer, scheme: string) =>
    `${scheme}://${user}@${host}:${port}/${database}`;
  Object.assign(urls, { PostgreSQL: bare(postgres, "postgresql"), MariaDB: bare(mariadb, "mariadb"), libSQL: file });
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function launchpad(program: readonly string[], url: string, ...command: string[]) {
  const env = { SHOP_URL: url, SHOP_PASSWORD: password };
  const finished = await run([...program, "-c", join(folder, "launchpad.yml"), ...command], { env });
  expect(finished.stdout + finished.stderr).not.toContain(password);
  return finished;
}

const programs = {
  "Node 20": [...(runtimes["Node 20"] ?? []), publishedCli],
  Node: [...(runtimes.Node ?? []), sourceCli],
  Bun: [...(runtimes.Bun ?? []), sourceCli],
  Deno: [...(runtimes.Deno ?? []), sourceCli],
};

describe.each(Object.entries(programs))("a project on %s", (_, program) => {
  it.each(["PostgreSQL", "MariaDB", "libSQL"])("reads from %s and writes to it", async (name) => {
    const { code, stdout, stderr } = await launchpad(program, urls[name] ?? "", "train");
    expect(code, stderr).toBe(0);
    const { first, ...metrics } = JSON.parse(stdout);
    expect(metrics).toEqual({ rows: 1000, same: true });
    expect(JSON.parse(first)).toEqual({
      ...{ id: "1", big: String(2n ** 60n + 1n), amount: String(1 / 3), paid: "false" },
      ...{ customer: "Ähre 🌾 1", at: "2024-02-29T00:00:00.001Z" },
    });
  });

  it.each([
    ["postgresql", /postgresql:\/\/127\.0\.0\.1:\d+\/shop: the server cannot be reached\. Check host and port/],
    ["mysql", /mysql:\/\/127\.0\.0\.1:\d+\/shop: the server cannot be reached\. Check host and port/],
    ["mssql", /mssql:\/\/127\.0\.0\.1:\d+\/shop: the server cannot be reached\. Check host and port/],
    ["oracle", /oracle:\/\/127\.0\.0\.1:\d+\/shop: the server cannot be reached\. Check host and port/],
  ])("says in one line that a server for %s: is away", async (scheme, expected) => {
    const { code, stderr } = await launchpad(program, `${scheme}://me@127.0.0.1:${await freePort()}/shop`, "train");
    const lines = stderr
      .trim()
      .split("\n")
      .filter((line) => !/^\S+ (DEBUG|INFO) /.test(line));
    expect(code, stderr).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(expected);
  });
});
