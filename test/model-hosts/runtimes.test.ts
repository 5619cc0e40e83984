import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, describe, expect, it } from "vitest";
import { run, runtimes, sourceCli, startApi } from "../runtimes/runtime.ts";
import { configText } from "./project.ts";

const [deno = ""] = runtimes.Deno ?? [];

/** Deno with no more than it is said to need: to run one program. */
const denoWith = (program: string) => [
  deno,
  "run",
  "--no-prompt",
  ...["--allow-read", "--allow-write", "--allow-net", "--allow-env", "--allow-sys", `--allow-run=${program}`],
  sourceCli,
];

const python = {
  "model.py":
    "import os\ndef train(run): return 2\ndef test(m, run): return {'m': m}\ndef predict(m, args, run): return {'y': m * args['x'], 'pid': os.getpid()}\ndef save(m): return b'%d' % m\ndef load(data): return int(data)\n",
};
const r = {
  "model.R":
    "train <- function(run) 2\ntest <- function(m, run) list(m = m)\npredict <- function(m, args, run) list(y = m * args$x, pid = Sys.getpid())\n",
};

let folder = "";
afterEach(() => rm(folder, { recursive: true, force: true }));

async function make(files: Readonly<Record<string, string>>, more = ""): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "hosted-runtimes-"));
  const all = { "launchpad.yml": configText("module: model", more), ...files };
  for (const [name, text] of Object.entries(all)) await writeFile(join(folder, name), text);
}

describe.each([
  ["Node", "Python", [...(runtimes.Node ?? []), sourceCli], python],
  ["Bun", "Python", [...(runtimes.Bun ?? []), sourceCli], python],
  ["Deno, which may run python3 only,", "Python", denoWith("python3"), python],
  ["Bun", "R", [...(runtimes.Bun ?? []), sourceCli], r],
  ["Deno, which may run sh only,", "R", denoWith("sh"), r],
] as const)("on %s a model in %s", (_, __, command, files) => {
  it("is trained and served, its process is replaced when it is killed, and ends with the server", async () => {
    await make(files);
    const trained = await run([...command, "train"], { cwd: folder });
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(trained.stdout)).toEqual({ m: 2 });
    const api = await startApi(command, { cwd: folder });
    const ask = async (): Promise<{ status: number; body: { y: number; pid: number } }> => {
      const answer = await fetch(`${api.origin}/m/v1/predictions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"x": 21}',
      });
      return { status: answer.status, body: await answer.json() };
    };
    try {
      const first = await ask();
      expect([first.status, first.body.y]).toEqual([200, 42]);
      process.kill(first.body.pid, "SIGKILL");
      await expect.poll(async () => (await ask()).body.y, { timeout: 20_000 }).toBe(42);
      const second = await ask();
      expect(second.body.pid).not.toBe(first.body.pid);
      await api.stop();
      await expect.poll(() => isThere(second.body.pid), { timeout: 10_000 }).toBe(false);
    } finally {
      await api.stop();
    }
  }, 120_000);
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a pickle where what is stored must be signed", () => {
  it("is read if it is signed as it was by the right key, and runs nothing if it is not", async () => {
    const node = [...(runtimes.Node ?? []), sourceCli];
    await make({});
    const mark = join(folder, "mark");
    // Whoever reads this pickle leaves a file.
    await writeFile(
      join(folder, "model.py"),
      `class Mark:
    def __reduce__(self): return (open, (${JSON.stringify(mark)}, "a"))
def train(run): return Mark()
def predict(m, args, run): return {"read": type(m).__name__}
def test(m, run): return {}
`,
    );
    const { stdout } = await run([...node, "models", "keygen"], { cwd: folder });
    const { stdout: other } = await run([...node, "models", "keygen"], { cwd: folder });
    const [mine, theirs] = [JSON.parse(stdout), JSON.parse(other)] as { sign_key: string; verify_key: string }[];
    const store = (key: string) =>
      configText("module: model, pickle: allow").replace("refresh: 0", `refresh: 0, sign_key_var: SIGN_KEY, ${key}`);
    const signed = store(`verify_key: "${mine?.verify_key}"`);
    const launchpad = async (text: string, sign: string | undefined, ...args: string[]) => {
      await writeFile(join(folder, "launchpad.yml"), text);
      await rm(mark, { force: true });
      const done = await run([...node, ...args], { cwd: folder, env: { SIGN_KEY: sign ?? "" }, input: "{}" });
      return { ...done, wasRead: existsSync(mark) };
    };
    const trained = await launchpad(signed, mine?.sign_key, "train");
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
    const good = await launchpad(signed, mine?.sign_key, "predict");
    expect(good, good.stderr).toMatchObject({ code: 0, wasRead: true });
    const counts = { refused: 0, read: 0 };
    const refused = async (text: string, ...more: string[]) => {
      for (const command of ["predict", ...more]) {
        const { code, stderr, wasRead } = await launchpad(text, mine?.sign_key, command);
        counts[wasRead ? "read" : "refused"] += 1;
        expect(code).not.toBe(0);
        expect(stderr).toMatch(/\[(STORE_UNTRUSTED|STORE_CORRUPT)\]/);
      }
    };
    // Made by whoever has another key; by nobody; and altered after it was signed.
    await refused(store(`verify_key: "${theirs?.verify_key}"`));
    const contents = (await readdir(join(folder, "store"), { recursive: true })).find((name) =>
      name.endsWith("contents"),
    );
    const path = join(folder, "store", contents ?? "");
    const bytes = await readFile(path);
    await writeFile(path, Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1) ?? 0, 46])]));
    await refused(signed);
    await rm(join(folder, "store"), { recursive: true });
    const unsigned = configText("module: model, pickle: allow");
    expect(await launchpad(unsigned, undefined, "train", "--fresh")).toMatchObject({ code: 0 });
    await refused(signed, "retest");
    console.log(`pickles without the right signature: ${JSON.stringify(counts)}`);
    expect(counts).toEqual({ refused: 4, read: 0 });
  }, 120_000);
});
