import { access, chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { freePort } from "../databases/servers.ts";
import { type Finished, type Running, run, runtimes, start } from "../runtimes/runtime.ts";
import { programAt } from "../support/programs.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The folders of a Linux host that the guide writes to. */
const systemFolders = /\/(?:srv\/launchpad|etc\/(?:launchpad|nginx|systemd|cron\.d)|var\/log|usr\/local\/bin)\b/g;

/** The ports in the files of the guide. */
const ports = { iris: 5001, addition: 5002, web: 80 };

/** A Linux host in a folder: what the guide says of `/srv`, `/etc`, `/var` and `/usr/local` happens below it. */
export interface Host {
  /** A clone of this repository, as far as the guide needs one. */
  readonly clone: string;
  readonly ports: Readonly<Record<keyof typeof ports, number>>;
  /** Where a path of the guide is. */
  at(path: string): string;
  read(path: string): Promise<string>;
  /** Runs a command of the guide, in the clone. */
  run(command: string, env?: Record<string, string>): Promise<Finished>;
  /** Starts a program that the test ends. */
  start(command: readonly string[], cwd?: string): Running;
  /** Starts the unit `launchpad@<model>` as systemd would; what it says of the user and of sandboxes is left to systemd. */
  startUnit(model: string): Promise<Running>;
  /** Starts nginx with the configuration that the guide has installed. */
  startNginx(): Promise<Running>;
  remove(): Promise<void>;
}

/**
 * Creates a host.
 *
 * @returns The host.
 */
export async function createHost(): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-host-"));
  // Workers of nginx are another user when the tests run as root.
  await chmod(folder, 0o755);
  const free = { iris: await freePort(), addition: await freePort(), web: await freePort() };
  const at = (path: string) => path.replace(systemFolders, (system) => folder + system);
  for (const path of [
    "/etc/nginx/conf.d",
    "/etc/systemd/system",
    "/etc/cron.d",
    "/usr/local/bin",
    "/var/log/nginx",
    "/var/log/launchpad",
  ]) {
    await mkdir(at(path), { recursive: true });
  }
  const [node = ""] = runtimes.Node ?? [];
  await symlink(node, at("/usr/local/bin/node"));

  const clone = join(folder, "clone");
  await cp(join(root, "examples"), join(clone, "examples"), {
    recursive: true,
    filter: (path) => !/model_store|node_modules|\/build$/.test(path),
  });
  await relocate(join(clone, "examples/deploy/host"), at, free);

  const path = [at("/usr/local/bin"), process.env.PATH, "/usr/sbin"].join(delimiter);
  const started: Running[] = [];
  const host: Host = {
    clone,
    ports: free,
    at,
    read: (file) => readFile(at(file), "utf8"),
    run: (command, env = {}) =>
      run(["bash", "-c", at(withPorts(command, free))], { cwd: clone, env: { PATH: path, ...env } }),
    start(command, cwd = clone) {
      const running = start(command, { cwd, env: { PATH: path }, group: true });
      started.push(running);
      return running;
    },
    async startUnit(model) {
      const unit = (await host.read("/etc/systemd/system/launchpad@.service")).replaceAll("%i", model);
      const setting = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? "";
      const env = `set -a; . ${setting("EnvironmentFile")}; set +a`;
      const running = host.start(["sh", "-c", `${env}; exec ${setting("ExecStart")}`], setting("WorkingDirectory"));
      await running.printed(/worker \d+ serves[\s\S]*worker \d+ serves/);
      return running;
    },
    async startNginx() {
      await writeFile(at("/etc/nginx/nginx.conf"), nginxConfig(folder, at("/etc/nginx/conf.d")));
      const command = [programAt("nginx"), "-p", folder, "-c", at("/etc/nginx/nginx.conf"), "-e", "stderr"];
      const tested = await run([...command, "-t"], { env: { PATH: path } });
      if (tested.code !== 0) throw new Error(tested.stderr);
      const running = host.start([...command, "-g", "daemon off;"]);
      for (;;) {
        const answer = await Promise.race([
          fetch(`http://127.0.0.1:${free.web}/`).then(
            () => true,
            () => false,
          ),
          running.finished.then(({ stderr }) => {
            throw new Error(stderr);
          }),
        ]);
        if (answer) return running;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async remove() {
      for (const running of started) {
        running.kill("SIGKILL");
        await running.finished;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
  return host;
}

/** The files of the guide, with the paths and ports of the host. */
async function relocate(folder: string, at: (path: string) => string, free: Host["ports"]): Promise<void> {
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), "utf8");
    await writeFile(join(folder, name), at(withPorts(text, free)));
  }
}

function withPorts(text: string, free: Host["ports"]): string {
  return text
    .replaceAll(String(ports.iris), String(free.iris))
    .replaceAll(String(ports.addition), String(free.addition))
    .replaceAll(`listen ${ports.web};`, `listen 127.0.0.1:${free.web};`)
    .replaceAll("http://127.0.0.1/", `http://127.0.0.1:${free.web}/`);
}

/** What distributions have in `/etc/nginx/nginx.conf`, for a server that writes nothing elsewhere. */
function nginxConfig(folder: string, sites: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `  ${name}_temp_path ${folder}/nginx-${name};`,
  );
  return `pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  types { text/html html; }
${temporary.join("\n")}
  include ${sites}/*.conf;
}
`;
}

/** Whether a file is there. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
