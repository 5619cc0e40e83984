import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, run, runtimes, start, startApi } from "./runtime.ts";

let folder: string;
const key = `lp_${randomBytes(32).toString("base64url")}`;
const digest = `sha256:${createHash("sha256").update(key).digest("hex")}`;

const config = (more: string) =>
  `model_store: { location: ./store }\nmodel: { name: m, version: "1.0.0", module: echo.mjs }\n` +
  `api: { name: m, access_log: true, trusted_proxies: [unix] }\n${more}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-"));
  await writeFile(
    join(folder, "echo.mjs"),
    "export const train = () => ({});\nexport const test = () => ({});\nexport const predict = (_, args) => ({ got: args });\n",
  );
  const auth = `auth:\n  api_keys: { alice: "${digest}" }\n`;
  await writeFile(
    join(folder, "launchpad.yml"),
    config(
      `${auth}limits: { by_key: 6/min, max_url_bytes: 2000, header_timeout: 1, body_timeout: 0.5, max_fields: 3, max_parts: 2, max_field_bytes: 20 }\n`,
    ),
  );
  await writeFile(
    join(folder, "worker.yml"),
    config(`${auth}limits: { by_key: { requests: 100/s, binding: LIMITER } }\n`),
  );
  const log =
    "version: 1\nhandlers: { out: { class: logging.StreamHandler, formatter: json } }\nformatters: { json: { format: json } }\n";
  await writeFile(join(folder, "log.yml"), `${log}root: { level: INFO, handlers: [out] }\n`);
  const trained = await run([...(runtimes.Node ?? []), publishedCli, "train"], { cwd: folder });
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What clients of Fetch cannot send: pieces, with pauses between them. */
function sendPieces(
  origin: string,
  pieces: readonly string[],
  pause: number,
  until = /^$/,
): Promise<{ text: string; ms: number }> {
  const { hostname, port } = new URL(origin);
  const started = performance.now();
  return new Promise((resolve) => {
    let text = "";
    let timer: NodeJS.Timeout;
    const socket = connect(Number(port), hostname, () => send(0));
    const send = (at: number) => {
      const piece = pieces[at];
      if (piece === undefined || socket.destroyed) return;
      socket.write(piece);
      timer = setTimeout(() => send(at + 1), pause);
    };
    socket.setEncoding("latin1").on("data", (more) => {
      text += more;
      if (until.test(text)) socket.destroy();
    });
    socket.setTimeout(20_000, () => socket.destroy());
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      resolve({ text, ms: performance.now() - started });
    });
  });
}

/** GET through a Unix socket. */
function overSocket(socketPath: string, path: string, headers: Record<string, string>): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (more) => {
        body += more;
      });
      response.on("end", () => resolve([response.statusCode ?? 0, body]));
    })
      .on("error", reject)
      .end();
  });
}

describe.each(Object.entries(runtimes))("doors on %s", (name, program) => {
  let api: Awaited<ReturnType<typeof startApi>>;
  let stderr = "";
  beforeAll(async () => {
    api = await startApi([...program, publishedCli, "-l", "log.yml"], { cwd: folder });
    api.running.child.stderr?.on("data", (more) => {
      stderr += more;
    });
  }, 30_000);
  afterAll(() => api.stop());

  const predict = (headers: Record<string, string> = {}, body: BodyInit = "{}", type?: string) =>
    fetch(`${api.origin}/m/v1/predictions`, {
      method: "POST",
      headers: { "content-type": type ?? "application/json", ...headers },
      body,
    });

  it("do not wait for a body that comes a byte at a time", async () => {
    const head = `POST /m/v1/predictions HTTP/1.1\r\nHost: a\r\nX-Api-Key: ${key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    const { text, ms } = await sendPieces(api.origin, [head, ...Array(100).fill(" ")], 100, /REQUEST_TIMED_OUT/);
    expect(text).toMatch(/^HTTP\/1\.1 408/);
    expect(ms).toBeLessThan(5000);
  });

  it("let in who has a key, as often as they may, and log the caller and the address", async () => {
    expect((await predict()).status).toBe(401);
    expect((await predict({ "x-api-key": `${key}x` })).status).toBe(401);
    const statuses: number[] = [];
    for (let at = 0; at < 6; at++) statuses.push((await predict({ authorization: `Bearer ${key}` })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    await expect.poll(() => stderr).toMatch(/"caller": ?"alice"/);
    expect(stderr).toMatch(/"address": ?"127\.0\.0\.1"/);
    expect(stderr).not.toContain(key);
  });

  it("take no long URL", async () => {
    const response = await fetch(`${api.origin}/livez?${"a".repeat(2500)}`);
    expect([response.status, (await response.json()).code]).toEqual([414, "URL_TOO_LONG"]);
  });

  if (name.startsWith("Node")) {
    it("do not wait for headers that do not come", async () => {
      const { ms } = await sendPieces(api.origin, ["GET /livez HTTP/1.1\r\n", ...Array(100).fill("")], 100);
      expect(ms).toBeLessThan(10_000);
    });
  }

  it("are at a Unix socket as well, in the place of one that a dead process left", async () => {
    const path = join(folder, `${name.replace(" ", "")}.sock`);
    for (let at = 0; at < 2; at++) {
      const running = start([...program, publishedCli, "api", "--host", `unix:${path}`], { cwd: folder });
      await running.printed(/Serving m 1\.0\.0 at unix:/);
      expect(await overSocket(path, "/livez", { host: "a" })).toEqual([200, '{"status":"ok"}']);
      expect((await overSocket(path, "/pre/livez", { host: "a", "x-forwarded-prefix": "/pre" }))[0]).toBe(200);
      expect((await overSocket(path, "/openapi.json", { host: "a" }))[0]).toBe(401);
      if (at === 0) {
        const second = await run([...program, publishedCli, "api", "--host", `unix:${path}`], { cwd: folder });
        expect([second.code, second.stderr]).toEqual([1, expect.stringContaining("LISTEN_FAILED")]);
      }
      running.kill(at === 0 ? "SIGKILL" : "SIGTERM");
      await running.finished;
      expect(existsSync(path)).toBe(at === 0);
    }
  }, 60_000);
});

describe("doors on Workers", () => {
  let worker: Miniflare;
  beforeAll(async () => {
    const built = await run(
      [
        ...(runtimes.Node ?? []),
        publishedCli,
        "-c",
        "worker.yml",
        "build",
        "--target",
        "cloudflare",
        "--model",
        "embed",
      ],
      {
        cwd: folder,
      },
    );
    expect(built, built.stderr).toMatchObject({ code: 0 });
    const script = await readFile(join(folder, "build/cloudflare/index.mjs"), "utf8");
    worker = new Miniflare({
      modules: [{ type: "ESModule", path: "index.mjs", contents: script }],
      compatibilityDate: "2026-07-01",
      ratelimits: { LIMITER: { namespace_id: "1", simple: { limit: 2, period: 60 } } },
    });
  }, 60_000);
  afterAll(() => worker.dispose());

  it("let in who has a key, as often as the binding lets them", async () => {
    const ask = (headers: Record<string, string>) =>
      worker.dispatchFetch("http://a/m/v1/predictions", {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/json", ...headers },
      });
    expect((await ask({})).status).toBe(401);
    expect((await worker.dispatchFetch("http://a/livez")).status).toBe(200);
    const statuses: number[] = [];
    for (let at = 0; at < 3; at++) statuses.push((await ask({ "x-api-key": key })).status);
    expect(statuses).toEqual([200, 200, 429]);
  });
});
