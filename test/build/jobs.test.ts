import { createHmac, randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Miniflare, MiniflareOptions } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, type Project, startPackage } from "./project.ts";

const base = (jobs: string) => `model_store: { location: ./model_store }
model: { name: sums, version: "1.0.0", module: model.ts }
api: { name: sums${jobs} }
`;

const files = {
  "launchpad.yml": base(""),
  "worker.yml":
    "api: { jobs: { location: r2://JOBS/sums, queue: SUMS_JOBS, timeout: 20, webhooks: { hosts: ['HOOK'], secret_var: SECRET } } }\n",
  "no-queue.yml": "api: { jobs: { location: r2://JOBS } }\n",
  "folder.yml": "api: { jobs: { location: ./jobs, queue: SUMS_JOBS } }\n",
  "model.ts": `import { defineModel } from "mllaunchpad";
export default defineModel({
  train: () => ({ plus: 1 }),
  test: () => ({}),
  async predict({ plus }, { size, wait = 0 }, { signal }) {
    if (size === 666) throw new Error("out of luck");
    for (let waited = 0; waited < wait && !signal.aborted; waited += 50) await new Promise((resolve) => setTimeout(resolve, 50));
    return { sum: size + plus };
  },
});
`,
};

const secret = randomBytes(32);
const heard: { headers: IncomingHttpHeaders; text: string }[] = [];
const server = createServer((request, response) => {
  let text = "";
  request.on("data", (piece) => {
    text += piece;
  });
  request.on("end", () => {
    heard.push({ headers: request.headers, text });
    // The first is not listened to.
    response.writeHead(heard.length === 1 ? 500 : 204).end();
  });
});

let project: Project;
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  project = await createProject({ ...files, "worker.yml": files["worker.yml"].replace("HOOK", origin) });
  const trained = await project.launchpad("train");
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
});

afterAll(async () => {
  server.close();
  await project?.remove();
});

interface Job {
  readonly id: string;
  readonly status: string;
  readonly prediction?: unknown;
  readonly error?: { readonly code: string };
}

const bound: Partial<MiniflareOptions> = {
  r2Buckets: ["JOBS"],
  queueProducers: { SUMS_JOBS: "sums-jobs" },
  queueConsumers: { "sums-jobs": { maxBatchSize: 1, maxBatchTimeout: 0, maxRetries: 10 } },
  bindings: { SECRET: `whsec_${secret.toString("base64")}` },
};

describe("jobs of a package", () => {
  it("come to a Worker by a queue, are told, canceled, and put once", async () => {
    const built = await project.build("-c", "launchpad.yml", "-c", "worker.yml", "--target", "cloudflare");
    expect(JSON.parse((await project.read("wrangler.jsonc")).replace(/^\s*\/\/.*$/gm, ""))).toMatchObject({
      queues: {
        producers: [{ binding: "SUMS_JOBS", queue: "sums-jobs" }],
        consumers: [{ queue: "sums-jobs", max_batch_size: 1 }],
      },
      r2_buckets: [{ binding: "JOBS" }],
    });
    const worker: Miniflare = await startPackage(await project.read(built.file), bound);
    const ask = async (path: string, method = "GET", args?: object, headers: Record<string, string> = {}) => {
      const response = await worker.dispatchFetch(`http://x/sums/v1/predictions${path}`, {
        method,
        headers: { "content-type": "application/json", ...headers },
        ...(args && { body: JSON.stringify(args) }),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as Job };
    };
    const later = { prefer: "respond-async" };
    const statusOf = async (id: string) => (await ask(`/${id}`)).body.status;
    try {
      const { status, headers, body } = await ask("", "POST", { size: 41 }, later);
      expect([status, headers.get("location")]).toEqual([202, `/sums/v1/predictions/${body.id}`]);
      await expect.poll(() => statusOf(body.id), { timeout: 20_000 }).toBe("succeeded");
      expect((await ask(`/${body.id}`)).body).toMatchObject({ prediction: { sum: 42 } });

      // It is told again when nobody listened, by another message of the queue.
      const told = await ask("", "POST", { size: 666 }, { "webhook-url": `${origin}/hook` });
      expect(told.status).toBe(202);
      await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(2);
      const [, { headers: sent, text } = { headers: {}, text: "" }] = heard;
      expect(JSON.parse(text)).toMatchObject({
        type: "prediction.failed",
        data: { id: told.body.id, status: "failed", error: { code: "PREDICT_FAILED" } },
      });
      const content = `${sent["webhook-id"]}.${sent["webhook-timestamp"]}.${text}`;
      expect(sent["webhook-signature"]).toBe(`v1,${createHmac("sha256", secret).update(content).digest("base64")}`);

      const slow = await ask("", "POST", { size: 1, wait: 60_000 }, later);
      expect((await ask(`/${slow.body.id}`, "DELETE")).body.status).toBe("canceled");
      expect(await statusOf(slow.body.id)).toBe("canceled");

      expect((await ask("/mine", "PUT", { size: 1 })).status).toBe(202);
      await expect.poll(() => statusOf("mine"), { timeout: 20_000 }).toBe("succeeded");
      expect(await ask("/mine", "PUT", { size: 1 })).toMatchObject({ status: 200, body: { prediction: { sum: 2 } } });
      expect((await ask("/mine", "PUT", { size: 2 })).status).toBe(409);

      const invalid = await ask("", "POST", [] as unknown as object, later);
      expect(invalid.status).toBe(400);
      const document = (await (await worker.dispatchFetch("http://x/openapi.json")).json()) as { paths: object };
      expect(Object.keys(document.paths)).toContain("/predictions/{id}");
    } finally {
      await worker.dispose();
    }
  });

  it("are refused by name where they cannot be done", async () => {
    const refused = async (file: string, target: string) =>
      (await project.launchpad("build", "-c", "launchpad.yml", "-c", file, "--target", target)).stderr;
    expect(await refused("no-queue.yml", "cloudflare")).toContain("api.jobs: found no queue, expected the name");
    expect(await refused("folder.yml", "cloudflare")).toMatch(
      /api\.jobs\.location: found .*which a package for cloudflare/,
    );
    expect(await refused("no-queue.yml", "fetch")).toContain(
      "api.jobs: found jobs, which a package for fetch may not do",
    );
  });

  it("need nothing of a package without them", async () => {
    const without = await project.build("--target", "cloudflare");
    const text = await project.read(without.file);
    expect(text).not.toContain("respond-async");
    expect(text).not.toContain("webhook-signature");
    const { file } = await project.build("-c", "launchpad.yml", "-c", "worker.yml", "--target", "cloudflare");
    expect(await project.read(file)).toContain("webhook-signature");
  });
});
