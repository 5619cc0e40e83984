import { execFileSync } from "node:child_process";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, type RunOptions, run, runtimes } from "./runtime.ts";

const model = `
export const train = () => ({});
export const test = () => ({});
export const predict = async (_, args, { sink, source }) => {
  if (args.read) return { rows: [...(await source("in").frame()).rows()] };
  for (const name of args.to) await sink(name).write([{ a: 1 }]);
  return { ok: 1 };
};
`;
const sinks = ["null", "pipe", "linked", "private", "out"];
const config = `
datasources: { in: { type: csv, path: ./in } }
datasinks:
${sinks.map((name) => `  ${name}: { type: csv, path: ${name === "out" ? "/dev/stderr" : `./${name}`} }`).join("\n")}
model_store: { location: ./store }
model: { name: m, version: "1.0.0", module: model.mjs }
api: { name: m }
`;

describe.each(Object.entries(runtimes))("what is no ordinary file, on %s", (_name, runtime) => {
  let cwd: string;
  const launchpad = (args: readonly string[], options: RunOptions = {}) =>
    run([...runtime, publishedCli, ...args], { cwd, ...options });
  const predict = (args: object) => launchpad(["predict"], { input: JSON.stringify(args) });

  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), "launchpad-"));
    await writeFile(join(cwd, "model.mjs"), model);
    await writeFile(join(cwd, "launchpad.yml"), config);
    execFileSync("mknod", [join(cwd, "null"), "c", "1", "3"]);
    execFileSync("mkfifo", [join(cwd, "pipe"), join(cwd, "in")]);
    await mkdir(join(cwd, "far"));
    await symlink("far/real.csv", join(cwd, "linked"));
    await writeFile(join(cwd, "private"), "old");
    await chmod(join(cwd, "private"), 0o640);
    const trained = await launchpad(["train"]);
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
  });
  afterAll(() => rm(cwd, { recursive: true, force: true }));

  it("is what it was after a sink has written to it", async () => {
    const piped = readFile(join(cwd, "pipe"), "utf8");
    const done = await predict({ to: sinks });
    expect(done, done.stderr).toMatchObject({ code: 0, stdout: '{\n  "ok": 1\n}\n' });
    expect(await piped).toBe("a\n1\n");
    expect(done.stderr).toContain("a\n1\n");
    expect((await lstat(join(cwd, "null"))).isCharacterDevice()).toBe(true);
    expect((await lstat(join(cwd, "pipe"))).isFIFO()).toBe(true);
    expect((await lstat(join(cwd, "linked"))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(cwd, "far/real.csv"), "utf8")).toBe("a\n1\n");
    expect(await readFile(join(cwd, "private"), "utf8")).toBe("a\n1\n");
    expect((await stat(join(cwd, "private"))).mode & 0o777).toBe(0o640);
    expect((await readdir(cwd)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("can be read by a source, also when its writer has ended", async () => {
    const written = writeFile(join(cwd, "in"), "b,c\n1,x\n");
    const done = await predict({ read: true });
    await written;
    expect(done, done.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(done.stdout)).toEqual({ rows: [{ b: 1, c: "x" }] });
  });

  it("takes an exported run", async () => {
    const done = await launchpad(["models", "export", "m", "./null"]);
    expect(done, done.stderr).toMatchObject({ code: 0 });
    expect((await lstat(join(cwd, "null"))).isCharacterDevice()).toBe(true);
  });

  it("is named where nothing can be written: below a file, and by a log", async () => {
    await writeFile(join(cwd, "afile"), "");
    const built = await launchpad(["build", "--out", "afile", "--target", "node"]);
    expect(built.code).toBe(1);
    expect(built.stderr).toContain(`${join(cwd, "afile/index.mjs")} cannot be written: a part of its path is`);
    expect(built.stderr).not.toContain("defect");

    await writeFile(
      join(cwd, "log.yml"),
      "version: 1\nhandlers: { f: { class: logging.FileHandler, filename: afile/x.log } }\nroot: { handlers: [f] }\n",
    );
    const logged = await launchpad(["-l", "log.yml", "models"]);
    expect(logged.code).toBe(1);
    expect(logged.stderr).toContain(`${join(cwd, "afile/x.log")} cannot be written: a part of its path is`);
    expect(logged.stderr).not.toContain("defect");
  });
});
