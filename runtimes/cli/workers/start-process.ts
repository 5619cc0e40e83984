import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { LaunchpadError } from "../../../src/internal.ts";

/** Starts this program once more, with the same arguments and more environment variables. */
export type StartProcess = (env: Readonly<Record<string, string>>) => ChildProcess;

/** The part of Deno's namespace that is used here. */
declare const Deno: {
  readonly permissions: { querySync(descriptor: { name: string }): { readonly state: string } };
};

/** The standard output is for results only. The error stream comes to us: lines that processes write at the same time must stay whole. */
const stdio: ["ignore", "inherit", "pipe", "ipc"] = ["ignore", "inherit", "pipe", "ipc"];

/** How each runtime starts a process that listens at the same port as others. */
const starters: Readonly<Record<string, () => Promise<StartProcess> | StartProcess>> = {
  async node() {
    const { default: cluster } = await import("node:cluster");
    // All processes accept from one socket: round-robin hands connections over, and those of a process that dies meanwhile hang.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({ args: process.argv.slice(2), stdio });
    return (env) => cluster.fork(env).process;
  },
  bun() {
    requireLinux("Bun");
    return (env) => again([...process.execArgv, ...process.argv.slice(1)], env);
  },
  deno() {
    requireLinux("Deno");
    const missing = ["read", "write", "net", "env", "sys", "run", "ffi", "import"].filter(
      (name) => Deno.permissions.querySync({ name }).state !== "granted",
    );
    if (missing.length > 0) {
      throw new LaunchpadError(
        "USAGE",
        `--workers starts more processes of Deno, which gives them the permissions of this one only if it has all; ${missing.join(", ")} ` +
          "are missing. Use deno run -A, or leave out --workers",
      );
    }
    const [, ...given] = readFileSync("/proc/self/cmdline", "utf8").split("\0").slice(0, -1);
    // Its own command line once more: a package in Deno's cache can be started by its name only, and flags matter.
    const args = ["run", "--unstable-net", ...(given[0] === "run" ? given.slice(1) : given)];
    return (env) => again(args, env);
  },
};

/**
 * Finds how this runtime starts a process that shares a port with others.
 *
 * @param runtime The name of the runtime.
 *
 * @returns A function that starts one.
 *
 * @throws USAGE where there is no way.
 */
export async function findStarter(runtime: string): Promise<StartProcess> {
  const starter = starters[runtime];
  if (starter === undefined) throw new LaunchpadError("USAGE", `--workers: ${runtime} cannot start processes`);
  return starter();
}

function again(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, args, { stdio, env: { ...process.env, ...env } });
}

/** Elsewhere the system gives all connections to one of the sockets, or refuses the second. */
function requireLinux(runtime: string): void {
  if (process.platform === "linux") return;
  throw new LaunchpadError(
    "USAGE",
    `--workers: on ${runtime}, processes share a port on Linux only. Use Node, which does everywhere, or start several at ports of their own behind a proxy`,
  );
}
