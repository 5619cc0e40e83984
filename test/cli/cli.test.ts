import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { publishedCli, type Running, run, runtimes, start, startApi } from "../runtimes/runtime.ts";

const fixture = fileURLToPath(new URL("project", import.meta.url));
const builtIndex = new URL("../../dist/index.js", import.meta.url).href;
const node = [...(runtimes.Node ?? []), publishedCli];

let folder: string;
const started: Running[] = [];

/** A fresh copy of the project for each test. The model imports nothing, so it can live anywhere. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-cli-"));
  await cp(fixture, folder, { recursive: true });
});

afterEach(async () => {
  for (const { child, finished } of started.splice(0)) {
    child.kill("SIGKILL");
    await finished;
  }
  await rm(folder, { recursive: true, force: true });
});

const launchpad = (args: readonly string[], options: { input?: string; env?: Record<string, string> } = {}) =>
  run([...node, ...args], { cwd: folder, ...options });

const write = (file: string, text: string) => writeFile(join(folder, file), text);
const edit = async (file: string, from: string | RegExp, to: string) =>
  write(file, (await readFile(join(folder, file), "utf8")).replace(from, to));

describe("commands", () => {
  it("train, retest, predict and list a model, results alone on the standard output", async () => {
    const trained = await launchpad(["train"]);
    expect(trained).toMatchObject({ code: 0 });
    expect(JSON.parse(trained.stdout)).toEqual({ mean: 2 });
    expect(JSON.parse((await launchpad(["retest"])).stdout)).toEqual({ mean: 2 });
    expect(JSON.parse((await launchpad(["predict"], { input: '{"x": 3}' })).stdout)).toEqual({ y: 6 });
    expect(JSON.parse((await launchpad(["predict", "-"], { input: '{"x": 3}' })).stdout)).toEqual({ y: 6 });
    await write("args.json", '\uFEFF{"x": 4}');
    expect(JSON.parse((await launchpad(["predict", "args.json"])).stdout)).toEqual({ y: 8 });
    const shown = JSON.parse((await launchpad(["models", "show", "means@0.1.0"])).stdout);
    expect(Object.keys(shown.metrics_history)).toHaveLength(2);
  });

  it("may be shortened to what is not ambiguous", async () => {
    expect((await launchpad(["t"])).code).toBe(0);
    expect((await launchpad(["p"], { input: '{"x": 1}' })).stdout).toContain('"y": 2');
    expect(await launchpad(["-c", "launchpad.yml", "mod"])).toMatchObject({ code: 0 });
    const combined = await launchpad(["-vc", "launchpad.yml", "mod"]);
    expect(combined.code, combined.stderr).toBe(0);
    const [plain, verbose] = [await launchpad(["-c", "no.yml", "mod"]), await launchpad(["-vc", "no.yml", "mod"])];
    expect([plain.code, verbose.code]).toEqual([2, 2]);
    expect([plain, verbose].map(({ stderr }) => /^ +at /m.test(stderr))).toEqual([false, true]);
  });

  it("begin, in the help, with the seven that people need first, all of which there are", async () => {
    const { stdout, code } = await launchpad(["--help"]);
    expect(code).toBe(0);
    const first = stdout.slice(stdout.indexOf("First steps:"));
    const shown = Array.from(first.matchAll(/^ {2}launchpad ([\w-]+)/gm), ([, name]) => name);
    expect(shown).toEqual(["init", "train", "predict", "api", "models", "generate-raml", "build"]);
    for (const name of shown) expect((await launchpad([String(name), "--help"])).code).toBe(0);
  });

  it("take options before and after them", async () => {
    await write("other.yml", "model: { scale: 10 }\n");
    expect(JSON.parse((await launchpad(["-c", "launchpad.yml", "--config=other.yml", "train"])).stdout)).toEqual({
      mean: 20,
    });
    expect(JSON.parse((await launchpad(["train", "-c", "launchpad.yml", "-c", "other.yml"])).stdout)).toEqual({
      mean: 20,
    });
  });

  it("find the configuration in LAUNCHPAD_CFG before the working folder", async () => {
    await write(
      "elsewhere.yml",
      (await readFile(join(folder, "launchpad.yml"), "utf8")).replace("scale: 1", "scale: 5"),
    );
    const env = { LAUNCHPAD_CFG: join(folder, "elsewhere.yml") };
    expect(JSON.parse((await launchpad(["train"], { env })).stdout)).toEqual({ mean: 10 });
  });

  it("find LAUNCHPAD_CFG.yml before launchpad.yml", async () => {
    const text = await readFile(join(folder, "launchpad.yml"), "utf8");
    await write("LAUNCHPAD_CFG.yml", text.replace("scale: 1", "scale: 7"));
    expect(JSON.parse((await launchpad(["train"])).stdout)).toEqual({ mean: 14 });
  });

  it("find the module beside the file that names it, with or without its ending, or in a package", async () => {
    await cp(join(folder, "mean_model.ts"), join(folder, "models/mean.mts"), { recursive: true });
    const library = join(folder, "node_modules/@acme/means");
    await cp(join(folder, "mean_model.ts"), join(library, "index.mjs"), { recursive: true });
    // A package is not compiled by Node: it is JavaScript, as packages are.
    const { transform } = await import("esbuild");
    const { code } = await transform(await readFile(join(library, "index.mjs"), "utf8"), { loader: "ts" });
    await writeFile(join(library, "index.mjs"), code);
    await writeFile(join(library, "package.json"), '{ "exports": { "import": "./index.mjs" } }');
    await mkdir(join(folder, "conf"));
    for (const [file, module] of [
      ["1.yml", "mean_model.ts"],
      ["2.yml", "./models/mean"],
      ["3.yml", "models/mean.mts"],
      ["4.yml", "'@acme/means'"],
      ["conf/5.yml", "../mean_model"],
    ] as const) {
      await write(file, `model: { module: ${module} }\n`);
      const result = await launchpad(["-c", "launchpad.yml", "-c", file, "train"]);
      expect(result, `${module}: ${result.stderr}`).toMatchObject({ code: 0 });
    }
  });

  it("load plugins, by path", async () => {
    await write(
      "bogus.mjs",
      `import { createFrame, defineSource } from ${JSON.stringify(builtIndex)};
       export const bogus = defineSource({
         serves: ["bogus"],
         open: () => ({ frame: async () => createFrame({ x: [40, 44] }) }),
       });`,
    );
    await write("plugin.yml", "plugins: [./bogus.mjs]\ndatasources: { numbers: { type: bogus } }\n");
    const result = await launchpad(["-c", "launchpad.yml", "-c", "plugin.yml", "train"]);
    expect(JSON.parse(result.stdout)).toEqual({ mean: 42 });
  });

  it("print help and version on the standard output", async () => {
    const help = await launchpad(["--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    for (const name of ["train", "retest", "predict", "api", "models", "--config", "--log-config"]) {
      expect(help.stdout).toContain(name);
    }
    expect((await launchpad(["api", "--help"])).stdout).toContain("--port");
    expect((await launchpad(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("write the log to the standard error stream, in the format of ML Launchpad", async () => {
    const { stderr } = await launchpad(["train"]);
    expect(stderr).toMatch(/^\S+Z INFO launchpad\.lifecycle: trained means 0\.1\.0 in \d/m);
    expect((await launchpad(["-v", "train"])).stderr).toMatch(/ DEBUG /);
  });

  it("show no progress when piped", async () => {
    const { stderr } = await launchpad(["train"]);
    for (const control of ["\u001b", "\r"]) expect(stderr).not.toContain(control);
  });
});

describe("-l", () => {
  const config = `
version: 1
formatters: { plain: { format: "%(levelname)-8s|%(name)s|%(message)s" }, lines: { format: json } }
handlers:
  console: { class: logging.StreamHandler, level: WARNING, formatter: plain, stream: ext://sys.stdout }
  file: { class: logging.handlers.RotatingFileHandler, filename: log/info.log, formatter: lines, maxBytes: 100000, backupCount: 2 }
loggers: { launchpad.store: { level: ERROR, handlers: [file], propagate: no } }
root: { level: DEBUG, handlers: [console, file] }
`;

  it("takes a configuration in the format of Python's logging, and leaves the standard output to results", async () => {
    await write("LAUNCHPAD_LOG.yml", config);
    const { stdout, stderr } = await launchpad(["train"]);
    expect(JSON.parse(stdout)).toEqual({ mean: 2 });
    expect(stderr).toMatch(/^WARNING \|launchpad\.lifecycle\|Training code does not call function orderColumns/);
    expect(stderr).not.toContain("trained means");
    const lines = (await readFile(join(folder, "log/info.log"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: "INFO",
        name: "launchpad.lifecycle",
        message: expect.stringContaining("trained means"),
      }),
    );
  });

  it.each([
    ["maxBytes: 300, backupCount: 2", ["info.log", "info.log.1", "info.log.2"]],
    ["maxBytes: 300, backupCount: 0", ["info.log"]],
    ["maxBytes: 0, backupCount: 2", ["info.log"]],
  ])("keeps as many files as it says: %s", async (sizes, files) => {
    await write("LAUNCHPAD_LOG.yml", config.replace("maxBytes: 100000, backupCount: 2", sizes));
    for (let trainings = 0; trainings < 3; trainings++) await launchpad(["train"]);
    expect((await readdir(join(folder, "log"))).sort()).toEqual(files);
    const text = await readFile(join(folder, "log/info.log"), "utf8");
    if (files.length === 1) expect([...text.matchAll(/trained means/g)]).toHaveLength(3);
  });

  it("says what is wrong with it", async () => {
    await write("log.yml", "handlers: { console: { class: logging.SMTPHandler } }\nroot: { handlers: [consol] }\n");
    expect(await launchpad(["-l", "log.yml", "train"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/log\.yml: handlers\.console\.class/),
    });
    expect(await launchpad(["-l", "none.yml", "train"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("none.yml"),
    });
  });
});

/** What is wrong, how it comes about, the exit code, and what the one message must say. */
const mistakes: readonly (readonly [
  string,
  () => Promise<unknown> | undefined,
  readonly string[],
  number,
  RegExp,
  string?,
])[] = [
  ["an unknown command", () => undefined, ["tarin"], 2, /unknown command "tarin"\. Did you mean train\?.*\[USAGE\]/],
  ["no command", () => undefined, [], 2, /no command\. Expected one of init, train, retest/],
  ["an unknown option", () => undefined, ["train", "--fast"], 2, /unknown option '--fast'.*\[USAGE\]/],
  ["too many arguments", () => undefined, ["train", "x", "y"], 2, /too many arguments.*\[USAGE\]/],
  ["a port that is none", () => undefined, ["api", "--port", "http"], 2, /'--port <number>'.*'http'.*whole number/],
  ["a missing configuration", () => undefined, ["-c", "none.yml", "train"], 2, /none\.yml.*\[CONFIG_NOT_FOUND\]/],
  [
    "no configuration at all",
    () => rm(join(folder, "launchpad.yml")),
    ["train"],
    2,
    /LAUNCHPAD_CFG is not set.*\[CONFIG_NOT_FOUND\]/,
  ],
  [
    "a broken configuration",
    () => write("launchpad.yml", "model: [\n"),
    ["train"],
    2,
    /launchpad\.yml.*\[CONFIG_INVALID\]/s,
  ],
  [
    "a misspelt key",
    () => edit("launchpad.yml", "module:", "modul:"),
    ["train"],
    2,
    /launchpad\.yml line \d+[\s\S]*modul[\s\S]*did you mean "?module/i,
  ],
  [
    "a missing module",
    () => edit("launchpad.yml", "mean_model", "tree_model"),
    ["train"],
    2,
    /tree_model\.ts.*\[MODULE_NOT_FOUND\]/,
  ],
  [
    "a module that does not parse",
    () => write("mean_model.ts", "export const train = ;"),
    ["train"],
    2,
    /mean_model\.ts cannot be loaded.*\[MODULE_INVALID\]/s,
  ],
  [
    "a module that imports what is not installed",
    () => write("mean_model.ts", 'import "no-such-package";'),
    ["train"],
    2,
    /npm install no-such-package/,
  ],
  [
    "a module without functions",
    () => write("mean_model.ts", "export const train = () => 1;"),
    ["train"],
    2,
    /functions test, predict are missing \(found: train\)/,
  ],
  [
    "a missing data file",
    () => rm(join(folder, "data.csv")),
    ["train"],
    1,
    /data\.csv.*does not exist.*\[DATA_UNAVAILABLE\]/,
  ],
  ["a missing column", () => edit("data.csv", "x", "y"), ["train"], 1, /x.*\[COLUMN_UNKNOWN\]/],
  [
    "a source that does not exist",
    () => edit("mean_model.ts", 'source("numbers")', 'source("number")'),
    ["train"],
    1,
    /number.*numbers.*\[DATA_UNKNOWN\]/s,
  ],
  [
    "a model that throws in train",
    () => edit("mean_model.ts", "// train", 'throw new TypeError("no petals");'),
    ["train"],
    1,
    /train of means 0\.1\.0 threw TypeError: no petals \(.*mean_model\.ts:\d+:\d+\).*\[TRAIN_FAILED\]/,
  ],
  [
    "a model that throws in test",
    () => edit("mean_model.ts", "// test", 'throw new Error("too bad");'),
    ["train"],
    1,
    /test of means .* threw too bad.*\[TEST_FAILED\]/,
  ],
  [
    "a model that throws in predict",
    () => edit("mean_model.ts", "// predict", 'throw new Error("no idea");'),
    ["predict"],
    1,
    /predict of means .* threw no idea.*\[PREDICT_FAILED\]/,
    '{"x":1}',
  ],
  [
    "contents that cannot be stored",
    () => edit("mean_model.ts", "return { mean }", "return { mean, f() {} } as any"),
    ["train"],
    1,
    /f.*function.*\[CODEC_FAILED\]/,
  ],
  [
    "arguments that are not JSON",
    () => undefined,
    ["predict"],
    2,
    /standard input.*expected a JSON object.*\[ARGUMENTS_INVALID\]/,
    "x=1",
  ],
  ["arguments that are no object", () => undefined, ["predict"], 2, /found an array, expected a JSON object/, "[1]"],
  ["a missing file of arguments", () => undefined, ["predict", "none.json"], 1, /none\.json.*does not exist/],
  [
    "an API file that is missing",
    () => edit("launchpad.yml", "api:", "api:\n  raml: none.raml"),
    ["api", "--port", "0"],
    2,
    /none\.raml.*\[API_INVALID\]/,
  ],
  [
    "a variable that is not set",
    () => edit("launchpad.yml", "path: data.csv", "path: data.csv\n    options: { sep_var: NO_SUCH_VARIABLE }"),
    ["train"],
    2,
    /NO_SUCH_VARIABLE.*\[VARIABLE_NOT_SET\]/s,
  ],
];

describe("a mistake gets one clear message and no stack trace, loses nothing, and leaves the old model serving:", () => {
  for (const [name, prepare, args, code, message, input] of mistakes) {
    it(name, async () => {
      await launchpad(["train"]);
      const before = await readdir(join(folder, "model_store"), { recursive: true });
      const kept = await mkdtemp(join(tmpdir(), "launchpad-cli-"));
      await cp(folder, kept, { recursive: true });

      await prepare();
      const result = await launchpad(args, input === undefined ? {} : { input });
      expect(result.code, result.stderr).toBe(code);
      expect(result.stdout).toBe("");
      expect(result.stderr).toMatch(message);
      expect(result.stderr.match(/^launchpad: /gm)).toHaveLength(1);
      expect(result.stderr).not.toMatch(/^\s+at /m);

      expect(await readdir(join(folder, "model_store"), { recursive: true })).toEqual(before);
      await cp(join(folder, "model_store"), join(kept, "model_store"), { recursive: true, force: true });
      expect((await run([...node, "predict"], { cwd: kept, input: '{"x": 1}' })).stdout).toContain('"y": 2');
      await rm(kept, { recursive: true });
    });
  }

  it("shows the stack trace with -v", async () => {
    await edit("mean_model.ts", "// train", 'throw new TypeError("no petals");');
    expect((await launchpad(["-v", "train"])).stderr).toMatch(/^\s+at .*mean_model\.ts/m);
  });

  it("a model that was never trained", async () => {
    for (const command of ["predict", "retest", "api"]) {
      expect(await launchpad([command], { input: "{}" })).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /no trained model means 0\.1\.0 .*model_store.*launchpad train \[MODEL_NOT_TRAINED\]/,
        ),
      });
    }
  });

  it("contents that were altered or cut, and the run is still there", async () => {
    await launchpad(["train"]);
    const files = await readdir(join(folder, "model_store"), { recursive: true });
    const contents = join(folder, "model_store", files.find((file) => file.endsWith("contents")) ?? "");
    const bytes = await readFile(contents);
    for (const damaged of [bytes.subarray(0, bytes.length - 1), Buffer.from(bytes).fill(7, 20, 21)]) {
      await writeFile(contents, damaged);
      for (const args of [["predict"], ["api", "--port", "0"], ["train"]]) {
        const result = await launchpad(args, { input: '{"x": 1}' });
        expect(result, result.stderr).toMatchObject({ code: 1, stdout: "" });
        expect(result.stderr).toMatch(/means 0\.1\.0.*\[STORE_CORRUPT\]/s);
      }
    }
    expect(await launchpad(["train", "--fresh"])).toMatchObject({ code: 0 });
    expect((await launchpad(["predict"], { input: '{"x": 1}' })).stdout).toContain('"y": 2');
  });

  it("a store that is not writable", async () => {
    await write("model_store", "a file where the folder should be");
    expect(await launchpad(["train"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/model_store.*\[STORE_UNAVAILABLE\]/s),
    });
  });

  it("a port in use", async () => {
    await launchpad(["train"]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    for (const command of Object.values(runtimes)) {
      expect(await run([...command, publishedCli, "api", "--port", String(port)], { cwd: folder })).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          new RegExp(`cannot listen at 127.0.0.1:${port}: the port is in use.*\\[LISTEN_FAILED\\]`),
        ),
      });
    }
    server.close();
  });
});

describe("TypeScript in model files", () => {
  for (const [name, command] of Object.entries(runtimes)) {
    it(`may need a compiler, and import other files, on ${name}`, async () => {
      await write("scale.mts", "export enum Scale { Double = 2 }\n");
      await edit("mean_model.ts", /^/, 'import { Scale } from "./scale.mts";\n');
      await edit("mean_model.ts", "Number(config.scale)", "Number(config.scale) * Scale.Double");
      const result = await run([...command, publishedCli, "train"], { cwd: folder });
      expect(result, result.stderr).toMatchObject({ code: 0 });
      expect(JSON.parse(result.stdout)).toEqual({ mean: 4 });
    });

    // `npm init` writes it.
    it(`are modules whatever package.json says, on ${name}`, async () => {
      await write("package.json", '{ "type": "commonjs" }');
      await write("scale.ts", "export const factor = 3;\n");
      await edit("mean_model.ts", /^/, 'import { factor } from "./scale.ts";\n');
      await edit("mean_model.ts", "Number(config.scale)", "Number(config.scale) * factor");
      const result = await run([...command, publishedCli, "train"], { cwd: folder });
      expect(result, result.stderr).toMatchObject({ code: 0, stderr: expect.not.stringContaining("launchpad.cli") });
      expect(JSON.parse(result.stdout)).toEqual({ mean: 6 });
    });
  }
});

describe("signals", () => {
  for (const [name, command] of Object.entries(runtimes)) {
    it(`let requests in flight finish, then end the server with 0, on ${name}`, async () => {
      await run([...command, publishedCli, "train"], { cwd: folder });
      const api = await startApi([...command, publishedCli], { cwd: folder });
      started.push(api.running);
      const slow = fetch(`${api.origin}/means/v0/predictions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"x": 5, "delay": 1000}',
      });
      await api.running.printed(/predicting slowly/);
      api.running.child.kill("SIGTERM");
      await api.running.printed(/Stopping/);
      await expect(fetch(`${api.origin}/livez`)).rejects.toThrow();
      expect(await (await slow).json()).toEqual({ y: 10 });
      expect(await api.running.finished).toMatchObject({ code: 0, signal: null });
    });
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`end a training at once with ${signal}, whether it waits or computes, and leave the store as it was`, async () => {
      await launchpad(["train"]);
      const before = await readdir(join(folder, "model_store"), { recursive: true });
      for (const code of ["await new Promise((resolve) => setTimeout(resolve, 60_000));", "for (;;);"]) {
        await edit("mean_model.ts", /\/\/ train.*/, `// train\n    console.error("in training"); ${code}`);
        const training = start([...node, "train"], { cwd: folder });
        started.push(training);
        await training.printed(/in training/);
        training.child.kill(signal);
        expect((await training.finished).signal).toBe(signal);
        await edit("mean_model.ts", /\/\/ train\n.*/, "// train");
      }
      expect(await readdir(join(folder, "model_store"), { recursive: true })).toEqual(before);
    });
  }
});
