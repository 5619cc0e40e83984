import { readFileSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { publishedCli, type Running, run, runtimes, start } from "../runtimes/runtime.ts";

const project = fileURLToPath(new URL("project", import.meta.url));

/** Says which process predicts. */
const model = `import process from "node:process";
export const train = ({ config }) => ({ scale: config.scale });
export const test = () => ({});
export async function predict({ scale }, { delay = 0, spin = false }) {
  while (spin);
  if (delay > 0) console.error("predicting slowly");
  await new Promise((resolve) => setTimeout(resolve, delay));
  return { scale, pid: process.pid };
}
`;

/** The machine may be busy. */
const patience = { timeout: 30_000 };

let folder: string;
const started: Running[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-workers-"));
  await cp(project, folder, { recursive: true });
  await writeFile(join(folder, "mean_model.ts"), model);
  await writeFile(join(folder, "overlay.yml"), "model_store: { refresh: 0 }\n");
});

afterEach(async () => {
  for (const running of started.splice(0)) {
    running.kill("SIGKILL");
    await running.finished;
  }
  await rm(folder, { recursive: true, force: true });
});

const command = (program: readonly string[]) => [
  ...program,
  publishedCli,
  "-c",
  "launchpad.yml",
  "-c",
  "overlay.yml",
  "-c",
  "scale.yml",
];

async function train(program: readonly string[], scale = 1): Promise<void> {
  await writeFile(join(folder, "scale.yml"), `model: { scale: ${scale} }\n`);
  const trained = await run([...command(program), "train"], { cwd: folder });
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
}

async function serve(program: readonly string[], workers: number, env: Record<string, string> = {}) {
  const running = start([...command(program), "api", "--port", "0", "--workers", String(workers)], {
    cwd: folder,
    env,
    // As a terminal and systemd do, signals reach all processes.
    group: true,
  });
  started.push(running);
  let answered = 0;
  let text = "";
  running.child.stderr?.on("data", (piece: string) => {
    text += piece;
  });
  const [, origin = ""] = await running.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)/);
  const served = () => [...text.matchAll(/worker (\d+) serves/g)].map(([, pid]) => Number(pid));
  const api = {
    origin,
    running,
    text: () => text,
    /** Workers that have ever served. */
    served,
    /** Asks on a connection of its own. */
    async ask(args: { delay?: number; spin?: boolean } = {}): Promise<{ scale: number; pid: number }> {
      const json = { "content-type": "application/json" };
      const answer = await post<{ scale: number; pid: number }>(
        `${origin}/means/v0/predictions`,
        JSON.stringify(args),
        json,
      );
      answered += 1;
      return answer;
    },
    answered: () => answered,
    async metrics(): Promise<string> {
      return (await fetch(`${origin}/metrics`, { headers: { connection: "close" } })).text();
    },
    /** Asks until these, and no others, answer. */
    async answerers(pids: readonly number[]): Promise<void> {
      const seen = new Set<number>();
      await expect
        .poll(async () => {
          for (const { pid } of await Promise.all(Array.from({ length: 20 }, () => api.ask({ delay: 5 }))))
            seen.add(pid);
          return [...seen].sort();
        }, patience)
        .toEqual([...pids].sort());
    },
  };
  await expect.poll(served, patience).toHaveLength(workers);
  return api;
}

/** `fetch` would put requests on the connections that there are, and so ask the same process. */
function post<Answer>(url: string, body: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent: false, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece) => {
        text += piece;
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${response.statusCode} ${text}`));
      });
    });
    sent.on("error", reject).end(body);
  });
}

function lives(pid: number): boolean {
  // Of 0 or less, the system thinks as of a whole group.
  if (!(pid > 1)) throw new Error(`no process: ${pid}`);
  // One that has ended, and that nobody has asked how, is a zombie.
  const [, state] = /^State:\s+(\w)/m.exec(statusOf(pid)) ?? [];
  return state !== undefined && state !== "Z";
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;
const count = 'launchpad_http_requests_total{route="/means/v0/predictions",method="POST",status="200"}';

describe.each(Object.entries(runtimes))("launchpad api --workers on %s", (_, program) => {
  it("serves with several processes, replaces one that dies, and counts all of them", async () => {
    await train(program);
    const api = await serve(program, 3);
    const first = api.served();
    expect(new Set(first).size).toBe(3);
    expect(matches(api.text(), /Serving/g)).toBe(1);
    await api.answerers(first);
    const total = async () => Number((await api.metrics()).split(`${count} `)[1]?.split("\n")[0]);
    await expect.poll(total, patience).toBe(api.answered());

    const [ended = 0, killed = 0, stays = 0] = first;
    expect(Math.min(...first)).toBeGreaterThan(1);
    process.kill(ended, "SIGTERM");
    await api.running.printed(new RegExp(`worker ${ended} ended with exit code 0. Another takes its place`));
    process.kill(killed, "SIGKILL");
    await api.running.printed(new RegExp(`worker ${killed} ended with SIGKILL. Another takes its place`));
    await expect.poll(api.served, patience).toHaveLength(5);
    await expect
      .poll(api.metrics, patience)
      .toMatch(/^launchpad_workers 3\n[\s\S]*^launchpad_workers_ended_total 2\n/m);
    // What those had counted that are gone is not forgotten.
    await expect.poll(total, patience).toBe(api.answered());
    await api.answerers([stays, ...api.served().slice(3)]);
    await expect.poll(total, patience).toBe(api.answered());
    api.running.kill("SIGTERM");
    expect(await api.running.finished).toMatchObject({ code: 0, signal: null });
  });

  it("replaces a process whose model computes for ever, also where it is the only one", async () => {
    await writeFile(join(folder, "overlay.yml"), "model_store: { refresh: 0 }\nlimits: { stall_timeout: 1.5 }\n");
    await train(program);
    const api = await serve(program, 1);
    const [stalled] = api.served();
    const lost = await api.ask({ spin: true }).catch((error: Error) => error);
    expect(lost).toBeInstanceOf(Error);
    await api.running.printed(
      new RegExp(
        `ERROR launchpad.cli: worker ${stalled} has answered nothing for 1.5 s \\(limits.stall_timeout\\): code of the model`,
      ),
    );
    await expect.poll(api.served, patience).toHaveLength(2);
    expect(await api.ask()).toMatchObject({ scale: 1, pid: api.served()[1] });
    // Waiting is not computing.
    expect(await api.ask({ delay: 3000 })).toMatchObject({ pid: api.served()[1] });
    api.running.kill("SIGTERM");
    expect(await api.running.finished).toMatchObject({ code: 0 });
  });

  it("answers what is in flight when it is told to stop, and ends with 0", async () => {
    await train(program);
    const api = await serve(program, 2);
    const answers = Array.from({ length: 8 }, () => api.ask({ delay: 1500 }));
    await expect.poll(() => matches(api.text(), /predicting slowly/g), patience).toBe(8);
    api.running.kill("SIGTERM");
    expect(await Promise.all(answers)).toHaveLength(8);
    const { code, signal, stderr } = await api.running.finished;
    expect([code, signal], stderr).toEqual([0, null]);
    expect(matches(stderr, /Stopping:/g)).toBe(1);
    expect(stderr).not.toMatch(/takes its place/);
    for (const pid of api.served()) expect(lives(pid)).toBe(false);
  });

  it("ends at once at the second signal, and so do its workers", async () => {
    await train(program);
    const api = await serve(program, 2);
    const answer = api.ask({ delay: 60_000 }).catch((error: Error) => error);
    await api.running.printed(/predicting slowly/);
    api.running.kill("SIGTERM");
    await api.running.printed(/Stopping/);
    api.running.kill("SIGTERM");
    expect(await api.running.finished).toMatchObject({ signal: "SIGTERM" });
    expect(await answer).toBeInstanceOf(Error);
    for (const pid of api.served()) await expect.poll(() => lives(pid), patience).toBe(false);
  });

  it("leaves no worker behind when it is killed itself", async () => {
    await train(program);
    const api = await serve(program, 2);
    const { pid } = api.running.child;
    if (pid === undefined) throw new Error("did not start");
    // With messages of each worker that it has not read: their connections are then reset, not ended.
    process.kill(pid, "SIGSTOP");
    const unanswered = Array.from({ length: 20 }, () =>
      fetch(`${api.origin}/metrics`, { headers: { connection: "close" }, signal: AbortSignal.timeout(1000) }),
    );
    for (const { status } of await Promise.allSettled(unanswered)) expect(status).toBe("rejected");
    process.kill(pid, "SIGKILL");
    await api.running.finished;
    for (const worker of api.served()) await expect.poll(() => lives(worker), patience).toBe(false);
  });

  it("has all workers follow the store, at SIGHUP and when an operator asks one of them", async () => {
    const env = { ADMIN_TOKEN: "a-token-of-the-operators" };
    await writeFile(
      join(folder, "overlay.yml"),
      "model_store: { refresh: 0 }\napi: { admin: true, admin_token_var: ADMIN_TOKEN }\n",
    );
    await train(program, 1);
    const api = await serve(program, 2, env);
    const scales = async () => {
      await api.answerers(api.served());
      return [...new Set((await Promise.all(Array.from({ length: 20 }, () => api.ask()))).map(({ scale }) => scale))];
    };
    expect(await scales()).toEqual([1]);
    await train(program, 2);
    expect(await scales()).toEqual([1]);
    const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` };
    expect(await post(`${api.origin}/admin/refresh`, "", headers)).toEqual({ refreshed: true });
    expect(await scales()).toEqual([2]);
    await train(program, 3);
    const { pid } = api.running.child;
    if (pid === undefined) throw new Error("did not start");
    process.kill(pid, "SIGHUP");
    await expect.poll(() => matches(api.text(), /now means 0\.1\.0, run \S+ serves/g), patience).toBe(4);
    expect(await scales()).toEqual([3]);
  });

  it("tries less and less often while a worker cannot start", async () => {
    await train(program);
    const api = await serve(program, 2);
    const [victim = 0] = api.served();
    await rename(join(folder, "model_store"), join(folder, "elsewhere"));
    expect(victim).toBeGreaterThan(1);
    process.kill(victim, "SIGKILL");
    await api.running.printed(/failed: .*no trained model.*\[MODEL_NOT_TRAINED\]. Another takes its place in 0\.4 s/);
    const delays = [...api.text().matchAll(/takes its place in ([\d.]+) s/g)].map(([, delay]) => Number(delay));
    expect(delays).toEqual([0.1, 0.2, 0.4]);
    // The other one serves on.
    expect((await api.ask()).pid).toBe(api.served()[1]);
    await rename(join(folder, "elsewhere"), join(folder, "model_store"));
    await expect.poll(api.served, patience).toHaveLength(3);
  });

  it("does not start when it cannot serve, and says once why", async () => {
    await writeFile(join(folder, "scale.yml"), "model: { scale: 1 }\n");
    const untrained = await run([...command(program), "api", "--port", "0", "--workers", "3"], { cwd: folder });
    expect(untrained.code).toBe(1);
    expect(matches(untrained.stderr, /launchpad: .*\[MODEL_NOT_TRAINED\]/g)).toBe(1);

    await writeFile(join(folder, "mean_model.ts"), "import process from 'node:process';\nprocess.exit(3);\n");
    const gone = await run([...command(program), "api", "--port", "0", "--workers", "3"], { cwd: folder });
    expect(gone.code).toBe(2);
    expect(
      matches(
        gone.stderr,
        /launchpad: .*process\.exit\(3\) was called: a model cannot end the process .*\[MODULE_INVALID\]/g,
      ),
    ).toBe(1);

    await writeFile(join(folder, "overlay.yml"), "model_store: { location: 1 }\n");
    const wrong = await run([...command(program), "api", "--port", "0", "--workers", "3"], { cwd: folder });
    expect(wrong.code).toBe(2);
    expect(matches(wrong.stderr, /\[CONFIG_INVALID\]/g)).toBe(1);

    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const taken = await run([...command(program), "api", "--port", String(port), "--workers", "3"], { cwd: folder });
    server.close();
    expect(taken.code).toBe(1);
    expect(taken.stderr).toBe(
      `launchpad: cannot listen at 127.0.0.1:${port}: the port is in use. Stop what listens there, or choose another with --port. [LISTEN_FAILED]\n`,
    );
  });

  it("keeps lines whole in the error stream and in files, also in those that are rotated", async () => {
    await writeFile(join(folder, "overlay.yml"), "api: { access_log: true }\n");
    await writeFile(
      join(folder, "LAUNCHPAD_LOG.yml"),
      `formatters: { json: { format: json }, pid: { format: "%(process)s %(message)s END" } }
handlers:
  stream: { class: logging.StreamHandler, formatter: json }
  file: { class: logging.FileHandler, filename: logs/all.log, formatter: json }
  rotated: { class: logging.handlers.RotatingFileHandler, filename: logs/api.log, maxBytes: 2000, backupCount: 20, formatter: pid }
loggers: { launchpad.access: { handlers: [stream, file, rotated], propagate: no } }
root: { level: INFO, handlers: [stream] }
`,
    );
    await train(program);
    const running = start([...command(program), "api", "--port", "0", "--workers", "3"], { cwd: folder, group: true });
    started.push(running);
    const [, origin = ""] = await running.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)/);
    await running.printed(/(worker \d+ serves[\s\S]*){3}/);
    const url = `${origin}/means/v0/predictions`;
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => post(url, "{}", { "content-type": "application/json" })));
    }
    running.kill("SIGTERM");
    const { code, stderr } = await running.finished;
    expect(code).toBe(0);
    const lines = (text: string) => text.trim().split("\n");
    const access = (text: string) =>
      lines(text)
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as { name: string })
        .filter(({ name }) => name === "launchpad.access");
    expect(access(stderr)).toHaveLength(100);
    expect(access(await readFile(join(folder, "logs/all.log"), "utf8"))).toHaveLength(100);
    const rotated = (await readdir(join(folder, "logs"))).filter((name) => name.startsWith("api.log"));
    expect(rotated.length).toBeGreaterThan(1);
    const texts = await Promise.all(rotated.map((name) => readFile(join(folder, "logs", name), "utf8")));
    const written = texts.flatMap(lines);
    expect(written).toHaveLength(100);
    for (const line of written) expect(line).toMatch(/^\d+ POST \/means\/v0\/predictions 200 END method=/);
    expect(new Set(written.map((line) => line.split(" ")[0])).size).toBeGreaterThan(1);
  });
});

describe("launchpad api --workers", () => {
  const { Node = [], Deno = [] } = runtimes;

  it("says what it takes", async () => {
    const wrong = [["0"], ["-1"], ["two"], ["257"], ["1.5"]];
    for (const args of wrong) {
      const { code, stderr } = await run([...Node, publishedCli, "api", "--workers", ...args], { cwd: folder });
      expect([code, stderr]).toEqual([2, expect.stringMatching(/a whole number from 1 to 256, or auto.*\[USAGE\]/)]);
    }
    const watching = await run([...Node, publishedCli, "api", "--workers", "2", "--watch"], { cwd: folder });
    expect([watching.code, watching.stderr]).toEqual([2, expect.stringMatching(/--watch serves with one process/)]);
  });

  it("takes a worker for each core with auto", async () => {
    await train(Node);
    const api = start([...command(Node), "api", "--port", "0", "--workers", "auto"], { cwd: folder, group: true });
    started.push(api);
    const [, origin = ""] = await api.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)/);
    const { stdout } = await run([...Node, "-p", "require('node:os').availableParallelism()"]);
    await expect
      .poll(async () => (await fetch(`${origin}/metrics`)).text(), patience)
      .toContain(`launchpad_workers ${stdout.trim()}\n`);
  });

  it("wants all permissions of Deno, which it could not pass on otherwise", async () => {
    const [deno = ""] = Deno;
    const some = [deno, "run", "--allow-read", "--allow-env", "--allow-sys", "--allow-net=127.0.0.1", "--allow-run"];
    const { code, stderr } = await run([...some, publishedCli, "api", "--workers", "2"], { cwd: folder });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/write, net, .* are missing. Use deno run -A.*\[USAGE\]/),
    ]);
  });
});
