import { spawn } from "node:child_process";
import { on, once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";

const project = fileURLToPath(new URL("project", import.meta.url));
const node = [...(runtimes.Node ?? []), sourceCli];

let folder: string;

const text = (name: string) => readFile(join(folder, name), "utf8");
const launchpad = (args: readonly string[], input = "", command = node) =>
  run([...command, ...args], { cwd: folder, input });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-table-"));
  await cp(project, folder, { recursive: true });
  const rows = Array.from({ length: 20_000 }, (_, at) => `${at},${at / 4},0`);
  await writeFile(join(folder, "rows.csv"), `id,x,delay\n${rows.join("\n")}\n`);
  await writeFile(join(folder, "bad.csv"), "id,x,delay\n1,1,0\n2,2,0\n3,-1,0\n");
  const model = await text("mean_model.ts");
  await writeFile(
    join(folder, "mean_model.ts"),
    model.replace("  // predict\n", '  if (x < 0) throw new Error("negative");\n'),
  );
  const config = await text("launchpad.yml");
  const sinks = "datasinks:\n  scores: { type: jsonl, path: scores.jsonl }\n  same: { type: csv, path: rows.csv }\n";
  await writeFile(join(folder, "launchpad.yml"), `${sinks}${config.replace("tags: [train, test]", "tags: []")}`);
  expect(await launchpad(["train"])).toMatchObject({ code: 0 });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("launchpad predict --from --to", () => {
  it.each(["Node", "Bun", "Deno"])("gives the same file with threads, on %s", async (name) => {
    const command = [...(runtimes[name] ?? []), sourceCli];
    const args = ["predict", "--from", "rows.csv", "--columns", "id"];
    const one = await launchpad([...args, "--to", `one-${name}.csv`], "", command);
    expect(one).toMatchObject({ code: 0 });
    expect(JSON.parse(one.stdout)).toMatchObject({ rows: 20_000, predicted: 20_000, skipped: 0 });
    expect(JSON.parse(one.stdout).model).toMatch(/^means@0\.1\.0\/\w+/);
    const two = await launchpad([...args, "--to", `two-${name}.csv`, "--workers", "2"], "", command);
    expect(two).toMatchObject({ code: 0 });
    const written = await text(`one-${name}.csv`);
    expect(written.startsWith("id,y\n0,0.0\n1,0.5\n2,1.0\n")).toBe(true);
    expect(await text(`two-${name}.csv`)).toBe(written);
  });

  it("reads and writes what the configuration names, and stamps rows", async () => {
    const { code, stdout } = await launchpad(["predict", "--from", "numbers", "--to", "scores", "--stamp"]);
    expect(code).toBe(0);
    const { model } = JSON.parse(stdout);
    const rows = (await text("scores.jsonl"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([{ y: 2, model_run: model }, { y: 4 }, { y: 6 }]);
  });

  it("writes nothing when a row is bad, and names the row", async () => {
    for (const workers of ["1", "2"]) {
      const { code, stderr, stdout } = await launchpad([
        "predict",
        "--from",
        "bad.csv",
        "--to",
        "never.csv",
        "--workers",
        workers,
      ]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/bad\.csv row 3: .*threw negative.* --errors skip FILE goes on/);
    }
    expect((await readdir(folder)).filter((name) => name.startsWith("never") || name.endsWith(".tmp"))).toEqual([]);
  });

  it("leaves nothing behind when it is interrupted", async () => {
    await writeFile(join(folder, "slow.csv"), `x,delay\n${"1,200\n".repeat(60_000)}`);
    const before = await readdir(folder);
    const running = start([...node, "predict", "--from", "slow.csv", "--to", "slow.parquet"], { cwd: folder });
    await running.printed(/predicting slowly/);
    running.kill("SIGINT");
    const { code, stderr } = await running.finished;
    expect(code).toBe(1);
    expect(stderr).toContain("stopped by a signal; nothing was written");
    expect(await readdir(folder)).toEqual(before);
  });

  it.each([
    [["--from", "rows.csv"], "--from: expected --to as well"],
    [["--to", "x.csv"], "--to: expected --from as well"],
    [["--from", "nubmers", "--to", "x.csv"], 'found "nubmers". Did you mean numbers?'],
    [["--from", "rows.xls", "--to", "x.csv"], "--from: expected a path that ends with .csv"],
    [["--from", "rows.csv", "--to", "x.csv", "--from-format", "cvs"], "--from-format: expected one of csv"],
    [["--from", "rows.csv", "--to", "x.csv", "--errors", "skip"], "Write --errors skip bad.jsonl"],
    [["--from", "rows.csv", "--to", "x.csv", "--workers", "0"], "from 1 to 256"],
    [["--from", "none.csv", "--to", "x.csv"], "none.csv cannot be read: it does not exist"],
    [
      ["--from", "rows.csv", "--to", "x.csv", "--columns", "idd"],
      "expected the columns idd of --columns, found id, x, delay",
    ],
    [["--from", "rows.csv", "--to", "x.csv", "--params", "a=1"], 'a file takes no parameters, found "a"'],
    [["--from", "rows.csv", "--to", "x.csv", "--params", "a"], "--params: expected NAME=VALUE"],
    [["--stream", "--from-format", "parquet"], "--from-format: expected csv or jsonl beside --stream, found parquet"],
    [["--stream", "--from-format", "csv", "--to-format", "jsonl"], "--to-format: expected csv as --from-format"],
    [["--stream", "--resume"], "--resume: expected --from and --to with it"],
    [["--columns", "id"], "--columns: expected --from and --to, or --stream, with it"],
    [["--stream", "--from", "rows.csv", "--to", "x.csv"], "--stream: expected neither --from nor --to"],
  ])("refuses %j", async (args, message) => {
    const { code, stdout, stderr } = await launchpad(["predict", ...args]);
    expect({ code: code === 0, stdout }).toEqual({ code: false, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
  });
});

describe("files that options name", () => {
  it.each([
    [["--to", "./rows.csv"], "--to: expected another file than that of --from rows.csv, found ./rows.csv"],
    [["--to", "same"], "--to: expected another file than that of --from rows.csv, found same"],
    [["--to", "linked.csv"], "--to: expected another file than that of --from rows.csv, found linked.csv"],
    [
      ["--to", "x.csv", "--errors", "skip", "../FOLDER/x.csv"],
      "--errors skip: expected another file than that of --to x.csv",
    ],
    [["--to", "x.csv", "--errors", "skip", "rows.csv"], "--errors skip: expected another file than that of --from"],
    [["--to", "x.csv", "--resume", "x.csv"], "--resume: expected another file than that of --to x.csv"],
    [["--to", "scores", "--resume", "scores.jsonl"], "--resume: expected another file than that of --to scores"],
    [
      ["--to", "x.csv", "--errors", "skip", "x.csv.resume", "--resume"],
      "--resume: expected another file than that of --errors",
    ],
  ])("are not the same: %j", async (args, message) => {
    if (args.includes("linked.csv")) await symlink("rows.csv", join(folder, "linked.csv"));
    const before = [await readdir(folder), await text("rows.csv")];
    const words = args.map((word) => word.replace("FOLDER", basename(folder)));
    const { code, stdout, stderr } = await launchpad(["predict", "--from", "rows.csv", ...words]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect([await readdir(folder), await text("rows.csv")]).toEqual(before);
  });
});

describe("rows of CSV that are checked", () => {
  it("are each what they are, whatever is in the rows beside them", async () => {
    const typed = join(folder, "typed");
    await cp(project, typed, { recursive: true });
    await symlink(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(typed, "node_modules"));
    const model = await readFile(join(typed, "mean_model.ts"), "utf8");
    const input = `import * as v from "valibot";
      export const input = v.object({ x: v.number(), on: v.optional(v.boolean()), name: v.optional(v.string()) });\n`;
    await writeFile(join(typed, "mean_model.ts"), input + model.replaceAll(/, delay|; delay\?: number/g, ""));
    const source = (await readFile(join(typed, "mean_model.ts"), "utf8")).replace(/if \(delay\) \{[^}]*\}/, "");
    await writeFile(join(typed, "mean_model.ts"), source);
    await writeFile(join(typed, "rows.csv"), "x,on,code\n1.50,True,01\nz,no,2\n3,False,3\n4,,4\n");
    const there = (...args: string[]) => run([...node, ...args], { cwd: typed });
    expect(await there("train")).toMatchObject({ code: 0 });
    const to = ["predict", "--from", "rows.csv", "--to", "out.csv", "--columns", "code"];
    const failed = await there(...to);
    expect(failed.code).not.toBe(0);
    expect(failed.stderr).toMatch(/rows\.csv row 2: .*x: .*"z"/);
    expect(await there(...to, "--errors", "skip", "bad.jsonl")).toMatchObject({ code: 0 });
    expect(await readFile(join(typed, "out.csv"), "utf8")).toBe("code,y\n01,3.0\n3,6.0\n4,8.0\n");
  });
});

describe("launchpad predict --stream", () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => JSON.stringify({ id: at, x: at }));

  it.each(["1", "2"])("gives one line for each line, in order, with %s threads", async (workers) => {
    const { code, stdout } = await launchpad(
      ["predict", "--stream", "--columns", "id", "--workers", workers],
      `${lines.join("\n")}\n`,
    );
    expect(code).toBe(0);
    const answers = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers).toEqual(lines.map((_, at) => ({ id: at, y: 2 * at })));
  });

  it("ends at a bad line with its number, or answers it and writes it down", async () => {
    const input = '{"x":1}\n\n{"x":3}\n[1]\n{"x":';
    const failed = await launchpad(["predict", "--stream"], input);
    expect(failed).toMatchObject({ code: 2, stdout: '{"y":2}\n' });
    expect(failed.stderr).toContain("standard input line 2: expected a JSON object, found an empty line");
    const { code, stdout } = await launchpad(["predict", "--stream", "--errors", "skip", "lines.jsonl"], input);
    expect(code).toBe(0);
    const out = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(out).toMatchObject([
      { y: 2 },
      { error: { code: "ARGUMENTS_INVALID" } },
      { y: 6 },
      { error: {} },
      { error: {} },
    ]);
    const bad = (await text("lines.jsonl"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).row);
    expect(bad).toEqual([2, 4, 5]);
  });

  it.each(["1", "2"])("gives one line of CSV for each row, text as it was, with %s threads", async (workers) => {
    const args = ["predict", "--stream", "--from-format", "csv", "--columns", "id", "--workers", workers];
    const rows = lines.map((_, at) => `0${at},${at}`);
    const many = await launchpad(args, `id,x\n${rows.join("\n")}`);
    expect(many).toMatchObject({ code: 0 });
    expect(many.stdout).toBe(`id,y\n${rows.map((_, at) => `0${at},${2 * at}.0\n`).join("")}`);
    const odd = 'id,x\n007,-1\n"a,""b\nc",2\n8,-1\n9,4.50\n';
    const failed = await launchpad(args, odd);
    expect(failed).toMatchObject({ code: 1, stdout: "" });
    expect(failed.stderr).toMatch(/standard input row 1: .*threw negative/);
    const { stdout } = await launchpad([...args, "--errors", "skip", `bad-${workers}.jsonl`], odd);
    const told = "PREDICT_FAILED: [model] mean_model.ts: predict threw negative";
    expect(stdout.replaceAll(/PREDICT_FAILED: .*negative.*/g, told)).toBe(
      `id,y,error\n007,,${told}\n"a,""b\nc",4.0,\n8,,${told}\n9,9.0,\n`,
    );
    expect(await launchpad(args, "id,x\n")).toMatchObject({ code: 0, stdout: "id\n" });
  });

  it("refuses a second column error of CSV, carried or predicted, before a line is written", async () => {
    const args = ["predict", "--stream", "--from-format", "csv"];
    const skip = ["--errors", "skip", "bad-error.jsonl"];
    const carried = await launchpad([...args, "--columns", "error", ...skip], "error,x\n7,1\n");
    expect(carried).toMatchObject({ code: 2, stdout: "" });
    expect(carried.stderr).toContain("--columns: expected columns with other names than error");
    // Without a column of its own, nothing is in the way.
    expect(await launchpad([...args, "--columns", "error"], "error,x\n7,1\n")).toMatchObject({
      code: 0,
      stdout: "error,y\n7,2.0\n",
    });
    const other = join(folder, "errors");
    await cp(project, other, { recursive: true });
    const model = await readFile(join(other, "mean_model.ts"), "utf8");
    await writeFile(join(other, "mean_model.ts"), model.replace("{ y: mean * x }", "{ error: mean * x }"));
    const there = (...more: string[]) => run([...node, ...more], { cwd: other, input: "x\n1\n" });
    expect(await there("train")).toMatchObject({ code: 0 });
    const predicted = await there(...args, ...skip);
    expect(predicted).toMatchObject({ code: 2, stdout: "" });
    expect(predicted.stderr).toContain("standard input: expected columns with other names than error");
    expect(await there(...args)).toMatchObject({ code: 0, stdout: "error\n2.0\n" });
    expect([...(await readdir(folder)), ...(await readdir(other))]).not.toContain("bad-error.jsonl");
  });

  it("answers a row of CSV before the next one is there", async () => {
    const running = spawn(node[0] ?? "", [...node.slice(1), "predict", "--stream", "--from-format", "csv"], {
      cwd: folder,
    });
    const answered = async (text: string, pattern: RegExp) => {
      running.stdin.write(text);
      for await (const chunk of on(running.stdout, "data")) if (pattern.test(String(chunk[0]))) return;
    };
    await answered("x\n1\n", /y\n2\.0\n$/);
    await answered("2\n", /^4\.0\n$/);
    running.stdin.end();
    expect(await once(running, "close")).toEqual([0, null]);
  });

  it("answers nothing with nothing", async () => {
    expect(await launchpad(["predict", "--stream"], "")).toMatchObject({ code: 0, stdout: "" });
  });
});
