import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";

const at = (name: string) => fileURLToPath(new URL(`../../examples/engines/schedulers/${name}`, import.meta.url));

let folder: string;

// Every step is a program that starts.
vi.setConfig({ testTimeout: 180_000 });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-nightly-"));
  await cp(fileURLToPath(new URL("../cli/project", import.meta.url)), folder, { recursive: true });
  await writeFile(join(folder, "rows.csv"), "x\n1\n2\n");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const env = () => ({
  PROJECT: folder,
  LAUNCHPAD: [...(runtimes.Node ?? []), sourceCli].join(" "),
  FROM: "rows.csv",
  TO: "scores.csv",
});

describe("examples of schedulers", () => {
  it("trains and scores by cron, scores with what serves where a gate refuses, and tells so", async () => {
    expect(await run(["sh", at("nightly.sh")], { env: env() })).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, "scores.csv"), "utf8")).toBe("y\n2.0\n4.0\n");
    await rm(join(folder, "scores.csv"));
    const config = await readFile(join(folder, "launchpad.yml"), "utf8");
    await writeFile(
      join(folder, "launchpad.yml"),
      config.replace("  scale: 1", "  scale: 10\n  gates: { mean: '<= 5' }"),
    );
    const refused = await run(["sh", at("nightly.sh")], { env: env() });
    expect(refused.code, refused.stderr).toBe(3);
    expect(await readFile(join(folder, "scores.csv"), "utf8")).toBe("y\n2.0\n4.0\n");
    await writeFile(join(folder, "launchpad.yml"), "model: 7\n");
    expect(await run(["sh", at("nightly.sh")], { env: env() })).toMatchObject({ code: 2 });
  });

  it("runs one night at a time by cron", async () => {
    const lock = start(["flock", join(folder, ".nightly.lock"), "sh", "-c", "echo held >&2; sleep 60"], {
      group: true,
    });
    await lock.printed(/held/);
    expect(await run(["sh", at("nightly.sh")], { env: env() })).toMatchObject({ code: 75 });
    lock.kill("SIGKILL");
    await lock.finished;
  });

  it("has files that their languages take", async () => {
    const input = await readFile(at("airflow.py"), "utf8");
    const compile = ["-c", "import ast, sys; ast.parse(sys.stdin.read())"];
    expect(spawnSync("python3", compile, { input, encoding: "utf8" })).toMatchObject({ status: 0 });
    const { jobs } = parse(await readFile(at("github-actions.yml"), "utf8"));
    expect(jobs.nightly.steps.map(({ run }: { run?: string }) => run).filter(Boolean)).toHaveLength(4);
  });
});
