import { createHmac, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import type { Driver } from "unstorage";
import memoryDriver from "unstorage/drivers/memory";
import { afterEach, describe, expect, it } from "vitest";
import { fileDriver } from "../../../../runtimes/storage/file-driver.ts";
import { digestOf } from "../../../../src/server/jobs/asked.ts";
import type { Job } from "../../../../src/server/jobs/job.ts";
import { predictions, served } from "../../../support/served.ts";
import { newKey } from "../doors/keys.ts";

const jobs = { location: "memory:jobs" };
const json = { "content-type": "application/json" };
const later = { ...json, prefer: "respond-async" };

/** A model that answers when it is told to, and says how often it was asked. */
function gate() {
  const opened = new Map<string, () => void>();
  const asked: unknown[] = [];
  return {
    asked,
    open: (name: string) => opened.get(name)?.(),
    predict: async (args: Record<string, unknown>, run: { readonly signal: AbortSignal }) => {
      asked.push(args);
      if (args.fail) throw new Error("out of luck");
      if (typeof args.gate === "string") {
        await new Promise<void>((resolve, reject) => {
          opened.set(args.gate as string, resolve);
          run.signal.addEventListener("abort", () => reject(new Error("stopped")));
        });
      }
      return { args };
    },
  };
}

const post = (args: object, headers: Record<string, string> = later) => ({
  method: "POST",
  headers,
  body: JSON.stringify(args),
});
const put = (args: object, headers: Record<string, string> = json) => ({ ...post(args, headers), method: "PUT" });
const jobIn = async (response: Response) => (await response.json()) as Job;

describe("a request that may be answered in its own time", () => {
  it("becomes a job, which is found where the response says until its result is there", async () => {
    const { predict, open } = gate();
    const { ask } = await served({ jobs }, predict);
    const accepted = await ask(predictions, post({ gate: "a" }));
    expect(accepted.status).toBe(202);
    const job = await jobIn(accepted);
    const path = `/iris/v1/predictions/${job.id}`;
    expect(Object.fromEntries(accepted.headers)).toMatchObject({
      location: path,
      "preference-applied": "respond-async",
      "retry-after": "1",
      vary: "Prefer",
      "cache-control": "no-store",
    });
    expect(job).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{32}$/), status: expect.stringMatching(/ing$/) });
    await expect.poll(async () => (await jobIn(await ask(path))).status).toBe("processing");
    open("a");
    const done = await ask(path, { headers: { prefer: "wait=10" } });
    expect(done.headers.get("retry-after")).toBeNull();
    expect(await jobIn(done)).toEqual({
      id: job.id,
      status: "succeeded",
      created_at: job.created_at,
      started_at: expect.any(String),
      completed_at: expect.any(String),
      model: { name: "iris", version: "1.2.3", run: expect.any(String) },
      prediction: { args: { gate: "a" } },
    });
  });

  it("is answered at once where its caller does not say so", async () => {
    const { ask, predict } = await served({ jobs });
    const response = await ask(predictions, post({ a: 1 }, { ...json, prefer: "return=minimal" }));
    expect([response.status, await response.json()]).toEqual([200, { args: { a: 1 } }]);
    expect((await predict({ a: 2 })).status).toBe(200);
  });

  it("is answered at once by an API without jobs, which has no such path", async () => {
    const { ask } = await served();
    expect((await ask(predictions, post({ a: 1 }))).status).toBe(200);
    expect((await ask("/iris/v1/predictions/abc")).status).toBe(404);
  });

  it("is refused at once when it is not valid", async () => {
    const { predict, asked } = gate();
    const { ask } = await served({ jobs }, predict);
    const response = await ask(predictions, { method: "POST", headers: later, body: "[1]" });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, "ARGUMENTS_INVALID"]);
    expect(asked).toEqual([]);
  });

  it("says of a prediction that failed what a response would have said", async () => {
    const { predict } = gate();
    const { ask, logged } = await served({ jobs }, predict);
    const { id } = await jobIn(await ask(predictions, post({ fail: true })));
    const job = await jobIn(await ask(`/iris/v1/predictions/${id}`, { headers: { prefer: "wait=10" } }));
    expect(job).toMatchObject({ status: "failed", error: { status: 500, code: "PREDICT_FAILED" } });
    expect(JSON.stringify(job)).not.toContain("out of luck");
    expect(logged("launchpad.api").join()).toContain("out of luck");
  });

  it("is given up when it takes longer than api.jobs.timeout", async () => {
    const { predict } = gate();
    const { ask } = await served({ jobs: { ...jobs, timeout: 0.05 } }, predict);
    const { id } = await jobIn(await ask(predictions, post({ gate: "never" })));
    const job = await jobIn(await ask(`/iris/v1/predictions/${id}`, { headers: { prefer: "wait=10" } }));
    expect(job).toMatchObject({ status: "failed", error: { status: 504, code: "TIMED_OUT" } });
  });
});

describe("a job", () => {
  it("is canceled by DELETE, whether it runs or waits, and stays so", async () => {
    const { predict, asked } = gate();
    const { ask } = await served({ jobs: { ...jobs, max_running: 1 } }, predict);
    const ids = [];
    for (const name of ["a", "b"]) ids.push((await jobIn(await ask(predictions, post({ gate: name })))).id);
    await expect.poll(() => asked.length).toBe(1);
    for (const id of ids.toReversed()) {
      const canceled = await ask(`/iris/v1/predictions/${id}`, { method: "DELETE" });
      expect([canceled.status, (await jobIn(canceled)).status]).toEqual([200, "canceled"]);
      expect((await jobIn(await ask(`/iris/v1/predictions/${id}`))).status).toBe("canceled");
    }
    expect(asked).toEqual([{ gate: "a" }]);
  });

  it("keeps its result when it is canceled too late", async () => {
    const { ask } = await served({ jobs });
    const { id } = await jobIn(await ask(predictions, post({ a: 1 })));
    const path = `/iris/v1/predictions/${id}`;
    await ask(path, { headers: { prefer: "wait=10" } });
    const late = await ask(path, { method: "DELETE" });
    expect(await jobIn(late)).toMatchObject({ status: "succeeded", prediction: { args: { a: 1 } } });
  });

  it("is begun once by PUT, however often and however many at a time ask", async () => {
    const { predict, asked, open } = gate();
    const { ask } = await served({ jobs }, predict);
    const path = "/iris/v1/predictions/order-17";
    const first = await Promise.all(Array.from({ length: 8 }, () => ask(path, put({ gate: "a" }))));
    expect(first.map(({ status }) => status)).toEqual(Array(8).fill(202));
    await expect.poll(() => asked.length).toBe(1);
    open("a");
    await ask(path, { headers: { prefer: "wait=10" } });
    const again = await ask(path, put({ gate: "a" }));
    expect([again.status, await jobIn(again)]).toMatchObject([200, { id: "order-17", status: "succeeded" }]);
    expect(asked).toHaveLength(1);
    const other = await ask(path, put({ gate: "b" }));
    expect([other.status, await other.json()]).toMatchObject([409, { code: "JOB_CONFLICT", title: "Conflict" }]);
    expect((await ask("/iris/v1/predictions/no%20id", put({}))).status).toBe(400);
  });

  it("is another one under the same id when its time is over, before it is removed", async () => {
    let now = Date.parse("2026-11-28T12:00:00Z");
    const { ask } = await served({ jobs: { ...jobs, retention: 40 } }, undefined, { now: () => now });
    const path = "/iris/v1/predictions/order-17";
    await ask(path, put({ a: 1 }, { ...json, prefer: "wait=10" }));
    expect((await ask(path, put({ a: 2 }))).status).toBe(409);
    now += 41_000;
    expect((await ask(path)).status).toBe(404);
    const other = await ask(path, put({ a: 2 }, { ...json, prefer: "wait=10" }));
    expect([other.status, await jobIn(other)]).toMatchObject([200, { prediction: { args: { a: 2 } } }]);
  });

  it("asks something else when a header that is an argument does", () => {
    const asked = (headers: Record<string, string>) => ({
      url: "http://localhost/iris/v1/predictions",
      method: "POST",
      headers: new Headers(headers),
      body: undefined,
    });
    const resource = { route: "/iris/v1/predictions", headers: ["Unit"] };
    const digests = [{ unit: "cm" }, { unit: "mm" }, {}].map((headers) =>
      digestOf(asked(headers), resource, undefined),
    );
    expect(new Set(digests).size).toBe(3);
    expect(digestOf(asked({ unit: "cm", "x-request-id": "7" }), resource, undefined)).toBe(digests[0]);
  });

  it("is canceled while its end cannot be written, without a long wait", async () => {
    const { openStorage, driver } = sharedStorage();
    const { predict, asked } = gate();
    let isDown = false;
    const failing = failingStorage(driver, (key) => isDown && key.endsWith("end.json"));
    const { ask } = await served({ jobs }, predict, {
      openStorage: (location) => (location === jobs.location ? failing : openStorage(location)),
    });
    const { id } = await jobIn(await ask(predictions, post({ gate: "a" })));
    await expect.poll(() => asked.length).toBe(1);
    isDown = true;
    const canceled = await ask(`/iris/v1/predictions/${id}`, { method: "DELETE" });
    isDown = false;
    expect((await jobIn(canceled)).status).toBe("canceled");
    const kept = async () => (await driver.getKeys("", {})).some((key) => key.endsWith("end.json"));
    await expect.poll(kept, { timeout: 10_000 }).toBe(true);
  }, 20_000);

  it("waits for its turn, and is refused where too many wait", async () => {
    const { predict, asked, open } = gate();
    const { ask, host } = await served({ jobs: { ...jobs, max_running: 1, max_waiting: 1 } }, predict);
    await ask(predictions, post({ gate: "a" }));
    const { id } = await jobIn(await ask(predictions, post({ gate: "b" })));
    expect((await jobIn(await ask(`/iris/v1/predictions/${id}`))).status).toBe("starting");
    const refused = await ask(predictions, post({ gate: "c" }));
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: "OVERLOADED" }]);
    expect(refused.headers.get("retry-after")).not.toBeNull();
    expect(host.records.some(({ level }) => level === "error")).toBe(true);
    const metrics = await (await ask("/metrics")).text();
    expect(metrics).toContain('launchpad_jobs{state="running"} 1');
    expect(metrics).toContain('launchpad_jobs{state="waiting"} 1');
    open("a");
    await expect.poll(() => asked.length).toBe(2);
    expect((await ask(predictions, post({ gate: "c" }))).status).toBe(202);
    open("b");
    await expect.poll(() => asked.length).toBe(3);
    open("c");
  });

  it("is its caller's alone", async () => {
    const [alice, bob] = [newKey(), newKey()];
    const { ask } = await served({ jobs }, undefined, {
      sections: { auth: { api_keys: { alice: alice.digest, bob: bob.digest } } },
    });
    const as = (key: string) => ({ ...later, "x-api-key": key });
    const { id } = await jobIn(await ask(predictions, post({ a: 1 }, as(alice.key))));
    const path = `/iris/v1/predictions/${id}`;
    expect((await ask(path, { headers: as(alice.key) })).status).toBe(200);
    for (const method of ["GET", "DELETE"]) {
      expect((await ask(path, { method, headers: as(bob.key) })).status).toBe(404);
      expect((await ask(path, { method })).status).toBe(401);
    }
    expect((await ask("/iris/v1/predictions/mine", put({ a: 1 }, as(alice.key)))).status).toBe(202);
    // The same id is another job for another caller.
    expect((await ask("/iris/v1/predictions/mine", put({ a: 2 }, as(bob.key)))).status).toBe(202);
    expect((await ask("/iris/v1/predictions/other", put({ a: 2 }))).status).toBe(401);
  });

  it("is gone, with all that was kept of it, when its time is over", async () => {
    let now = Date.parse("2026-11-28T12:00:00Z");
    const { openStorage, driver } = sharedStorage();
    const { ask } = await served({ jobs: { ...jobs, retention: 4, timeout: 1 } }, undefined, {
      now: () => now,
      openStorage,
    });
    const { id } = await jobIn(await ask(predictions, post({ a: 1 })));
    const path = `/iris/v1/predictions/${id}`;
    await ask(path, { headers: { prefer: "wait=10" } });
    now += 3900;
    expect((await ask(path)).status).toBe(200);
    now += 200;
    expect((await ask(path)).status).toBe(404);
    const kept = async () => (await driver.getKeys("", {})).filter((key) => /jobs|expires|open/.test(key));
    expect(await kept()).not.toEqual([]);
    now += 2000;
    await expect.poll(kept, { timeout: 10_000 }).toEqual([]);
  });

  it("leaves no folders behind", async () => {
    const folder = await mkdtemp(join(tmpdir(), "launchpad-jobs-"));
    try {
      let now = Date.parse("2026-11-28T12:00:00Z");
      const { openStorage } = sharedStorage();
      const driver = fileDriver({ folder });
      const { ask, launchpad } = await served({ jobs: { ...jobs, retention: 4, timeout: 1 } }, undefined, {
        now: () => now,
        openStorage: (location) => (location === jobs.location ? driver : openStorage(location)),
      });
      const { id } = await jobIn(await ask(predictions, post({ a: 1 })));
      await ask(`/iris/v1/predictions/${id}`, { headers: { prefer: "wait=10" } });
      const kept = async () => (await readdir(folder, { recursive: true })).sort();
      const folders = ["iris", "iris/expires", "iris/jobs", "iris/open", "iris/processes"];
      expect((await kept()).length).toBeGreaterThan(folders.length + 1);
      now += 10_000;
      const all = async () => (await kept()).filter((path) => !path.startsWith("iris/processes/"));
      await expect.poll(all, { timeout: 10_000 }).toEqual(folders);
      await launchpad.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Storage that outlives what opens it. */
function sharedStorage() {
  const driver = memoryDriver() as Driver;
  const { dispose: _, ...lasting } = driver;
  const models = new Map<string, Driver>();
  return {
    driver,
    openStorage(location: string): Driver {
      if (location === jobs.location) return { ...lasting, name: "shared" };
      const found = models.get(location) ?? (memoryDriver() as Driver);
      models.set(location, found);
      return found;
    },
  };
}

/** Storage that cannot write some keys. */
function failingStorage(driver: Driver, fails: (key: string) => boolean): Driver {
  const { dispose: _, ...lasting } = driver;
  return {
    ...lasting,
    name: "failing",
    setItemRaw(key, value, options) {
      if (fails(key)) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
      return lasting.setItem?.(key, value as string, options);
    },
  };
}

describe("jobs of instances that a queue wakes", () => {
  const isolated = { isolated: true };
  const queued = { ...jobs, queue: "JOBS", retention: 100, timeout: 10 };

  it("are kept nowhere when the queue does not take them", async () => {
    const { openStorage, driver } = sharedStorage();
    const queue = () => ({ send: () => Promise.reject(new Error("the queue is full")) });
    const { ask } = await served({ jobs: queued }, undefined, { ...isolated, openStorage, queue });
    const path = "/iris/v1/predictions/order-17";
    expect((await ask(path, put({ a: 1 }))).status).toBe(500);
    expect((await ask(path)).status).toBe(404);
    expect((await driver.getKeys("", {})).filter((key) => /:(jobs|open):/.test(key))).toEqual([]);
    // Nobody has it: another request may have the id.
    expect((await ask(path, put({ a: 2 }))).status).toBe(500);
  });

  it("are said to be interrupted when the queue has not brought them for too long", async () => {
    let now = Date.parse("2026-11-28T12:00:00Z");
    const queue = () => ({ send: async () => {} });
    const { openStorage } = sharedStorage();
    const { ask } = await served({ jobs: queued }, undefined, { ...isolated, openStorage, queue, now: () => now });
    const { id } = await jobIn(await ask(predictions, post({ a: 1 })));
    const path = `/iris/v1/predictions/${id}`;
    now += 139_000;
    expect((await jobIn(await ask(path))).status).toBe("starting");
    now += 2000;
    expect(await jobIn(await ask(path))).toMatchObject({ status: "failed", error: { code: "JOB_INTERRUPTED" } });
  });
});

describe("jobs of several processes", () => {
  it("outlive the process that finished them", async () => {
    const { openStorage } = sharedStorage();
    const before = await served({ jobs }, undefined, { openStorage });
    const { id } = await jobIn(await before.ask(predictions, post({ a: 1 })));
    await before.ask(`/iris/v1/predictions/${id}`, { headers: { prefer: "wait=10" } });
    await before.launchpad.close();
    const after = await served({ jobs }, undefined, { openStorage: sharedStorageOf(openStorage) });
    const job = await jobIn(await after.ask(`/iris/v1/predictions/${id}`));
    expect(job).toMatchObject({ status: "succeeded", prediction: { args: { a: 1 } } });
    // It is known to be the same.
    const put = await after.ask(`/iris/v1/predictions/${id}`, { ...post({ a: 2 }), method: "PUT" });
    expect(put.status).toBe(409);
  });

  it("are said to be interrupted when the process ends that has them", async () => {
    const { openStorage } = sharedStorage();
    const { predict, open } = gate();
    const before = await served({ jobs: { ...jobs, max_running: 1 } }, predict, { openStorage });
    const ids: string[] = [];
    for (const name of ["a", "b"]) ids.push((await jobIn(await before.ask(predictions, post({ gate: name })))).id);
    const closing = before.launchpad.close();
    // What runs may end by itself.
    setTimeout(() => open("a"), 100);
    await closing;
    const after = await served({ jobs }, undefined, { openStorage: sharedStorageOf(openStorage) });
    const found = await Promise.all(ids.map(async (id) => jobIn(await after.ask(`/iris/v1/predictions/${id}`))));
    expect(found).toMatchObject([
      { status: "succeeded" },
      { status: "failed", error: { code: "JOB_INTERRUPTED", detail: expect.stringContaining("Ask again") } },
    ]);
  });

  it("are said to be interrupted when nothing is heard of the process that has them, and what it finds late counts no more", async () => {
    const { openStorage } = sharedStorage();
    const { predict, open } = gate();
    const slow = await served({ jobs }, predict, { openStorage });
    const { id } = await jobIn(await slow.ask(predictions, post({ gate: "a" })));
    await expect
      .poll(async () => (await jobIn(await slow.ask(`/iris/v1/predictions/${id}`))).status)
      .toBe("processing");
    let ahead = 0;
    const other = await served({ jobs }, undefined, {
      openStorage: sharedStorageOf(openStorage),
      now: () => Date.now() + ahead,
    });
    const path = `/iris/v1/predictions/${id}`;
    expect((await jobIn(await other.ask(path))).status).toBe("processing");
    ahead = 120_000;
    expect(await jobIn(await other.ask(path))).toMatchObject({ status: "failed", error: { code: "JOB_INTERRUPTED" } });
    open("a");
    await slow.ask(path, { headers: { prefer: "wait=10" } });
    expect((await jobIn(await slow.ask(path))).status).toBe("failed");
  });

  it("are not lost while a process that had none for a while has yet to say that it is there", async () => {
    const { openStorage, driver } = sharedStorage();
    const { predict, open } = gate();
    let ahead = 0;
    const now = () => Date.now() + ahead;
    let isDown = false;
    const failing = failingStorage(driver, (key) => isDown && key.includes(":processes:"));
    const of = (location: string) => (location === jobs.location ? failing : openStorage(location));
    const one = await served({ jobs: { ...jobs, lost_after: 1 } }, predict, { openStorage: of, now });
    const { id: before } = await jobIn(await one.ask(predictions, post({})));
    await one.ask(`/iris/v1/predictions/${before}`, { headers: { prefer: "wait=10" } });
    const beats = async () => (await driver.getKeys("", {})).filter((key) => key.includes(":processes:")).length;
    await expect.poll(beats).toBe(1);
    ahead = 3_600_000;
    isDown = true;
    const { id } = await jobIn(await one.ask(predictions, post({ gate: "a" })));
    const other = await served({ jobs }, undefined, { openStorage: sharedStorageOf(openStorage), now });
    await expect
      .poll(async () => (await jobIn(await other.ask(`/iris/v1/predictions/${id}`))).status)
      .toBe("processing");
    open("a");
  });

  it("are canceled by any of them", async () => {
    const { openStorage } = sharedStorage();
    const stopped: string[] = [];
    const one = await served(
      { jobs: { ...jobs, lost_after: 1 } },
      (_, { signal }) =>
        new Promise((resolve) =>
          signal.addEventListener("abort", () => {
            stopped.push("stopped");
            resolve({});
          }),
        ),
      { openStorage },
    );
    const other = await served({ jobs }, undefined, { openStorage: sharedStorageOf(openStorage) });
    const { id } = await jobIn(await one.ask(predictions, post({})));
    const path = `/iris/v1/predictions/${id}`;
    expect((await jobIn(await other.ask(path, { method: "DELETE" }))).status).toBe("canceled");
    await expect.poll(() => stopped, { timeout: 5000 }).toEqual(["stopped"]);
    expect((await jobIn(await one.ask(path))).status).toBe("canceled");
  });
});

/** The same jobs, and a model store of its own. */
function sharedStorageOf(openStorage: (location: string) => Driver) {
  const own = sharedStorage();
  return (location: string) => (location === jobs.location ? openStorage(location) : own.openStorage(location));
}

/** Listens to webhooks; answers with each of the statuses, and then with 204. */
async function listener(statuses: readonly number[] = []) {
  const heard: { headers: IncomingHttpHeaders; text: string }[] = [];
  const answers = [...statuses];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (piece) => {
      text += piece;
    });
    request.on("end", () => {
      heard.push({ headers: request.headers, text });
      response.writeHead(answers.shift() ?? 204, { location: "http://127.0.0.1:1/elsewhere" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return { heard, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe("a webhook", () => {
  const secrets = [randomBytes(32), randomBytes(24)];
  const text = secrets.map((bytes) => `whsec_${bytes.toString("base64")}`).join(" ");
  const listening = (hosts: readonly string[], predict?: Parameters<typeof served>[1]) =>
    served({ jobs: { ...jobs, webhooks: { hosts, secret_var: "SECRET" } } }, predict, { env: { SECRET: text } });

  it("is told how a job ended, signed as Standard Webhooks are, and again until it listens", async () => {
    const { heard, origin } = await listener([500, 302]);
    const { ask, logged } = await listening([origin]);
    const url = `${origin}/hook?token=abc`;
    const accepted = await ask(predictions, post({ a: 1 }, { ...json, "webhook-url": url }));
    expect(accepted.status).toBe(202);
    const { id } = await jobIn(accepted);
    await expect.poll(() => heard.length, { timeout: 15_000 }).toBe(3);
    const [first, , last] = heard;
    expect(JSON.parse(last?.text ?? "")).toMatchObject({
      type: "prediction.succeeded",
      timestamp: expect.any(String),
      data: { id, status: "succeeded", prediction: { args: { a: 1 } } },
    });
    expect(last?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    for (const { headers, text: body } of heard) {
      const content = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
      const signed = secrets.map((key) => `v1,${createHmac("sha256", key).update(content).digest("base64")}`);
      expect(headers["webhook-signature"]).toBe(signed.join(" "));
      expect(Math.abs(Number(headers["webhook-timestamp"]) - Date.now() / 1000)).toBeLessThan(60);
    }
    const log = logged("launchpad.api").join("\n");
    expect(log).toContain("answered 500");
    expect(log).not.toContain("token=abc");
  }, 20_000);

  it("is told by one process at a time, also when that has no other job", async () => {
    const { heard, origin } = await listener([500, 500, 500, 500, 500, 500]);
    const { openStorage } = sharedStorage();
    const section = { ...jobs, retention: 4, lost_after: 1, webhooks: { hosts: [origin], secret_var: "SECRET" } };
    const env = { SECRET: text };
    const one = await served({ jobs: section }, undefined, { env, openStorage });
    const other = await served({ jobs: section }, undefined, { env, openStorage: sharedStorageOf(openStorage) });
    await other.launchpad.ready();
    await one.ask(predictions, post({ a: 1 }, { ...json, "webhook-url": `${origin}/hook` }));
    await new Promise((resolve) => setTimeout(resolve, 4500));
    expect(heard).toHaveLength(2);
  }, 20_000);

  it("is told of a job that was canceled, and of one that failed", async () => {
    const { heard, origin } = await listener();
    const { predict } = gate();
    const { ask } = await listening([origin], predict);
    const headers = { ...json, "webhook-url": `${origin}/hook` };
    const { id } = await jobIn(await ask(predictions, post({ gate: "a" }, headers)));
    await ask(`/iris/v1/predictions/${id}`, { method: "DELETE" });
    await ask(predictions, post({ fail: true }, headers));
    await expect.poll(() => heard.length).toBe(2);
    expect(heard.map(({ text: body }) => JSON.parse(body).type).sort()).toEqual([
      "prediction.canceled",
      "prediction.failed",
    ]);
  });

  it("is refused where the configuration does not name its host", async () => {
    const { ask } = await listening(["https://hooks.example.com", "https://*.example.org", "http://127.0.0.1:8080"]);
    const status = async (url: string) =>
      (await ask(predictions, post({ a: 1 }, { ...json, "webhook-url": url }))).status;
    for (const url of [
      "http://hooks.example.com/a",
      "https://hooks.example.com:8443/a",
      "https://hooks.example.com.evil.com/a",
      "https://user:pw@hooks.example.com/a",
      "https://example.org/",
      "https://evilexample.org/",
      "http://127.0.0.1:8081/",
      "http://localhost:8080/",
      "http://169.254.169.254/latest/meta-data",
      "http://[::1]:8080/",
      "file:///etc/passwd",
      "nonsense",
    ]) {
      expect([url, await status(url)]).toEqual([url, 400]);
    }
  });

  it("is refused by an API that tells nobody", async () => {
    const { ask } = await served({ jobs });
    const response = await ask(predictions, post({ a: 1 }, { ...json, "webhook-url": "https://h.example.com/" }));
    expect([response.status, JSON.stringify(await response.json())]).toEqual([
      400,
      expect.stringContaining("webhook-url"),
    ]);
  });

  it("needs a secret that is one", async () => {
    const start = (secret: string) =>
      served({ jobs: { ...jobs, webhooks: { hosts: ["https://h.example.com"], secret_var: "SECRET" } } }, undefined, {
        env: { SECRET: secret },
      }).then(({ launchpad }) => launchpad.ready());
    for (const secret of ["hunter2", "whsec_c2hvcnQ=", "whsec_???"]) {
      const refused = await start(secret).catch((error: Error) => error.message);
      expect(refused).toContain("expected whsec_");
      expect(refused).not.toContain(secret);
    }
  });
});

describe("the numbers of jobs", () => {
  it("are sent as well, where numbers are", async () => {
    const { heard, origin } = await listener();
    const { ask } = await served({ jobs, metrics: { push: `${origin}/import`, push_interval: 1 } });
    const { id } = await jobIn(await ask(predictions, post({ a: 1 })));
    await ask(`/iris/v1/predictions/${id}`, { headers: { prefer: "wait=10" } });
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(heard[0]?.text).toMatch(/launchpad_jobs_ended_total\{.*status="succeeded".*\} 1/);
  });
});

describe("the document of an API with jobs", () => {
  it("says how to ask for them, and is valid", async () => {
    const { ask } = await served({ jobs });
    const document = (await (await ask("/openapi.json")).json()) as {
      paths: Record<string, Record<string, { parameters: { name: string }[]; responses: object }>>;
    };
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(valid, JSON.stringify(errors)).toBe(true);
    expect(Object.keys(document.paths["/predictions/{id}"] ?? {})).toEqual(["parameters", "get", "delete", "put"]);
    const post = document.paths["/predictions"]?.post;
    expect(post?.parameters.map(({ name }) => name)).toEqual(["Prefer"]);
    expect(Object.keys(post?.responses ?? {})).toContain("202");
  });
});

describe("where jobs are kept", () => {
  it("is refused by name where it cannot be", async () => {
    const start = (section: object, options: object = {}) =>
      served({ jobs: section }, undefined, options).then(({ launchpad }) => launchpad.ready());
    await expect(start({})).rejects.toThrow(/api\.jobs: found .*expected the key location/);
    await expect(start({ location: "memory:" })).rejects.toThrow("found the location of the model store");
    await expect(start({ location: "ftp://x" })).rejects.toThrow(
      "api.jobs.location: this test has no storage for ftp://x",
    );
    await expect(start(jobs, { isolated: true })).rejects.toThrow("found no queue, expected the name of the binding");
    await expect(start({ ...jobs, queue: "JOBS" }, { isolated: true })).rejects.toThrow("no such binding named JOBS");
    const peers = { metrics: (own: () => string) => async () => own(), refresh: async () => {} };
    await expect(start(jobs, { peers })).rejects.toThrow("found the memory of one process");
    await expect(start({ ...jobs, webhooks: { hosts: ["https://h:99999"], secret_var: "S" } })).rejects.toThrow(
      "expected an origin such as",
    );
    await expect(start({ ...jobs, webhooks: { hosts: ["https://h"], secret_var: "S" } })).rejects.toThrow(
      "S is not set",
    );
  });
});
