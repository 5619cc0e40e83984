import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, run, runtimes } from "../runtimes/runtime.ts";

const project = fileURLToPath(new URL("project", import.meta.url));
const node = [...(runtimes.Node ?? []), publishedCli];

let folder: string;

const launchpad = (args: readonly string[], cwd = folder) => run([...node, ...args], { cwd });

/** Runs a command that must work, and reads its result. */
async function result(...args: readonly string[]) {
  const finished = await launchpad(args);
  expect(finished, `${args.join(" ")}: ${finished.stderr}`).toMatchObject({ code: 0 });
  return JSON.parse(finished.stdout);
}

/** Runs a command that must fail. */
async function failure(code: number, ...args: readonly string[]): Promise<string> {
  const finished = await launchpad(args);
  expect(finished, `${args.join(" ")}: ${finished.stdout}`).toMatchObject({ code });
  expect(finished.stderr.match(/^launchpad: /gm)).toHaveLength(1);
  return finished.stderr;
}

const current = async (): Promise<string> => (await result("models")).means["0.1.0"].run;
const trainings: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-models-"));
  await cp(project, folder, { recursive: true });
  for (const scale of [1, 2, 3]) {
    const config = await readFile(join(folder, "launchpad.yml"), "utf8");
    await writeFile(join(folder, "launchpad.yml"), config.replace(/scale: \d+/, `scale: ${scale}`));
    await result("train");
    trainings.push(await current());
  }
  await result("retest");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("launchpad models", () => {
  it("lists what serves, as JSON when piped", async () => {
    const models = await result("models");
    expect(Object.keys(models)).toEqual(["means"]);
    expect(models.means.latest).toEqual(models.means["0.1.0"]);
    expect(models.means.latest).toEqual({
      name: "means",
      version: "0.1.0",
      run: trainings[2],
      created: expect.any(String),
      metrics: { mean: 6 },
      aliases: [],
    });
    expect(models.means.backups).toEqual([trainings[1], trainings[0]].map((run) => ({ version: "0.1.0", run })));
    expect(await result("models", "--json")).toEqual(models);
  });

  it("shows a version of which no run serves, and what is in the way", async () => {
    const other = await mkdtemp(join(tmpdir(), "launchpad-models-"));
    await cp(folder, other, { recursive: true });
    const current = join(other, "model_store/means/0.1.0/current.json");
    await rm(current);
    expect(JSON.parse((await launchpad(["models"], other)).stdout).means).toEqual({
      latest: null,
      backups: [...trainings].reverse().map((run) => ({ version: "0.1.0", run })),
    });
    await writeFile(current, "{}");
    const damaged = await launchpad(["models"], other);
    expect(damaged.stderr).toMatch(/WARNING[\s\S]*current\.json does not name a run/i);
    expect(JSON.parse(damaged.stdout).means.latest).toBeNull();
    await rm(other, { recursive: true });
  });

  it("needs no model code to be in order", async () => {
    const broken = await mkdtemp(join(tmpdir(), "launchpad-models-"));
    await cp(folder, broken, { recursive: true });
    await rm(join(broken, "mean_model.ts"));
    expect(JSON.parse((await launchpad(["models"], broken)).stdout).means.latest.version).toBe("0.1.0");
    await rm(broken, { recursive: true });
  });

  it("shows a table on a terminal", async () => {
    const shown = await run(["script", "-qec", `${node.join(" ")} models`, "/dev/null"], { cwd: folder });
    const [heading, row] = shown.stdout
      .replaceAll("\r", "")
      .split("\n")
      .filter((line) => /^m/.test(line));
    expect(heading).toMatch(/^model {2}version {2}current run +created +metrics {2}aliases {2}other runs$/);
    expect(row).toMatch(new RegExp(`^means {2}0\\.1\\.0 {4}${trainings[2]} {2}\\S+Z {2}mean 6 +2$`));
  });

  it("lists all runs, newest first", async () => {
    const runs = await result("models", "runs", "means");
    expect(runs.map((entry: { meta: { run: string } }) => entry.meta.run)).toEqual([...trainings].reverse());
    expect(runs.map((entry: { current: boolean }) => entry.current)).toEqual([true, false, false]);
  });

  it("shows one run by every kind of reference", async () => {
    for (const reference of ["means", "means@0.1.0", "means@latest", `means@0.1.0/${trainings[2]}`]) {
      expect((await result("models", "show", reference)).run).toBe(trainings[2]);
    }
    expect((await result("models", "show", `means@0.1.0/${trainings[0]?.slice(0, -4)}`)).run).toBe(trainings[0]);
    expect(await failure(1, "models", "show", "maens")).toMatch(/maens[\s\S]*means[\s\S]*\[MODEL_NOT_TRAINED\]/);
  });

  it("shows metrics over time, with a line on a terminal", async () => {
    const measured = await result("models", "history", "means");
    expect(measured.map((entry: { metrics: { mean: number } }) => entry.metrics.mean)).toEqual([2, 4, 6, 6]);
    const shown = await run(["script", "-qec", `${node.join(" ")} models history means`, "/dev/null"], { cwd: folder });
    expect(shown.stdout).toContain("▁▅██");
  });

  it("says in what two runs differ", async () => {
    const [a = "", b = ""] = trainings.map((training) => `means@0.1.0/${training}`);
    const difference = await result("models", "diff", a, b);
    expect(difference.metrics).toEqual([{ path: "metrics.mean", a: 2, b: 4 }]);
    expect(difference.config_snapshot).toEqual([{ path: "config_snapshot.model.scale", a: 1, b: 2 }]);
    expect(difference.system).toEqual([]);
  });

  it("promotes a run and rolls back", async () => {
    await result("models", "promote", `means@0.1.0/${trainings[0]}`);
    expect(await current()).toBe(trainings[0]);
    await result("models", "rollback", "means");
    expect(await current()).toBe(trainings[2]);
  });

  it("gives runs aliases, and takes them away", async () => {
    expect(await result("models", "alias", `means@0.1.0/${trainings[1]}`, "champion")).toMatchObject({
      champion: { version: "0.1.0", run: trainings[1] },
    });
    expect((await result("models", "show", "means@champion")).run).toBe(trainings[1]);
    expect(await result("models", "alias", "means")).toHaveProperty("champion");
    expect(await failure(2, "models", "alias", "means", "--remove")).toContain("[USAGE]");
    expect(await result("models", "alias", "means", "champion", "--remove")).toEqual({});
  });

  it("carries a run to another store in one file, or through a pipe", async () => {
    const file = join(folder, "carried.launchpad");
    await result("models", "export", `means@0.1.0/${trainings[1]}`, file);
    await writeFile(join(folder, "other.yml"), "model_store: { location: ./other_store }\n");
    const other = ["-c", "launchpad.yml", "-c", "other.yml"];
    expect(await result(...other, "models", "import", file)).toMatchObject({ run: trainings[1] });
    expect((await result(...other, "models", "show", "means")).metrics).toEqual({ mean: 4 });
    const piped = await run(
      ["bash", "-c", `${node.join(" ")} models export means | ${node.join(" ")} ${other.join(" ")} models import -`],
      { cwd: folder },
    );
    expect(JSON.parse(piped.stdout).run).toBe(trainings[2]);
    expect(await result(...other, "models", "verify")).toEqual([
      expect.objectContaining({ problems: [] }),
      expect.objectContaining({ problems: [] }),
    ]);
  });

  it("says which runs it would remove, and removes no others", async () => {
    const would = await result("models", "prune", "--keep", "1", "--dry-run");
    expect(would.map(({ run }: { run: string }) => run).sort()).toEqual(trainings.slice(0, 2));
    expect(await result("models", "runs")).toHaveLength(3);
    await result("models", "alias", `means@0.1.0/${trainings[0]}`, "first");
    await result("models", "prune", "--keep", "1");
    expect((await result("models", "runs")).map((entry: { meta: { run: string } }) => entry.meta.run)).toEqual([
      trainings[2],
      trainings[0],
    ]);
    expect(await failure(2, "models", "prune")).toContain("--keep");
    expect(await failure(2, "models", "prune", "--keep", "all")).toContain("whole number");
  });

  it("finds what is damaged, and ends with 1", async () => {
    expect(await result("models", "verify")).toHaveLength(2);
    const files = await readdir(join(folder, "model_store"), { recursive: true });
    const contents = files.find((file) => file.includes(trainings[0] ?? "?") && file.endsWith("contents")) ?? "";
    const path = join(folder, "model_store", contents);
    const bytes = await readFile(path);
    await writeFile(path, Buffer.from(bytes).fill(9, 30, 31));
    const damaged = await launchpad(["models", "verify"]);
    expect(damaged).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(new RegExp(`${trainings[0]}[\\s\\S]*\\[STORE_CORRUPT\\]`)),
    });
    expect(JSON.parse(damaged.stdout)).toHaveLength(2);
    expect(await failure(1, "models", "promote", `means@0.1.0/${trainings[0]}`)).toContain("[STORE_CORRUPT]");
    expect(await current()).toBe(trainings[2]);
  });

  it("writes the list of files that a web server needs", async () => {
    const { files } = await result("models", "index");
    expect(JSON.parse(await readFile(join(folder, "model_store/index.json"), "utf8"))).toHaveLength(files);
    expect(await failure(2, "models", "indx")).toContain("index");
  });

  it.each([["verify"], ["runs"], ["alias"], ["prune", "--keep", "1"]])(
    "does not take a mistyped name for a model in order: %s",
    async (command, ...options) => {
      const said = await failure(1, "models", command, "maens", ...options);
      expect(said).toMatch(/there is no model maens\. Models there are: means \[MODEL_NOT_TRAINED\]/);
      expect(await failure(2, "models", command, "../x", ...options)).toContain("[CONFIG_INVALID]");
    },
  );

  it("makes a new pair of keys every time", async () => {
    const [one, two] = [await result("models", "keygen"), await result("models", "keygen")];
    expect(Object.keys(one).sort()).toEqual(["sign_key", "verify_key"]);
    expect(one.sign_key).not.toBe(two.sign_key);
  });
});
