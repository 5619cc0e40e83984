import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { startProgram } from "../../runtimes/model-hosts/process.ts";
import { createHostModel, type Launchpad, type LaunchpadError, silentLogger } from "../../src/internal.ts";
import { pythons } from "../support/python.ts";
import { ask, configText, type HostedProject, hostedProject } from "./project.ts";

let python: string;
let project: HostedProject | undefined;

const make = async (code: string, model = "", more = "", api = "{ name: m }") => {
  const launchpad = configText(`module: my_model, python: "${python}", pickle: allow${model && `, ${model}`}`, more);
  project = await hostedProject({
    "launchpad.yml": launchpad.replace("api: { name: m }", `api: ${api}`),
    "my_model.py": code,
  });
  return project;
};
const serving = async (code: string, model = "", more = "", api = "{ name: m }") => {
  const made = await make(code, model, more, api);
  const launchpad = await made.open();
  await launchpad.train({ test: false });
  await launchpad.ready();
  return { ...made, launchpad };
};
const simple = "def train(run): return 1\ndef test(m, run): return {}\n";

/** The processes whose parent is this one, or another, by their command line. */
const childrenOf = async (pid: number | string): Promise<number[]> => {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,ppid=,args="]);
  const rows = stdout.split("\n").map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)?.slice(1) ?? []);
  return rows
    .filter(([, parent, args]) => parent === String(pid) && args?.includes("host.py"))
    .map(([child]) => Number(child));
};
const isThere = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const gone = async (pids: readonly number[], within = 5000) => {
  for (let at = 0; at < within && pids.some(isThere); at += 50) await wait(50);
  return pids.filter(isThere);
};

beforeAll(async () => {
  python = (await pythons("default"))[0]?.path ?? "";
});
afterEach(async () => {
  await project?.close();
  project = undefined;
});

describe("what is wrong with a module is said at once", () => {
  it("no interpreter: all five places, and what was found there", async () => {
    const { open } = await make(simple);
    const folder = project?.folder ?? "";
    await writeFile(join(folder, "launchpad.yml"), configText("module: my_model, python: ./nowhere/python"));
    await expect(open()).rejects.toThrow(/no Python: model.python is .*nowhere\/python, which is not there.*\[?/);
    await writeFile(join(folder, "launchpad.yml"), configText("module: my_model, python: python-that-is-not-there"));
    const launchpad = await open();
    await expect(launchpad.train()).rejects.toThrow(
      /no Python: model.python is python-that-is-not-there; python-that-is-not-there could not be started.*Install Python 3.10 or newer, or say where/,
    );
    expect(await launchpad.train().catch((error: LaunchpadError) => error.code)).toBe("HOST_FAILED");
  });

  it.each([
    [
      "a package that is not installed",
      "import unheard_of.things\n",
      /my_model.py:1: ModuleNotFoundError: No module named 'unheard_of.*Install it: .*python3 -m pip install unheard_of/,
    ],
    ["a mistake in the syntax", "def train(run):\n  return (\n", /my_model.py:2: SyntaxError/],
    ["an exception while it is imported", "x = 1\ny = x / 0\n", /my_model.py:2: ZeroDivisionError: division by zero/],
    ["no functions", "def trian(run): return 1\n", /functions train, test and predict expected/],
    [
      "two classes",
      "from mllaunchpad import *\nclass A(ModelMakerInterface):\n  create_trained_model = test_trained_model = None\nclass B(A): pass\n",
      /one class that inherits ModelMakerInterface expected, found A, B/,
    ],
    ["the end of the process", "import os\nos._exit(3)\n", /ended with exit code 3 before it had begun/],
  ])("%s", async (_, code, message) => {
    const { open } = await make(code);
    await expect((await open()).train()).rejects.toThrow(message);
  });

  it("a function that is missing", async () => {
    const { open } = await make("def predict(m, a, r): return 1\n");
    await expect((await open()).train()).rejects.toThrow(/no function train \(found: predict\)/);
  });

  it("another version of the protocol, or none", async () => {
    const says = (code: string) =>
      createHostModel({
        language: "python",
        title: "Python",
        log: silentLogger,
        elapsed: () => performance.now(),
        processes: 1,
        pickle: "allow",
        batch: { max_rows: 1, max_delay_ms: 0 },
        timeout: undefined,
        hello: {},
        start: startProgram({ command: python, arguments: ["-c", code] }),
      });
    const other = `import sys, json, struct
d = json.dumps({"type": "result", "version": 2, "hello": {}}).encode()
sys.stdout.buffer.write(struct.pack("<IIQ", 0x0148504c, len(d), 0) + d); sys.stdout.flush(); sys.stdin.read()`;
    for (const [code, message] of [
      [other, /speaks version 2 of the host protocol, expected 1/],
      ["print('Hello, this is no protocol at all'); input()", /begins with 4c 50 48 01, found 48 65/],
    ] as const) {
      const host = says(code);
      await expect(host.ask({ type: "describe" })).rejects.toThrow(message);
      await host.close();
    }
  });
});

describe("exceptions of a model", () => {
  it("name function, class, file and line; the log has the traceback, and a caller nothing", async () => {
    const { open, log } = await make(`
def helper(): raise ValueError("the secret 42")
def train(run): return 1 if run.config.get("ok") else helper()
def test(m, run): helper()
def predict(m, args, run): helper()
`);
    const launchpad = await open();
    const error = await launchpad.train().catch((it: LaunchpadError) => it);
    expect(error).toMatchObject({
      code: "TRAIN_FAILED",
      message: expect.stringMatching(/train of m 1.0.0 threw ValueError: the secret 42 \(.*my_model.py:2\)/),
    });
    expect((error as { cause: Error }).cause.stack).toMatch(
      /Traceback[\s\S]*in train[\s\S]*in helper[\s\S]*ValueError: the secret 42/,
    );
    await writeFile(
      join(project?.folder ?? "", "launchpad.yml"),
      configText(`module: my_model, ok: 1, python: "${python}"`),
    );
    const second = await open();
    await expect(second.train()).rejects.toThrow(/test of m 1.0.0 threw ValueError/);
    await second.train({ test: false });
    const { status, body } = await ask(second, { x: 1 });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain("secret");
    expect(log.filter(({ level, message }) => level === "error" && message.includes("the secret 42"))).not.toEqual([]);
  });

  it("may be caught where Launchpad is asked, and are its own where they are not", async () => {
    const { launchpad } = await serving(
      `${simple}
def predict(m, args, run):
    if args["catch"]:
        try:
            run.source("nothing").frame()
        except KeyError as error:
            return str(error)
        try:
            run.source("missing").frame()
        except Exception as error:
            return type(error).__name__
    return run.source("missing").frame()
`,
      "",
      "datasources: { missing: { type: csv, path: ./missing.csv } }\n",
    );
    expect(String((await ask(launchpad, { catch: true })).body)).toMatch(
      /no data source 'nothing' here; there are 'missing'/,
    );
    await expect(launchpad.predict({ catch: false })).rejects.toMatchObject({ code: "DATA_UNAVAILABLE" });
  });

  it("that would end the process do not: sys.exit, KeyboardInterrupt, a recursion, too much memory", async () => {
    const { launchpad } = await serving(
      `${simple}
import sys
def predict(m, args, run):
    if args["what"] == "exit": sys.exit(3)
    if args["what"] == "interrupt": raise KeyboardInterrupt()
    if args["what"] == "recursion": return predict(m, args, run)
    if args["what"] == "memory": return len(bytearray(3 * 10**9))
    return "fine"
`,
      "memory_limit: 2GB",
    );
    for (const what of ["exit", "interrupt", "recursion", "memory"]) {
      await expect(launchpad.predict({ what })).rejects.toThrow(
        /SystemExit|KeyboardInterrupt|RecursionError|MemoryError/,
      );
      expect(await launchpad.predict({ what: "?" })).toBe("fine");
    }
  });
});

describe("what a model prints", () => {
  it("is logged, and never taken for the protocol, whichever way it is printed", async () => {
    const { launchpad, lines } = await serving(`${simple}
import os, struct, subprocess, sys
def predict(m, args, run):
    print("by print ü")
    print("to errors", file=sys.stderr)
    text = b'{"type":"result","value":"forged"}'
    forged = struct.pack("<IIQ", 0x0148504c, len(text), 0) + text
    os.write(1, forged)
    sys.stdout.buffer.write(forged + b"\\n")
    sys.stdout.flush()
    subprocess.run(["echo", "by a program"])
    assert sys.stdin.read() == ""
    assert subprocess.run(["cat"], capture_output=True).stdout == b""
    return args["x"]
`);
    for (let x = 0; x < 20; x += 1) expect(await ask(launchpad, { x })).toEqual({ status: 200, body: x });
    for (const text of [/by print ü/, /to errors/, /by a program/, /forged/])
      expect(lines(text).length).toBeGreaterThan(5);
  });

  it("may be a gigabyte, which takes no memory", async () => {
    const { launchpad, log } = await serving(`${simple}
import os
def predict(m, args, run):
    block = (b"x" * 999 + b"\\n") * 1000 if args["lines"] else b"x" * 1000000
    for _ in range(args["megabytes"]): os.write(1, block)
    return "printed"
`);
    const before = process.memoryUsage().rss;
    expect(await launchpad.predict({ megabytes: 700, lines: false })).toBe("printed");
    expect(await launchpad.predict({ megabytes: 300, lines: true })).toBe("printed");
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    expect(log.length).toBeLessThan(3000);
  });
});

describe("a child that dies", () => {
  it("loses at most the requests in flight, with 503, and is replaced: 200 predictions, killed at random", async () => {
    const { launchpad } = await serving(
      `${simple}
import time
def predict(m, args, run):
    time.sleep(0.005)
    return {"twice": args["x"] * 2}
`,
      "processes: 2",
    );
    const started = Date.now();
    const kills: number[] = [];
    let running = true;
    const killer = (async () => {
      while (running) {
        await wait(100 + Math.random() * 200);
        const children = await childrenOf(process.pid);
        const [victim] = children.sort(() => Math.random() - 0.5);
        if (victim === undefined || !running) continue;
        process.kill(victim, "SIGKILL");
        kills.push(victim);
      }
    })();
    const counts = { right: 0, unavailable: 0, wrong: 0 };
    const one = async (x: number) => {
      const { status, body } = await ask(launchpad, { x });
      if (status === 200 && JSON.stringify(body) === JSON.stringify({ twice: x * 2 })) counts.right += 1;
      else if (status === 503) counts.unavailable += 1;
      else counts.wrong += 1;
      await wait(20);
    };
    const lanes = Array.from({ length: 4 }, async (_, lane) => {
      for (let at = 0; at < 50; at += 1) await one(lane * 1000 + at);
    });
    await Promise.all(lanes);
    running = false;
    await killer;
    console.log(
      `200 predictions, ${kills.length} processes killed in ${Date.now() - started} ms: ${JSON.stringify(counts)}`,
    );
    expect(counts.wrong).toBe(0);
    expect(counts.right + counts.unavailable).toBe(200);
    expect(kills.length).toBeGreaterThan(2);
    // Each had one prediction in flight at most.
    expect(counts.unavailable).toBeLessThanOrEqual(kills.length);
    expect((await ask(launchpad, { x: 21 })).body).toEqual({ twice: 42 });
  });

  it("leaves the store as it was: 50 trainings, killed at random", async () => {
    const { open, folder } = await make(`
import os, time
def train(run):
    with open(run.config["pid_file"] + "~", "w") as file: file.write(str(os.getpid()))
    os.rename(run.config["pid_file"] + "~", run.config["pid_file"])
    time.sleep(0.05)
    return 1
def test(m, run): return {}
def predict(m, a, r): return 1
`);
    const pidFile = join(folder, "pid");
    await writeFile(
      join(folder, "launchpad.yml"),
      configText(`module: my_model, pid_file: "${pidFile}", pickle: allow, python: "${python}"`),
    );
    const launchpad = await open();
    await launchpad.train();
    const counts = { trained: 0, failed: 0 };
    for (let at = 0; at < 50; at += 1) {
      await rm(pidFile);
      const training = launchpad.train({ fresh: true }).then(
        () => "trained" as const,
        (error: LaunchpadError) => (error.code === "HOST_FAILED" ? ("failed" as const) : Promise.reject(error)),
      );
      while (!existsSync(pidFile)) await wait(5);
      await wait(Math.random() * 80);
      process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
      counts[await training] += 1;
      expect((await launchpad.store.runs("m")).length).toBe(1 + counts.trained);
    }
    console.log(`50 trainings, killed at random: ${JSON.stringify(counts)}`);
    expect(counts.failed).toBeGreaterThan(10);
    const again = await open();
    expect(await again.predict({})).toBe(1);
  });

  it.each([
    ["exits", "os._exit(0)"],
    ["closes its streams", "[os.close(fd) for fd in range(0, 30) if not closes(fd)]"],
    ["is ended by a fault", "os.kill(os.getpid(), 11)"],
  ])("because it %s is told so, and the next one answers", async (_, code) => {
    const { launchpad } = await serving(`${simple}
import os
def closes(fd):
    try: os.fstat(fd)
    except OSError: return True
def predict(m, args, run):
    if args["x"] == 0: ${code}
    return args["x"]
`);
    expect((await ask(launchpad, { x: 0 })).status).toBe(503);
    expect(await ask(launchpad, { x: 7 })).toEqual({ status: 200, body: 7 });
  });
});

describe("a child that hangs, or leaves others behind", () => {
  it("is replaced after api.timeout, and others are answered", async () => {
    const { launchpad, lines } = await serving(
      `${simple}
import re
def predict(m, args, run):
    if args["x"] == 0: re.match("(a+)+$", "a" * 60 + "b")
    return args["x"]
`,
      "",
      "",
      "{ name: m, timeout: 0.5 }",
    );
    const stuck = await ask(launchpad, { x: 0 });
    expect(stuck.status).toBe(504);
    for (let at = 0; at < 100; at += 1) {
      if ((await ask(launchpad, { x: 3 })).status === 200) break;
      await wait(50);
    }
    expect(await ask(launchpad, { x: 3 })).toEqual({ status: 200, body: 3 });
    expect(lines(/took longer than 0.5 seconds \(api.timeout\)/).length).toBeGreaterThan(0);
  });

  it("is ended with what it has forked, by close and by the death of its parent", async () => {
    const code = `${simple}
import os, re, subprocess, time
def predict(m, args, run):
    child = os.fork()
    if child == 0: time.sleep(600)
    other = subprocess.Popen(["sleep", "600"])
    if args["hang"]: re.match("(a+)+$", "a" * 60 + "b")
    return [os.getpid(), child, other.pid]
`;
    const { launchpad, folder } = await serving(code);
    const pids = (await launchpad.predict({ hang: false })) as number[];
    expect(pids.every(isThere)).toBe(true);
    await launchpad.close();
    expect(await gone(pids)).toEqual([]);

    const script = `
      import { createHost } from ${JSON.stringify(fileURLToPath(new URL("../../runtimes/node.ts", import.meta.url)))};
      import { openProject } from ${JSON.stringify(fileURLToPath(new URL("../../runtimes/project/open-project.ts", import.meta.url)))};
      const launchpad = await openProject(createHost(), { config: "launchpad.yml" });
      await launchpad.ready();
      console.log(JSON.stringify(await launchpad.predict({ hang: false })));
      void launchpad.predict({ hang: true });
    `;
    await writeFile(join(folder, "parent.mjs"), script);
    const parent = spawn(process.execPath, ["parent.mjs"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    const line = await new Promise<string>((resolve) => parent.stdout.once("data", (data) => resolve(String(data))));
    const inParent = [...(JSON.parse(line) as number[]), ...(await childrenOf(parent.pid ?? 0))];
    expect(inParent.every(isThere)).toBe(true);
    await wait(300);
    parent.kill("SIGKILL");
    expect(await gone(inParent)).toEqual([]);
  });
});

describe("requests that wait together", () => {
  const batching = `${simple}
import time
calls = []
def predict(m, args, run): return {"alone": args["x"]}
def predict_batch(m, frame, run):
    calls.append(len(frame))
    time.sleep(0.01)
    if (frame["x"] < 0).any(): raise ValueError("a bad row")
    return [{"x": x, "rows": len(frame)} for x in frame["x"]]
`;
  it("are predicted in one call, each caller gets its own, and a bad row fails alone", async () => {
    const { launchpad } = await serving(batching);
    const all = async (xs: readonly number[]) => Promise.all(xs.map((x) => ask(launchpad, { x })));
    const answers = await all(Array.from({ length: 200 }, (_, x) => x));
    const bodies = answers.map(({ body }) => body as { x?: number; alone?: number; rows?: number });
    expect(bodies.map(({ x, alone }) => x ?? alone)).toEqual(Array.from({ length: 200 }, (_, x) => x));
    expect(Math.max(...bodies.map(({ rows = 1 }) => rows))).toBe(64);
    const withBad = await all([1, 2, 3, 4, 5]);
    expect(withBad.every(({ status }) => status === 200)).toBe(true);
  });

  it("fail alone where one row is bad", async () => {
    const { launchpad } = await serving(
      batching.replace('{"alone": args["x"]}', 'args["x"] if args["x"] >= 0 else [][0]'),
    );
    const xs = Array.from({ length: 100 }, (_, at) => (at === 50 ? -1 : at));
    const answers = await Promise.all(xs.map((x) => ask(launchpad, { x })));
    expect(answers.map(({ status }) => status)).toEqual(xs.map((x) => (x < 0 ? 500 : 200)));
  });

  it("write to a sink each by itself, once, and nothing for whoever wants nothing written", async () => {
    const code = (lost: string) => `${simple}
import pandas as pd
calls = []
def predict_batch(m, frame, run):
    calls.append(len(frame))
    try: run.sink("out").write(frame)
    except Exception as error: ${lost}
    if (frame["x"] < 0).any(): raise ValueError("a bad row")
    return [{"x": x, "most": max(calls)} for x in frame["x"]]
`;
    for (const lost of ["raise", "pass"]) {
      const { launchpad, folder, lines } = await serving(
        code(lost),
        "batch: { max_rows: 64, max_delay_ms: 20 }",
        "datasinks: { out: { type: csv, path: ./out.csv, options: { mode: a } } }\n",
      );
      const xs = Array.from({ length: 60 }, (_, x) => (x === 50 ? -1 : x));
      const answers = await Promise.all([
        ...xs.map((x) => ask(launchpad, { x })),
        launchpad.predict({ x: 1000 }, { persist: false }),
      ]);
      const bodies = answers.slice(0, 60) as { status: number; body: { x: number; most: number } }[];
      expect(bodies.map(({ status }) => status)).toEqual(xs.map((x) => (x < 0 ? 500 : 200)));
      expect(bodies.filter(({ status }) => status === 200).map(({ body }) => body.x)).toEqual(xs.filter((x) => x >= 0));
      expect(Math.max(...bodies.map(({ body }) => body.most ?? 0))).toBeGreaterThan(1);
      expect(lines(/each row is predicted, and written, by itself/)).toHaveLength(1);
      const written = (await readFile(join(folder, "out.csv"), "utf8"))
        .split("\n")
        .filter((line) => /\d/.test(line))
        .map(Number);
      const once = xs.filter((x) => x >= 0);
      expect(written.filter((x) => x !== -1).sort((a, b) => a - b)).toEqual(once.sort((a, b) => a - b));
      await project?.close();
      project = undefined;
    }
  });

  it("must be as many as the rows", async () => {
    const { launchpad } = await serving(`${simple}\ndef predict_batch(m, frame, run): return [1, 2]\n`);
    await expect(launchpad.predict({ x: 1 })).rejects.toThrow(
      /predict_batch: expected a prediction for each of 1 rows, found 2/,
    );
    await expect((launchpad as Launchpad).predict({ x: [1] })).rejects.toThrow(/arguments of one value each/);
  });
});
