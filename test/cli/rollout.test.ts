import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Running, run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";

/** The promise is about 20,000 (LAUNCHPAD_ROLLOUT_REQUESTS=20000). */
const requests = Number(process.env.LAUNCHPAD_ROLLOUT_REQUESTS ?? 1200);

const { Node: node = [] } = runtimes;
const command = (...args: string[]) => [...node, sourceCli, "-c", "launchpad.yml", ...args];

const model = `export const train = ({ config }) => ({ mark: config.mark });
export const test = () => ({});
export const predict = ({ mark }) => ({ mark, pid: process.pid });
`;

const config = (mark: string) => `model_store: { location: ./store, refresh: 1 }
model:
  name: marks
  version: "1.0.0"
  module: model
  mark: ${mark}
  rollout: { canary: { percent: 30, sticky: x-user } }
api: { name: marks, admin: true, admin_token_var: TOKEN }
`;

let folder = "";
let server: Running | undefined;

const launchpad = async (...args: string[]) => {
  const finished = await run(command(...args), { cwd: folder, env: { TOKEN: "t" } });
  return { ...finished, json: finished.code === 0 ? JSON.parse(finished.stdout) : undefined };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-rollout-"));
  await writeFile(join(folder, "model.js"), model);
  for (const mark of ["old", "new"]) {
    await writeFile(join(folder, "launchpad.yml"), config(mark));
    const { code, stderr } = await launchpad("train");
    expect([0, 3], stderr).toContain(code);
  }
}, 120_000);

afterAll(async () => {
  server?.kill("SIGKILL");
  await server?.finished;
  await rm(folder, { recursive: true, force: true });
});

const agent = new Agent({ keepAlive: false, maxSockets: 16 });

function ask(origin: string, user: string): Promise<{ mark: string; pid: number; variant: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "x-user": user };
    const sent = request(`${origin}/marks/v1/predictions`, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode !== 200) return reject(new Error(`${response.statusCode} ${text}`));
        resolve({ ...JSON.parse(text), variant: String(response.headers["x-model-variant"]) });
      });
    });
    sent.on("error", reject).end("{}");
  });
}

describe("launchpad rollout, with four processes", () => {
  it("starts, aborts and finishes while all requests are answered, by one of the two", async () => {
    server = start(command("api", "--port", "0", "--workers", "4"), { cwd: folder, group: true, env: { TOKEN: "t" } });
    let log = "";
    server.child.stderr?.on("data", (piece: string) => {
      log += piece;
    });
    const [, origin = ""] = await server.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)/);
    await expect.poll(() => log.match(/worker \d+ serves/g)?.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(4);
    const refresh = async () => {
      const response = await fetch(`${origin}/admin/refresh`, {
        method: "POST",
        headers: { authorization: "Bearer t" },
      });
      expect(response.status).toBe(200);
    };
    const share = async (count: number) => {
      const answers: Awaited<ReturnType<typeof ask>>[] = [];
      for (let from = 0; from < count; from += 200) {
        const some = Array.from({ length: Math.min(200, count - from) }, (_, at) => ask(origin, `user ${from + at}`));
        answers.push(...(await Promise.all(some)));
      }
      expect(answers).toHaveLength(count);
      for (const { mark, variant } of answers)
        expect([`new canary`, `old current`, "new current"]).toContain(`${mark} ${variant}`);
      return answers;
    };
    const each = Math.ceil(requests / 6);

    expect((await share(each)).every(({ mark }) => mark === "old")).toBe(true);
    const [during] = await Promise.all([share(each), launchpad("rollout", "start").then(refresh)]);
    expect(during.every(({ mark, variant }) => mark === "old" || variant === "canary")).toBe(true);
    await refresh();
    const tried = await share(each);
    const chosen = tried.filter(({ variant }) => variant === "canary").length;
    // Four standard deviations of a binomial distribution.
    expect(Math.abs(chosen - 0.3 * each)).toBeLessThan(4 * Math.sqrt(each * 0.3 * 0.7));
    // The same callers meet the same models, in whichever process.
    const again = await share(each);
    expect(again.map(({ variant }) => variant)).toEqual(tried.map(({ variant }) => variant));
    expect(new Set(again.map(({ pid }) => pid)).size).toBeGreaterThan(1);

    const status = await launchpad("rollout", "status", "--url", origin);
    expect(status.json.server.variants.canary.predictions).toBeGreaterThanOrEqual(chosen);
    expect(status.json.canary).not.toBeNull();

    const [last] = again;
    if (last) process.kill(last.pid, "SIGTERM");
    await Promise.all([share(each), launchpad("rollout", "abort").then(refresh)]);
    await refresh();
    expect((await share(40)).every(({ mark }) => mark === "old")).toBe(true);
    expect((await launchpad("rollout", "abort")).stderr).toContain("no run of marks is tried");

    await launchpad("rollout", "start");
    await Promise.all([share(each), launchpad("rollout", "finish").then(refresh)]);
    await refresh();
    expect((await share(40)).every(({ mark, variant }) => mark === "new" && variant === "current")).toBe(true);
  }, 300_000);
});
