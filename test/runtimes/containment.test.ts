import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, type RunOptions, run, runtimes, startApi } from "./runtime.ts";

const model = `
const tricks = {
  none: () => {},
  reject: () => void Promise.reject(new Error("in the background")),
  late: () => void setTimeout(() => { throw new Error("in a timer"); }, 10),
  exit: () => process.exit(3),
  lateExit: () => void setTimeout(() => process.exit(3), 10),
  print: () => {
    console.log("epoch %d", 1, { loss: 0.5 });
    console.warn("careful");
    console.error("wrong");
    console.table([{ a: 1 }]);
    process.stdout.write("half a ");
    process.stdout.write("line\\n");
  },
};
const play = (name) => tricks[name]();
export const train = ({ config }) => { play(config.trick ?? "none"); return new Promise((resolve) => setTimeout(resolve, 50, {})); };
export const test = () => ({ accuracy: 1 });
export const predict = (_, args) => { play(args.trick); return { ok: args.trick }; };
`;
const config = (trick: string) => `model_store: { location: ./store }
model: { name: m, version: "1.0.0", module: model.mjs, trick: ${trick} }
api: { name: m }
`;

describe.each(Object.entries(runtimes))("code of a model, on %s", (_name, runtime) => {
  let cwd: string;
  const launchpad = (args: readonly string[], options: RunOptions = {}) =>
    run([...runtime, publishedCli, ...args], { cwd, ...options });

  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), "launchpad-"));
    await writeFile(join(cwd, "model.mjs"), model);
    for (const trick of ["none", "reject", "late", "exit", "print"]) {
      await writeFile(join(cwd, `${trick}.yml`), config(trick));
    }
    const trained = await launchpad(["-c", "none.yml", "train"]);
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
  });
  afterAll(() => rm(cwd, { recursive: true, force: true }));

  it("does not end its server, whatever it leaves behind; the log says what", async () => {
    const api = await startApi([...runtime, publishedCli, "-c", "none.yml"], { cwd });
    const ask = (trick: string) =>
      fetch(`${api.origin}/m/v1/predictions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ trick }),
      });
    let statuses: number[] = [];
    try {
      statuses = await Promise.all(
        ["reject", "late", "exit", "lateExit", "print", "none"].map(async (trick) => (await ask(trick)).status),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect((await ask("none")).status).toBe(200);
    } finally {
      const { code, stdout, stderr } = await api.stop();
      expect(stderr).toMatch(/ERROR launchpad\.model: m 1\.0\.0: a promise was rejected .*: in the background/);
      expect(stderr).toMatch(/ERROR launchpad\.model: m 1\.0\.0: an error was thrown .*: in a timer/);
      expect(stderr).toMatch(/ERROR launchpad\.model: m 1\.0\.0: .*process\.exit\(3\) was called/);
      expect(stderr).toMatch(/ERROR launchpad\.api: .*predict of m 1\.0\.0 threw process\.exit\(3\) was called/);
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    }
    expect(statuses).toEqual([200, 200, 500, 200, 200, 200]);
  });

  it("prints into the log, so that the standard output is JSON", async () => {
    for (const [args, input] of [
      [["-c", "print.yml", "train"], ""],
      [["-c", "print.yml", "predict"], '{"trick":"print"}'],
    ] as const) {
      const { code, stdout, stderr } = await launchpad(args, { input });
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toEqual(input ? { ok: "print" } : { accuracy: 1 });
      expect(stderr).toMatch(/INFO launchpad\.model: epoch 1 \{ loss: 0\.5 \}/);
      expect(stderr).toMatch(/WARNING launchpad\.model: careful/);
      expect(stderr).toMatch(/ERROR launchpad\.model: wrong/);
      expect(stderr).toMatch(/INFO launchpad\.model: .*index/);
      expect(stderr).toMatch(/INFO launchpad\.model: half a line\n/);
    }
    const retested = await launchpad(["-c", "none.yml", "retest"]);
    expect(JSON.parse(retested.stdout)).toEqual({ accuracy: 1 });
  });

  it.each([
    ["reject", "train left an error behind, which nothing waits for or catches: in the background"],
    ["late", "train left an error behind, which nothing waits for or catches: in a timer"],
    ["exit", "threw process.exit(3) was called: a model cannot end the process that runs it"],
  ])("fails its training: %s", async (trick, message) => {
    const before = (await launchpad(["-c", "none.yml", "models", "runs"])).stdout;
    const { code, stdout, stderr } = await launchpad(["-c", `${trick}.yml`, "train"]);
    expect(stderr).toContain(message);
    expect(stderr).toContain("[TRAIN_FAILED]");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect((await launchpad(["-c", "none.yml", "models", "runs"])).stdout).toBe(before);
  });
});
