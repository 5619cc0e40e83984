import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { runtimes } from "../../runtimes/runtime.ts";
import { loadGenerator } from "./load.ts";

/** Where and with what something was measured. No name of a host or a person, and no path. */
export interface Machine {
  readonly system: string;
  readonly processor: string;
  readonly processors: number;
  readonly memory: string;
  readonly versions: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));

const installed = (name: string): string =>
  JSON.parse(readFileSync(`${root}node_modules/${name}/package.json`, "utf8")).version;

/** The first number with dots that a program prints. */
function printed(command: readonly string[]): string {
  const [program = "", ...args] = command;
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return /\d+(\.\d+)+/.exec(`${stdout}${stderr}`)?.[0] ?? "not there";
}

/** Describes this machine. */
export function describeMachine(): Machine {
  const deno = (runtimes.Deno ?? []).slice(0, 1);
  return {
    system: `${platform()} ${release().replace(/-.*/, "")}, ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    processors: cpus().length,
    memory: `${Math.round(totalmem() / 1e9)} GB`,
    versions: {
      Node: printed([...(runtimes.Node ?? []), "--version"]),
      Bun: printed([...(runtimes.Bun ?? []), "--version"]),
      Deno: printed([...deno, "--version"]),
      workerd: installed("workerd"),
      Launchpad: JSON.parse(readFileSync(`${root}package.json`, "utf8")).version,
      Hono: installed("hono"),
      [loadGenerator]: loadGenerator === "wrk" ? printed(["wrk", "--version"]) : installed("autocannon"),
    },
  };
}

/** The commit that is measured; with `+` when files differ from it. */
export function commit(): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
  try {
    return git("rev-parse", "--short=10", "HEAD") + (git("status", "--porcelain") === "" ? "" : "+");
  } catch {
    return "unknown";
  }
}
