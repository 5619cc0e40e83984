import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";

const project = fileURLToPath(new URL("project", import.meta.url));
const node = [...(runtimes.Node ?? []), sourceCli];

let folder: string;

// Every step is a program that starts.
vi.setConfig({ testTimeout: 180_000 });

const text = (name: string) => readFile(join(folder, name), "utf8");
const launchpad = (args: readonly string[], env: Record<string, string> = {}) =>
  run([...node, ...args], { cwd: folder, env });
const json = async (args: readonly string[], env: Record<string, string> = {}) => {
  const { code, stdout, stderr } = await launchpad(args, env);
  if (code !== 0) expect.fail(stderr);
  return JSON.parse(stdout);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-batch-"));
  await cp(project, folder, { recursive: true });
  const rows = Array.from({ length: 2500 }, (_, at) => `${at},${at},0`);
  await writeFile(join(folder, "rows.csv"), `id,x,delay\n${rows.join("\n")}\n`);
  await writeFile(join(folder, "slow.csv"), `id,x,delay\n${"1,1,3000\n".repeat(200)}`);
  await json(["train"]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const planned = (from: string, to: string) =>
  json(["batch", "plan", "--from", from, "--to", to, "--part-rows", "1000", "--columns", "id"]);

describe("launchpad batch", () => {
  it("predicts each part once, whoever is first, with the run of the plan, and finishes with exactly the rows", async () => {
    expect(await planned("rows.csv", "out")).toMatchObject({ parts: 3, rows: 2500 });
    // The same plan once more is the same; another model serves by then.
    const before = await text("out/_plan.json");
    await planned("rows.csv", "out");
    expect(await text("out/_plan.json")).toBe(before);
    await writeFile(join(folder, "overlay.yml"), "model: { scale: 10 }\n");
    await json(["-c", "launchpad.yml", "-c", "overlay.yml", "train"]);

    const twice = await Promise.all([0, 1].map(() => json(["batch", "run", "out"], { SLURM_ARRAY_TASK_ID: "0" })));
    expect(twice.map(({ published }) => published).sort()).toEqual([false, true]);
    expect(await json(["batch", "run", "out"], { JOB_COMPLETION_INDEX: "2" })).toMatchObject({
      published: true,
      rows: 500,
    });
    const early = await launchpad(["batch", "finish", "out"]);
    expect(early).toMatchObject({ code: 1, stdout: "" });
    expect(early.stderr).toContain("expected 3 parts, 1 are missing: 1. Run them: launchpad batch run");
    expect(await json(["batch", "status", "out"])).toMatchObject({ parts: 3, done: 2, missing: [1], predicted: 1500 });
    await json(["batch", "run", "out", "--index", "1", "--workers", "2"]);
    expect(await json(["batch", "finish", "out"])).toMatchObject({ rows: 2500, predicted: 2500, skipped: 0 });
    const files = (await readdir(join(folder, "out"))).filter((name) => name.startsWith("part-")).sort();
    expect(files).toEqual(["part-00000.csv", "part-00001.csv", "part-00002.csv"]);
    const lines = await Promise.all(
      files.map(async (name) => (await text(`out/${name}`)).trimEnd().split("\n").slice(1)),
    );
    expect(lines.flat()).toEqual(Array.from({ length: 2500 }, (_, at) => `${at},${at * 2}.0`));
    expect((await readdir(join(folder, "out", "_parts"))).filter((name) => name.endsWith(".csv"))).toHaveLength(3);
    expect(JSON.parse(await text("out/_SUCCESS"))).toMatchObject({ rows: 2500, model: JSON.parse(before).model });

    await writeFile(join(folder, "out/part-00001.csv"), "altered");
    const altered = await launchpad(["batch", "finish", "out"]);
    expect(altered).toMatchObject({ code: 1 });
    expect(altered.stderr).toMatch(/expected the file as part 1 wrote it, found another/);
  });

  it("publishes nothing of a task that was killed, and the part can be run again", async () => {
    await planned("slow.csv", "killed");
    const running = start([...node, "batch", "run", "killed", "--index", "0"], { cwd: folder });
    await running.printed(/predicting slowly/);
    running.kill("SIGKILL");
    await running.finished;
    expect(await json(["batch", "status", "killed"])).toMatchObject({ done: 0, missing: [0] });
    await writeFile(join(folder, "slow.csv"), (await text("slow.csv")).replaceAll(",3000", ",0"));
    expect(await json(["batch", "run", "killed", "--index", "0"])).toMatchObject({ published: true, rows: 200 });
    expect(await json(["batch", "finish", "killed"])).toMatchObject({ rows: 200 });
  });

  it("refuses a plan that was altered, another plan in its folder, and a source that has become shorter", async () => {
    await planned("rows.csv", "refused");
    const plan = await text("refused/_plan.json");
    await writeFile(join(folder, "refused/_plan.json"), plan.replace('"end": 1000', '"end": 1001'));
    expect(await launchpad(["batch", "run", "refused", "--index", "0"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("found one that was altered"),
    });
    await writeFile(join(folder, "refused/_plan.json"), plan);
    expect(await launchpad(["batch", "plan", "--from", "slow.csv", "--to", "refused"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no plan of another batch"),
    });
    await writeFile(join(folder, "rows.csv"), "id,x,delay\n1,1,0\n");
    expect(await launchpad(["batch", "run", "refused", "--index", "1"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("expected rows up to 2000 as planned, found 1: the source has changed"),
    });
    expect(await json(["batch", "status", "refused"])).toMatchObject({ done: 0 });
    expect(await launchpad(["batch", "run", "refused"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("SLURM_ARRAY_TASK_ID"),
    });
    expect(await launchpad(["batch", "run", "nowhere", "--index", "0"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("launchpad batch plan makes it"),
    });
  });
});
