import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, type Running, run, runtimes, startApi } from "./runtime.ts";

const project = fileURLToPath(new URL("../cli/project/launchpad.yml", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-operations-"));
  await mkdir(join(folder, "public"));
  await writeFile(join(folder, "public", "page.html"), "<p>page</p>".repeat(1000));
  await writeFile(join(folder, "secret.txt"), "secret");
  await writeFile(
    join(folder, "overlay.yml"),
    `model_store: { location: ./model_store }
api: { static: ./public, cors: true, compression: true, timeout: 0.5, access_log: true }
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** What was sent, byte for byte: `fetch` would decode it, and tidy the path. */
function ask(origin: string, method: string, path: string, headers: Record<string, string> = {}, body = "") {
  const { hostname, port } = new URL(origin);
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: Buffer }>(
    (resolve, reject) => {
      const sent = request({ hostname, port, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      sent.on("error", reject).end(body);
    },
  );
}

describe.each(Object.entries(runtimes))("operations on %s", (_, program) => {
  const config = [...program, publishedCli, "-c", project, "-c"];
  let api: { origin: string; running: Running; stop(): Promise<unknown> };

  beforeAll(async () => {
    const overlay = join(folder, "overlay.yml");
    const trained = await run([...config, overlay, "train"]);
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
    api = await startApi([...config, overlay]);
  });
  afterAll(() => api.stop());
  const json = { "content-type": "application/json" };
  const predict = (args: object) => ask(api.origin, "POST", "/means/v0/predictions", json, JSON.stringify(args));

  it("serves files, compressed, to GET and HEAD, and none outside", async () => {
    const gzip = { "accept-encoding": "gzip" };
    const page = await ask(api.origin, "GET", "/page.html", gzip);
    expect([page.status, page.headers["content-encoding"]]).toEqual([200, "gzip"]);
    expect(gunzipSync(page.body).toString()).toBe("<p>page</p>".repeat(1000));
    const head = await ask(api.origin, "HEAD", "/page.html", gzip);
    expect([head.status, head.headers["content-encoding"], head.body.length]).toEqual([200, "gzip", 0]);
    expect((await ask(api.origin, "HEAD", "/page.html")).headers["content-length"]).toBe("11000");
    const etag = String(page.headers.etag);
    expect((await ask(api.origin, "GET", "/page.html", { "if-none-match": etag })).status).toBe(304);
    for (const path of [
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/..%5csecret.txt",
      "//secret.txt",
    ]) {
      expect((await ask(api.origin, "GET", path)).status).toBe(404);
    }
  });

  it("gives up what takes too long, and goes on", async () => {
    const before = Date.now();
    expect((await predict({ x: 1, delay: 3000 })).status).toBe(504);
    expect(Date.now() - before).toBeLessThan(2500);
    expect((await predict({ x: 1 })).status).toBe(200);
  });

  it("counts and logs, and answers pages of other origins", async () => {
    const headers = { origin: "https://app.example.com", "access-control-request-method": "POST" };
    const preflight = await ask(api.origin, "OPTIONS", "/means/v0/predictions", headers);
    expect([preflight.status, preflight.headers["access-control-allow-origin"]]).toEqual([204, "*"]);
    const metrics = (await ask(api.origin, "GET", "/metrics")).body.toString();
    expect(metrics).toContain(
      'launchpad_http_requests_total{route="/means/v0/predictions",method="POST",status="504"} 1\n',
    );
    expect(metrics).toMatch(/launchpad_model_info\{name="means",version="0\.1\.0",run="[^"]+"\} 1\n/);
    await api.running.printed(/INFO launchpad\.access: POST \/means\/v0\/predictions 504 .*request_id=/);
  });
});
