import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "../storage/servers.ts";

/** Slurm with two nodes of one core on this machine. */
export interface RunningSlurm {
  /** The environment of its commands. */
  readonly env: Record<string, string>;
  /** Runs one of its commands. */
  command(program: string, ...args: string[]): string;
  /** Ends the daemon of a node at once, and starts it again. */
  killNode(name: "n1" | "n2"): Promise<void>;
  startNode(name: "n1" | "n2"): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts munge, the controller and two nodes of Slurm as Debian has them.
 *
 * @returns The running cluster, when both nodes are idle.
 */
export async function startSlurm(): Promise<RunningSlurm> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-slurm-"));
  await chmod(folder, 0o755);
  const at = (name: string) => join(folder, name);
  const [controller, first, second] = [await freePort(), await freePort(), await freePort()];
  const user = userInfo().username;
  const host = hostname().split(".")[0] ?? "localhost";
  await writeFile(at("munge.key"), randomBytes(1024), { mode: 0o400 });
  for (const name of ["state", "spool.n1", "spool.n2"]) await mkdir(at(name));
  await writeFile(
    at("slurm.conf"),
    `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=${user}
SlurmdUser=${user}
AuthType=auth/munge
AuthInfo=socket=${at("munge.sock")}
StateSaveLocation=${at("state")}
SlurmdSpoolDir=${at("spool.%n")}
SlurmctldPidFile=${at("controller.pid")}
SlurmdPidFile=${at("%n.pid")}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdTimeout=10
KillWait=2
JobRequeue=1
NodeName=n1 NodeHostname=${host} NodeAddr=127.0.0.1 Port=${first} CPUs=1 State=UNKNOWN
NodeName=n2 NodeHostname=${host} NodeAddr=127.0.0.1 Port=${second} CPUs=1 State=UNKNOWN
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
`,
  );
  const env = { SLURM_CONF: at("slurm.conf") };
  const daemons: ChildProcess[] = [];
  const daemon = (program: string, ...args: string[]) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: "ignore" });
    daemons.push(child);
    return child;
  };
  const munge = [
    "key-file=munge.key",
    "socket=munge.sock",
    "pid-file=munge.pid",
    "log-file=munge.log",
    "seed-file=munge.seed",
  ];
  daemon("munged", "--foreground", "--force", ...munge.map((word) => `--${word.replace("=", `=${folder}/`)}`));
  daemon("slurmctld", "-D");
  const nodes = new Map<string, ChildProcess>();
  const command = (program: string, ...args: string[]) => {
    const { stdout, stderr, status } = spawnSync(program, args, { env: { ...process.env, ...env }, encoding: "utf8" });
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${status} ${stderr}`);
    return stdout;
  };
  const startNode = async (name: string) => {
    nodes.set(name, daemon("slurmd", "-D", "-N", name));
  };
  const stop = async () => {
    for (const child of daemons) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "close");
    }
    await rm(folder, { recursive: true, force: true });
  };
  await startNode("n1");
  await startNode("n2");
  for (let tries = 0; ; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const idle = spawnSync("sinfo", ["-h", "-N", "-o", "%T"], { env: { ...process.env, ...env }, encoding: "utf8" });
    if (/^idle\nidle\n$/.test(idle.stdout)) break;
    if (tries < 240) continue;
    const log = await readFile(at("munge.log"), "utf8").catch(() => "");
    await stop();
    throw new Error(`Slurm does not start: ${idle.stdout}${idle.stderr}${log}`);
  }
  return {
    env,
    command,
    startNode,
    async killNode(name) {
      const child = nodes.get(name);
      child?.kill("SIGKILL");
      if (child && child.signalCode === null) await once(child, "close");
    },
    stop,
  };
}
