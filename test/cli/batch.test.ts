import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { planDigest } from "../../runtimes/cli/scoring/plan.ts";
import { createHost } from "../../runtimes/node.ts";
import { createFrame } from "../../src/index.ts";
import { run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";
import { openSink, openSource } from "../support/entries.ts";

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

  it("reads of Parquet only the row groups of a part, of a folder of files too", async () => {
    const rows = createFrame({
      id: Float64Array.from({ length: 700 }, (_, at) => at),
      x: new Float64Array(700).fill(3),
    });
    const host = createHost();
    for (const [name, start, end] of [
      ["a", 0, 300],
      ["b", 300, 700],
    ] as const) {
      const path = pathToFileURL(join(folder, "groups", `${name}.parquet`)).href;
      const sink = await openSink({ type: "parquet", path, options: { row_group_size: 100 } }, { host });
      await sink.write(rows.slice(start, end));
    }
    const plan = ["batch", "plan", "--from", "groups/*.parquet", "--to", "by-groups", "--columns", "id"];
    expect(await json([...plan, "--part-rows", "150"])).toMatchObject({ parts: 4, rows: 700 });
    expect(JSON.parse(await text("by-groups/_plan.json"))).toMatchObject({
      by_groups: true,
      parts: [200, 200, 200, 100].map((rows, index) => ({ index, rows, start: index * 200 })),
    });
    // What is not of a part is not even looked at: the first two groups of the second file are of part 1 and 2.
    await json(["batch", "run", "by-groups", "--index", "1"]);
    await json(["batch", "run", "by-groups", "--index", "3"]);
    const file = join(folder, "groups/a.parquet");
    const whole = await readFile(file);
    await writeFile(file, whole.fill(0, 4, 40));
    await json(["batch", "run", "by-groups", "--index", "2"]);
    expect(await launchpad(["batch", "run", "by-groups", "--index", "0"])).toMatchObject({ code: 1 });
    expect(await json(["batch", "status", "by-groups"])).toMatchObject({ missing: [0], predicted: 500 });
    const done = await readdir(join(folder, "by-groups/_parts"));
    const ids: unknown[] = [];
    for (const name of done.filter((one) => one.endsWith(".parquet")).sort()) {
      const path = pathToFileURL(join(folder, "by-groups/_parts", name)).href;
      ids.push(...(await (await openSource({ type: "parquet", path }, { host })).frame()).column("id"));
    }
    expect(ids).toEqual(Array.from({ length: 500 }, (_, at) => at + 200));
  });

  it("asks a database for ranges of keys", async () => {
    const { createClient } = await import("@libsql/client");
    const client = createClient({ url: pathToFileURL(join(folder, "rows.db")).href });
    await client.execute("create table t (id integer, x real)");
    await client.batch(Array.from({ length: 25 }, (_, at) => `insert into t values (${at}, ${at})`));
    client.close();
    const config = await text("launchpad.yml");
    await writeFile(
      join(folder, "keys.yml"),
      `${config.replace(
        "datasources:",
        `dbms:
  db: { type: sql, url: "sqlite:./rows.db" }
datasources:
  table:
    type: dbms.db
    query: select id, x from t where id >= :key_from and id < :key_to
    tags: []
  unordered: { type: dbms.db, query: "select id, x from t", tags: [] }`,
      )}`,
    );
    const keys = (...args: string[]) => json(["-c", "keys.yml", ...args]);
    const plan = ["batch", "plan", "--from", "table", "--to", "by-keys", "--columns", "id", "--to-format", "csv"];
    expect(await keys(...plan, "--keys", "0:30:10")).toMatchObject({ parts: 3, rows: null });
    for (const index of ["0", "1", "2"]) await keys("batch", "run", "by-keys", "--index", index);
    expect(await keys("batch", "finish", "by-keys")).toMatchObject({ rows: 25, predicted: 25 });
    expect(await text("by-keys/part-00002.csv")).toMatch(/^id,y\n20,\d+\.0\n/);
    // Rows of a query have no numbers: only one part may have all of them.
    const rows = ["batch", "plan", "--from", "unordered", "--to", "by-rows", "--to-format", "csv", "--part-rows"];
    expect(await launchpad(["-c", "keys.yml", ...rows, "10"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("--keys: expected ranges of keys for the database source unordered, found none"),
    });
    expect(await readdir(folder)).not.toContain("by-rows");
    expect(await keys(...rows, "25")).toMatchObject({ parts: 1, rows: 25 });
    expect(await keys("batch", "run", "by-rows", "--index", "0")).toMatchObject({ rows: 25 });
    // A plan of old is refused as well.
    const { sha256: _, ...old } = JSON.parse(await text("by-rows/_plan.json"));
    const split = {
      ...old,
      parts: [0, 10, 20].map((start, index) => ({ index, rows: Math.min(10, 25 - start), start })),
    };
    await rm(join(folder, "by-rows"), { recursive: true });
    await mkdir(join(folder, "by-rows"));
    await writeFile(join(folder, "by-rows/_plan.json"), JSON.stringify({ ...split, sha256: planDigest(split) }));
    expect(await launchpad(["-c", "keys.yml", "batch", "run", "by-rows", "--index", "1"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("expected ranges of keys for the database source unordered"),
    });
    // The same parameters serve one table.
    const some = ["predict", "--from", "table", "--to", "some.csv", "--params", "key_from=3", "key_to=5"];
    expect(await keys(...some)).toMatchObject({ rows: 2 });
  });

  it("writes jobs only where nothing of other contents is, and what is left as another file", async () => {
    await planned("rows.csv", "jobs");
    const submit = (...args: string[]) => ["batch", "submit", "jobs", "--engine", "slurm", "--only-write", ...args];
    await writeFile(join(folder, "mine.sh"), "echo mine\n");
    for (const name of ["mine.sh", "jobs"]) {
      expect(await launchpad(submit("--file", name))).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining(`--file: expected a name that is free, found ${join(folder, name)} with other`),
      });
    }
    expect(await text("mine.sh")).toBe("echo mine\n");
    const { file } = await json(submit());
    expect(await json(submit())).toMatchObject({ file, missing: 3 });
    await json(["batch", "run", "jobs", "--index", "1"]);
    const left = await json(submit());
    expect(left).toMatchObject({ missing: 2 });
    expect(await readFile(file, "utf8")).toContain("#SBATCH --array=0-2\n");
    expect(await readFile(left.file, "utf8")).toContain("#SBATCH --array=0,2\n");
  });

  it("refuses a model with another digest than planned, and publishes nothing where there is no room", async () => {
    await planned("rows.csv", "digest");
    const { sha256: _, ...plan } = JSON.parse(await text("digest/_plan.json"));
    const other = { ...plan, model: { ...plan.model, sha256: "0".repeat(64) } };
    await writeFile(join(folder, "digest/_plan.json"), JSON.stringify({ ...other, sha256: planDigest(other) }));
    expect(await launchpad(["batch", "run", "digest", "--index", "0"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/expected the model with the digest 0{64} as planned, found [0-9a-f]{64}/),
    });
    await planned("rows.csv", "full");
    // The system itself refuses to let a file grow past 4 KB; the part has more.
    const limited = `ulimit -f 4; exec ${[...node, "batch", "run", "full", "--index", "0"].join(" ")}`;
    const full = await run(["bash", "-c", limited], { cwd: folder });
    expect(full).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/cannot be written.*EFBIG/s) });
    expect(await json(["batch", "status", "full"])).toMatchObject({ done: 0 });
    expect(await json(["batch", "run", "full", "--index", "0"])).toMatchObject({ published: true, rows: 1000 });
  });

  it("refuses a plan that was altered, another plan in its folder, and a source that has become shorter", async () => {
    await planned("rows.csv", "refused");
    const plan = await text("refused/_plan.json");
    await writeFile(join(folder, "refused/_plan.json"), plan.replace('"rows": 1000', '"rows": 1001'));
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
