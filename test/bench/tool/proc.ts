/*
 * What Linux tells of processes in /proc. Elsewhere everything is NaN, and is left out of the results.
 */
import { readdir, readFile } from "node:fs/promises";

/** The fields of proc_pid_stat(5) from the third on: names may hold spaces and parentheses. */
async function stat(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/**
 * Finds a process and those that it started, also in sessions of their own.
 *
 * @param root The process.
 */
export async function tree(root: number): Promise<readonly number[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map(await Promise.all(pids.map(async (pid) => [pid, Number((await stat(pid))[1])] as const)));
  const found = [root];
  for (const parent of found) {
    for (const [pid, of] of parents) if (of === parent) found.push(pid);
  }
  return found;
}

/**
 * The memory of a process and those that it started, in MB: the proportional set size, which counts what several share once.
 *
 * @param pid The process.
 */
export async function memoryOf(pid: number): Promise<number> {
  const sizes = await Promise.all(
    (await tree(pid)).map(async (member) => {
      const text = await readFile(`/proc/${member}/smaps_rollup`, "utf8").catch(() => "");
      return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]);
    }),
  );
  // One that ended meanwhile has none.
  const known = sizes.filter((size) => !Number.isNaN(size));
  return known.length === 0 ? Number.NaN : (known.reduce((sum, size) => sum + size, 0) * 1024) / 1e6;
}

/**
 * The processor time that a process and those that it started have used, in microseconds.
 *
 * @param pid The process.
 */
export async function processorTimeOf(pid: number): Promise<number> {
  const fields = await Promise.all((await tree(pid)).map(stat));
  // utime and stime, in hundredths of a second.
  return fields.reduce((sum, field) => sum + (Number(field[11]) + Number(field[12])) * 10_000, 0);
}
