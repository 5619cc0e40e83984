import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, run, runtimes, start } from "./runtime.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-jobs-"));
  await writeFile(
    join(folder, "launchpad.yml"),
    `model_store: { location: ./store, refresh: 0 }
model: { name: sums, version: "1.0.0", module: model.mjs }
api: { name: sums, jobs: { location: ./jobs, lost_after: 1, max_running: 4 } }
`,
  );
  // It says how often it was asked, in all processes.
  await writeFile(
    join(folder, "model.mjs"),
    `import { appendFileSync } from "node:fs";
export const train = () => ({ plus: 1 });
export const test = () => ({});
export async function predict({ plus }, { size, wait = 0, note }) {
  if (note) appendFileSync(note, size + "\\n");
  await new Promise((resolve) => setTimeout(resolve, wait));
  return { sum: size + plus };
}
`,
  );
  const trained = await run([...(runtimes.Node ?? []), publishedCli, "train"], { cwd: folder });
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly job: {
    readonly id: string;
    readonly status: string;
    readonly prediction?: unknown;
    readonly error?: object;
  };
}

/** Asks on a connection of its own, which any of the processes may take. */
function ask(url: string, method = "GET", args?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", ...(method === "POST" && { prefer: "respond-async" }) };
    const sent = request(url, { method, headers, agent: new Agent({ keepAlive: false }) }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece) => {
        text += piece;
      });
      response.on("end", () => {
        try {
          resolve({ status: response.statusCode ?? 0, location: response.headers.location, job: JSON.parse(text) });
        } catch (error) {
          reject(error);
        }
      });
    });
    sent.on("error", reject);
    sent.end(args && JSON.stringify(args));
  });
}

/** Other connections are taken by the other process, sooner or later. */
const several = [1, 2, 3, 4, 5, 6];

describe.each(["Node", "Bun", "Deno"])("jobs of an API with several processes on %s", (name) => {
  it("are known to all of them, put once, canceled by any, and outlive them or are said to be interrupted", async () => {
    const command = [...(runtimes[name] ?? []), publishedCli, "api", "--port", "0"];
    const api = start([...command, "--workers", "2"], { cwd: folder, group: true });
    try {
      const [, origin = ""] = await api.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)/);
      const path = `${origin}/sums/v1/predictions`;
      const done = await ask(path, "POST", { size: 41 });
      expect([done.status, done.location]).toEqual([202, `/sums/v1/predictions/${done.job.id}`]);
      const statusOf = async (id: string) => (await ask(`${path}/${id}`)).job.status;
      await expect.poll(() => statusOf(done.job.id), { timeout: 20_000 }).toBe("succeeded");
      const found = await Promise.all(several.map(() => ask(`${path}/${done.job.id}`)));
      expect(found.map(({ job }) => job.prediction)).toEqual(several.map(() => ({ sum: 42 })));

      const note = join(folder, `${name}.txt`);
      const args = { size: 7, note };
      const put = await Promise.all(several.map(() => ask(`${path}/mine-${name}`, "PUT", args)));
      expect(put.every(({ status }) => status === 202 || status === 200)).toBe(true);
      await expect.poll(() => statusOf(`mine-${name}`), { timeout: 20_000 }).toBe("succeeded");
      expect(await readFile(note, "utf8")).toBe("7\n");

      const canceled = await ask(path, "POST", { size: 1, wait: 60_000 });
      const { job } = await ask(`${path}/${canceled.job.id}`, "DELETE");
      expect(job.status).toBe("canceled");
      const slow = await ask(path, "POST", { size: 1, wait: 60_000 });
      await expect.poll(() => statusOf(slow.job.id), { timeout: 20_000 }).toBe("processing");
      api.kill("SIGKILL");
      await api.finished;

      const again = start(command, { cwd: folder, group: true });
      try {
        const [, other = ""] = await again.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)/);
        const at = (id: string) => ask(`${other}/sums/v1/predictions/${id}`);
        expect((await at(done.job.id)).job).toMatchObject({ status: "succeeded", prediction: { sum: 42 } });
        expect((await at(canceled.job.id)).job.status).toBe("canceled");
        await expect
          .poll(async () => (await at(slow.job.id)).job, { timeout: 20_000 })
          .toMatchObject({ status: "failed", error: { code: "JOB_INTERRUPTED" } });
        again.kill("SIGTERM");
        expect(await again.finished).toMatchObject({ code: 0 });
      } finally {
        again.kill("SIGKILL");
      }
    } finally {
      api.kill("SIGKILL");
    }
  }, 120_000);
});
