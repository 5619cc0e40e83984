import { appendFile, cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";

const project = fileURLToPath(new URL("project", import.meta.url));
const node = [...(runtimes.Node ?? []), sourceCli];

/** So often a process is killed; more by this variable. */
const kills = Number(process.env.LAUNCHPAD_TEST_KILLS ?? 3);

vi.setConfig({ testTimeout: 60_000 + kills * 10_000 });

let folder: string;

const bytes = (name: string) => readFile(join(folder, name));
const launchpad = (args: readonly string[]) => run([...node, ...args], { cwd: folder });
const rows = 200_000;
const command = ["predict", "--from", "rows.csv", "--columns", "id", "--errors", "skip"];
const resumed = (to: string) => [...command, `${to}.bad`, "--to", to, "--resume"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-resume-"));
  await cp(project, folder, { recursive: true });
  const lines = Array.from({ length: rows }, (_, at) => `${at},${at % 1000 === 999 ? -1 : at / 4}`);
  await writeFile(join(folder, "rows.csv"), `id,x\n${lines.join("\n")}\n`);
  await writeFile(join(folder, "few.csv"), "x\n1\n");
  const model = await readFile(join(folder, "mean_model.ts"), "utf8");
  await writeFile(
    join(folder, "mean_model.ts"),
    model.replace("  // predict\n", '  if (x < 0) throw new Error("negative");\n'),
  );
  // What is asked for before there is a model leaves nothing behind.
  const early = await launchpad(resumed("early.csv"));
  expect(early).toMatchObject({ stdout: "", stderr: expect.stringContaining("MODEL_NOT_TRAINED") });
  expect((await readdir(folder)).filter((name) => name.startsWith("early"))).toEqual([]);
  expect(await launchpad(["train"])).toMatchObject({ code: 0 });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("launchpad predict --resume", () => {
  it(`goes on after kills at ${kills} random instants, and gives the same bytes`, async () => {
    const begun = performance.now();
    expect(await launchpad([...command, "whole.bad", "--to", "whole.parquet"])).toMatchObject({ code: 0 });
    const longest = performance.now() - begun;
    let killed = 0;
    let rounds = 0;
    // Each round ends whole, by a last go that nobody kills.
    while (killed < kills) {
      rounds += 1;
      const perRound = Math.min(kills - killed, 5);
      for (let at = 0; at < perRound; at++) {
        const running = start([...node, ...resumed("killed.parquet")], { cwd: folder });
        const timer = setTimeout(() => running.kill("SIGKILL"), Math.random() * longest);
        const { signal } = await running.finished;
        clearTimeout(timer);
        if (signal === "SIGKILL") killed += 1;
      }
      const { code, stdout, stderr } = await launchpad(resumed("killed.parquet"));
      if (code !== 0) expect.fail(stderr);
      expect(JSON.parse(stdout)).toMatchObject({ rows, predicted: rows - rows / 1000, skipped: rows / 1000 });
      expect((await bytes("killed.parquet")).equals(await bytes("whole.parquet"))).toBe(true);
      expect((await bytes("killed.parquet.bad")).equals(await bytes("whole.bad"))).toBe(true);
    }
    expect((await readdir(folder)).filter((name) => name.endsWith(".resume"))).toEqual([]);
    console.info(`killed ${killed} times in ${rounds} tables`);
  });

  it("goes on with the run that began it, from what is whole of a journal that was cut off", async () => {
    await begun("cut.parquet");
    const { length } = await bytes("cut.parquet.resume");
    await truncate(join(folder, "cut.parquet.resume"), length - 7);
    await appendFile(join(folder, "cut.parquet.resume"), "\0\0\0");
    await writeFile(join(folder, "overlay.yml"), "model: { scale: 10 }\n");
    expect(await launchpad(["-c", "launchpad.yml", "-c", "overlay.yml", "train"])).toMatchObject({ code: 0 });
    const served = await run([...node, "predict"], { cwd: folder, input: '{"x":1}' });
    expect(JSON.parse(served.stdout)).toEqual({ y: 20 });
    expect(await launchpad(resumed("cut.parquet"))).toMatchObject({ code: 0 });
    expect((await bytes("cut.parquet")).equals(await bytes("whole.parquet"))).toBe(true);
  });

  it("begins anew where another command has done nothing yet", async () => {
    const nothing = ["predict", "--from", "none.csv", "--to", "anew.csv", "--resume"];
    expect((await launchpad(nothing)).stderr).toContain("none.csv cannot be read");
    const { length } = await bytes("anew.csv.resume");
    expect(length).toBeGreaterThan(50);
    expect(await launchpad(["predict", "--from", "few.csv", "--to", "anew.csv", "--resume"])).toMatchObject({
      code: 0,
    });
    expect((await bytes("anew.csv")).toString()).toBe("y\n20.0\n");
  });

  it("refuses another command, another file, a source that has changed, and sinks that rows could reach twice", async () => {
    await begun("other.parquet");
    const refused = async (args: readonly string[], message: string) => {
      const { code, stderr } = await launchpad(args);
      expect(code).not.toBe(0);
      expect(stderr).toContain(message);
      expect(stderr).not.toContain("    at ");
    };
    await refused(
      ["predict", "--from", "rows.csv", "--to", "other.parquet", "--resume"],
      'found another --columns (["id"]). Remove it to begin anew',
    );
    await refused(
      ["predict", "--from", "rows.csv", "--to", "s3://bucket/x.parquet", "--resume"],
      "Write --resume scores.resume",
    );
    await refused([...resumed("x.parquet"), "data.csv"], "expected a journal of --resume, found another file");
    const source = await bytes("rows.csv");
    expect(source.length).toBeGreaterThan(rows);
    await writeFile(join(folder, "rows.csv"), source.toString().replace("\n5,1.25\n", "\n5,1.5\n"));
    await refused(resumed("other.parquet"), "found others from row 1 on: the source has changed");
    await writeFile(join(folder, "rows.csv"), source.subarray(0, 1000));
    await refused(resumed("other.parquet"), "the source has changed");
    await writeFile(join(folder, "rows.csv"), source);
    expect(await readdir(folder)).not.toContain("other.parquet");
  });
});

/** Begins a table, and kills it when some of it is done. */
async function begun(to: string): Promise<void> {
  const running = start([...node, ...resumed(to)], { cwd: folder });
  for (let tries = 0; tries < 2000; tries++) {
    const { length } = await bytes(`${to}.resume`).catch(() => ({ length: 0 }));
    if (length > 400_000) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  running.kill("SIGKILL");
  expect(await running.finished).toMatchObject({ signal: "SIGKILL" });
}
