import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const received: Received[] = [];
let status = 204;
const receiver = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (text) => {
    body += text;
  });
  request.on("end", () => {
    received.push({ url: request.url ?? "", headers: request.headers, body });
    response.writeHead(status).end();
  });
});
let worker: Miniflare;
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => void receiver.listen(0, "127.0.0.1", resolve));
  const { outputFiles } = await build({
    entryPoints: [at("worker/metrics-worker.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    alias: { mllaunchpad: at("../../src/index.ts"), "mllaunchpad/cloudflare": at("../../runtimes/cloudflare.ts") },
  });
  worker = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.mjs", contents: outputFiles[0]?.text ?? "" }],
    compatibilityDate: "2026-07-01",
    r2Buckets: ["MODELS"],
    bindings: {
      RECEIVER: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
      PUSH_TOKEN: "token-of-the-receiver",
    },
  });
  origin = (await worker.ready).origin;
});

afterAll(async () => {
  await worker.dispose();
  await new Promise((resolve) => void receiver.close(resolve));
});

const predict = (body: object) =>
  fetch(`${origin}/double/v1/predictions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const numberOf = (pattern: RegExp) => pattern.exec(received.at(-1)?.body ?? "")?.[1];

describe("metrics of a Worker", () => {
  it("are sent away, many requests at once, without keeping anybody waiting", async () => {
    for (let x = 0; x < 20; x++) expect(await (await predict({ x })).json()).toEqual({ y: 2 * x });
    expect((await predict({})).status).toBe(500);
    await expect.poll(() => received.length, { timeout: 20_000 }).toBeGreaterThan(0);
    await expect.poll(() => numberOf(/predictions",method="POST",status="200",instance="[^"]+"\} (\d+)/)).toBe("20");
    expect(received.length).toBeLessThan(5);
    const { url, headers, body } = received.at(-1) as Received;
    expect(url).toMatch(/^\/push\/[0-9a-f-]{36}$/);
    expect(headers.authorization).toBe("Bearer token-of-the-receiver");
    expect(body).toContain('launchpad_prediction_errors_total{route="/double/v1/predictions",code="PREDICT_FAILED"');
    expect(body).toMatch(/launchpad_model_info\{name="double",version="1\.0\.0",run="[^"]+",instance="[^"]+"\} 1\n/);
    expect(body).toContain('runtime="workerd"');
  });

  it("never fail a request, and come when they can be sent again", async () => {
    status = 503;
    const before = received.length;
    for (let x = 0; x < 3; x++) expect((await predict({ x })).status).toBe(200);
    await expect.poll(() => received.length, { timeout: 20_000 }).toBeGreaterThan(before);
    status = 204;
    expect((await predict({ x: 1 })).status).toBe(200);
    await expect
      .poll(() => numberOf(/predictions",method="POST",status="200",instance="[^"]+"\} (\d+)/), { timeout: 20_000 })
      .toBe("24");
  });
});
