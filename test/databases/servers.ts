import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { programAt } from "../support/programs.ts";

/** A database server that a test has started. */
export interface DatabaseServer {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** Has every right, over TCP with this password. */
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** With user and password. */
  readonly url: string;
  stop(): Promise<void>;
}

/** With characters that a URL must escape. */
export const password = "hunter2/#@:ä";

/** Who runs the servers: they refuse to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(spawnSync("id", [flag, "nobody"], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-db-"));
  const user = unprivileged();
  if (user) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  return folder;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Runs a program to its end, as the user of the servers. */
function runAs(program: string, args: readonly string[], input = ""): void {
  const { status, stderr, stdout, error } = spawnSync(program, args, {
    ...unprivileged(),
    cwd: "/",
    env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" },
    input,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${program} fails: ${error?.message ?? ""}${stderr}${stdout}`);
}

/** Starts a server and waits until it says that it is ready. */
async function startAs(program: string, args: readonly string[], ready: RegExp): Promise<ChildProcess> {
  const child = spawn(program, args, {
    ...unprivileged(),
    cwd: "/",
    env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  await new Promise<void>((resolve, reject) => {
    const read = (text: string) => {
      printed = (printed + text).slice(-10_000);
      if (ready.test(printed)) resolve();
    };
    child.stdout?.setEncoding("utf8").on("data", read);
    child.stderr?.setEncoding("utf8").on("data", read);
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`${program} does not start: ${printed}`)));
  });
  return child;
}

async function stopped(child: ChildProcess, folder: string, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }
  await rm(folder, { recursive: true, force: true });
}

/**
 * Starts a PostgreSQL server in a temporary folder.
 *
 * @returns The running server; an error that says what to install when there is none.
 */
export async function startPostgres(): Promise<DatabaseServer> {
  const bin = dirname(programAt("postgres"));
  const folder = await emptyFolder();
  const data = join(folder, "data");
  const port = await freePort();
  const user = "launchpad";
  const secret = join(folder, "password");
  await writeFile(secret, `${password}\n`);
  runAs(`${bin}/initdb`, [
    ...["-D", data, "-U", user, "--auth=scram-sha-256", `--pwfile=${secret}`],
    ...["--encoding=UTF8", "--locale=C", "--no-sync"],
  ]);
  const settings = ["listen_addresses=127.0.0.1", "fsync=off", "timezone=Europe/Vienna", "max_connections=40"];
  const options = settings.flatMap((setting) => ["-c", setting]);
  const child = await startAs(
    `${bin}/postgres`,
    ["-D", data, "-p", `${port}`, "-k", folder, ...options],
    /database system is ready to accept connections/,
  );
  return {
    host: "127.0.0.1",
    port,
    user,
    password,
    database: "postgres",
    url: `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    stop: () => stopped(child, folder, "SIGQUIT"),
  };
}

/**
 * Starts a MariaDB server in a temporary folder.
 *
 * @returns The running server; an error that says what to install when there is none.
 */
export async function startMariaDb(): Promise<DatabaseServer> {
  const program = programAt("mariadbd");
  const folder = await emptyFolder();
  const data = join(folder, "data");
  const port = await freePort();
  runAs("mariadb-install-db", [
    "--no-defaults",
    `--datadir=${data}`,
    "--skip-test-db",
    "--auth-root-authentication-method=normal",
  ]);
  const user = "launchpad";
  const quoted = password.replaceAll("'", "''");
  const child = await startAs(
    program,
    [
      "--no-defaults",
      `--datadir=${data}`,
      `--socket=${join(folder, "socket")}`,
      `--pid-file=${join(folder, "pid")}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      "--innodb-flush-log-at-trx-commit=0",
      "--innodb-buffer-pool-size=64M",
      "--default-time-zone=+02:00",
      "--character-set-server=latin1",
    ],
    /ready for connections/,
  );
  const setUp = `
    create database shop character set utf8mb4;
    create user '${user}'@'127.0.0.1' identified by '${quoted}';
    grant all on *.* to '${user}'@'127.0.0.1';
  `;
  try {
    runAs(
      "mariadb",
      ["--no-defaults", `--socket=${join(folder, "socket")}`, "--user=root", "--default-character-set=utf8mb4"],
      setUp,
    );
  } catch (thrown) {
    await stopped(child, folder, "SIGKILL");
    throw thrown;
  }
  return {
    host: "127.0.0.1",
    port,
    user,
    password,
    database: "shop",
    url: `mysql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/shop`,
    stop: () => stopped(child, folder, "SIGKILL"),
  };
}
