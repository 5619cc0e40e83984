import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, runtimes, sourceCli } from "../runtimes/runtime.ts";
import { type RunningSlurm, startSlurm } from "./slurm.ts";

const node = [...(runtimes.Node ?? []), sourceCli];

let folder: string;
let slurm: RunningSlurm;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-array-"));
  await cp(fileURLToPath(new URL("../cli/project", import.meta.url)), folder, { recursive: true });
  const rows = Array.from({ length: 1000 }, (_, at) => `${at},${at},${at % 50 === 0 ? 100 : 0}`);
  await writeFile(join(folder, "rows.csv"), `id,x,delay\n${rows.join("\n")}\n`);
  slurm = await startSlurm();
  await launchpad("train");
});

afterAll(async () => {
  await slurm?.stop();
  await rm(folder, { recursive: true, force: true });
});

const launchpad = async (...args: string[]) => {
  const { code, stdout, stderr } = await run([...node, ...args], { cwd: folder, env: slurm.env });
  if (code !== 0) expect.fail(stderr);
  return JSON.parse(stdout);
};
const submit = (to: string, ...more: string[]) =>
  launchpad("batch", "submit", to, "--engine", "slurm", ...more, "--program", ...node);
const planned = (to: string) =>
  launchpad("batch", "plan", "--from", "rows.csv", "--to", to, "--part-rows", "250", "--columns", "id");

/** Waits until parts of a batch are done. */
async function done(to: string, count: number): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    const names = await readdir(join(folder, to, "_parts")).catch(() => []);
    if (names.filter((name) => /^\d{5}\.json$/.test(name)).length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const logs = (await readdir(folder)).filter((name) => /-\d+\.txt$/.test(name));
  const texts = await Promise.all(logs.map((name) => readFile(join(folder, name), "utf8")));
  throw new Error(`${slurm.command("squeue")}${texts.join("\n")}`);
}

async function ids(to: string): Promise<number[]> {
  const files = (await readdir(join(folder, to))).filter((name) => name.startsWith("part-")).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, to, name), "utf8")));
  return texts.flatMap((text) =>
    text
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => Number(line.split(",")[0])),
  );
}

const all = Array.from({ length: 1000 }, (_, at) => at);

describe("launchpad batch submit --engine slurm", () => {
  it("runs exactly the rows on two nodes, also when the plan is submitted twice", async () => {
    await planned("twice");
    const [first, second] = [await submit("twice"), await submit("twice", "--file", "again.sh")];
    expect(first).toMatchObject({ sent: true, parts: 4, missing: 4, job: expect.stringMatching(/^\d+$/) });
    expect(second.job).not.toBe(first.job);
    await done("twice", 4);
    expect(await launchpad("batch", "finish", "twice")).toMatchObject({ rows: 1000, predicted: 1000 });
    expect(await ids("twice")).toEqual(all);
    expect(await submit("twice")).toMatchObject({ missing: 0, sent: false });
    slurm.command("scancel", first.job, second.job);
  }, 180_000);

  it("runs a part again on another node when the daemon of its node is killed, and one that is requeued", async () => {
    await planned("killed");
    const { job } = await submit("killed");
    let running = "";
    for (let tries = 0; tries < 400 && !/n1/.test(running); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      running = slurm.command("squeue", "-h", "-t", "R", "-o", "%i %N");
    }
    const task = /(\d+_\d+) n1/.exec(running)?.[1] ?? "";
    expect(task).toContain(`${job}_`);
    await slurm.killNode("n1");
    const other = /(\d+_\d+) n2/.exec(running)?.[1];
    if (other !== undefined) slurm.command("scontrol", "requeue", other);
    await slurm.startNode("n1");
    // What is requeued waits for two minutes, unless it is told not to.
    for (let tries = 0; tries < 60; tries++) {
      for (const id of slurm.command("squeue", "-h", "-r", "-t", "PD", "-o", "%i").trim().split("\n")) {
        if (id !== "") slurm.command("scontrol", "update", `JobId=${id}`, "StartTime=now");
      }
      const names = await readdir(join(folder, "killed", "_parts")).catch(() => []);
      if (names.filter((name) => /^\d{5}\.json$/.test(name)).length === 4) break;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    await done("killed", 4);
    expect(await launchpad("batch", "finish", "killed")).toMatchObject({ rows: 1000, predicted: 1000 });
    expect(await ids("killed")).toEqual(all);
  }, 400_000);
});
