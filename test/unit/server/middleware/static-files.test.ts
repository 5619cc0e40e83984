import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLaunchpad } from "../../../../src/index.ts";
import { testHost } from "../../../support/host.ts";
import { served } from "../../../support/served.ts";

let folder: string;
let root: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-static-"));
  root = join(folder, "public");
  await mkdir(join(root, "sub", "deep"), { recursive: true });
  await mkdir(join(root, "empty"));
  await mkdir(join(root, ".hidden"));
  await mkdir(join(root, "iris", "v1"), { recursive: true });
  const files: Record<string, string> = {
    "secret.txt": "outside",
    "public-secret.txt": "beside",
    "public/index.html": "<p>start</p>",
    "public/style.css": "p {}",
    "public/app.js": "1;",
    "public/data.unknown": "?",
    "public/a b#c.txt": "odd",
    "public/größe.txt": "umlaut",
    "public/100%.txt": "percent",
    "public/sub/index.html": "sub",
    "public/.env": "PASSWORD=1",
    "public/.hidden/file.txt": "hidden",
    "public/livez": "shadow",
    "public/iris/v1/predictions": "shadow",
    "public/large.txt": "x".repeat(300_000),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await symlink(join(folder, "secret.txt"), join(root, "link-out.txt"));
  await symlink(folder, join(root, "folder-out"));
  await symlink(join(root, "style.css"), join(root, "link-in.css"));
  await symlink(join(root, ".env"), join(root, "link-hidden"));
});
afterAll(() => rm(folder, { recursive: true }));

const site = (api: object = {}) => served({ static: pathToFileURL(root).href, ...api });

describe("api.static", () => {
  it.each([
    ["/", "<p>start</p>", "text/html; charset=utf-8"],
    ["/index.html", "<p>start</p>", "text/html; charset=utf-8"],
    ["/style.css?v=2", "p {}", "text/css; charset=utf-8"],
    ["/app.js", "1;", "text/javascript; charset=utf-8"],
    ["/data.unknown", "?", "application/octet-stream"],
    ["/a%20b%23c.txt", "odd", "text/plain; charset=utf-8"],
    ["/gr%C3%B6%C3%9Fe.txt", "umlaut", "text/plain; charset=utf-8"],
    ["/100%25.txt", "percent", "text/plain; charset=utf-8"],
    ["/sub/", "sub", "text/html; charset=utf-8"],
    ["/sub/../style.css", "p {}", "text/css; charset=utf-8"],
    ["/link-in.css", "p {}", "text/css; charset=utf-8"],
  ])("serves %s", async (path, text, type) => {
    const { ask } = await site();
    const response = await ask(path);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, type]);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await response.text()).toBe(text);
    const head = await ask(path, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
      200,
      String(new TextEncoder().encode(text).length),
      "",
    ]);
  });

  it.each([
    "/secret.txt",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/sub/..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "/sub%5c..%5c..%5csecret.txt",
    "/%252e%252e/secret.txt",
    "/..%c0%afsecret.txt",
    "/../public-secret.txt",
    "/..%2fpublic-secret.txt",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/file:%2f%2f%2fetc%2fpasswd",
    "/c:%5cwindows",
    "/index.html%00.css",
    "/%zz",
    "/link-out.txt",
    "/folder-out/secret.txt",
    "/link-hidden",
    "/.env",
    "/%2eenv",
    "/.hidden/file.txt",
    "/sub/./../.env",
    "/empty/",
    "/empty",
    "/style.css/",
    "/style.css/x",
    "/sub//index.html",
    "/nothing",
    "/sub/deep",
  ])("has nothing at %s", async (path) => {
    const { ask } = await site();
    for (const method of ["GET", "HEAD", "POST"]) {
      const response = await ask(path, { method });
      expect(response.status).toBe(404);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  it("never stands in the way of the API", async () => {
    const { ask, predict } = await site();
    expect(await (await ask("/livez")).json()).toEqual({ status: "ok" });
    expect(await (await predict({ x: 1 })).json()).toEqual({ args: { x: 1 } });
    expect((await ask("/iris/v1/predictions")).status).toBe(405);
  });

  it("sends a browser from a folder to where relative links work", async () => {
    const response = await (await site()).ask("/sub", { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([301, "./sub/"]);
  });

  it("takes GET and HEAD only", async () => {
    const { ask } = await site();
    for (const method of ["POST", "DELETE", "OPTIONS"]) {
      const response = await ask("/style.css", { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    }
  });

  it("says when nothing has changed", async () => {
    const { ask } = await site();
    const first = await ask("/style.css");
    const etag = first.headers.get("etag") ?? "";
    const modified = first.headers.get("last-modified") ?? "";
    const later = new Date(Date.parse(modified) + 60_000).toUTCString();
    const earlier = new Date(Date.parse(modified) - 60_000).toUTCString();
    for (const [headers, status] of [
      [{ "if-none-match": etag }, 304],
      [{ "if-none-match": `"other", W/${etag}` }, 304],
      [{ "if-none-match": "*" }, 304],
      [{ "if-none-match": '"other"' }, 200],
      [{ "if-none-match": '"other"', "if-modified-since": later }, 200],
      [{ "if-modified-since": modified }, 304],
      [{ "if-modified-since": later }, 304],
      [{ "if-modified-since": earlier }, 200],
      [{ "if-modified-since": "yesterday" }, 200],
    ] as [Record<string, string>, number][]) {
      const response = await ask("/style.css", { headers });
      expect([headers, response.status]).toEqual([headers, status]);
      expect(await response.text()).toBe(status === 304 ? "" : "p {}");
      expect(response.headers.get("etag")).toBe(etag);
    }
    await writeFile(join(root, "style.css"), "q {}");
    await utimes(join(root, "style.css"), new Date(), new Date(Date.parse(modified) + 1500));
    const changed = await ask("/style.css", { headers: { "if-none-match": etag } });
    expect([changed.status, await changed.text()]).toEqual([200, "q {}"]);
    await writeFile(join(root, "style.css"), "p {}");
  });

  it("compresses text", async () => {
    const { ask } = await site({ compression: true });
    const headers = { "accept-encoding": "gzip" };
    for (const method of ["GET", "HEAD"]) {
      const response = await ask("/large.txt", { method, headers });
      expect(response.headers.get("content-encoding")).toBe("gzip");
      expect(response.headers.get("content-length")).toBeNull();
      const etag = response.headers.get("etag") ?? "";
      expect(etag).toMatch(/^W\/"/);
      expect((await ask("/large.txt", { method, headers: { ...headers, "if-none-match": etag } })).status).toBe(304);
    }
    expect((await ask("/style.css", { headers })).headers.get("content-encoding")).toBeNull();
  });

  it("counts under one name", async () => {
    const { ask } = await site();
    await ask("/style.css");
    await ask("/sub/");
    expect(await (await ask("/metrics")).text()).toContain(
      'launchpad_http_requests_total{route="static",method="GET",status="200"} 2\n',
    );
  });

  it.each(["public/style.css", "nowhere"])("must be a folder: %s", async (path) => {
    const { launchpad } = await served({ static: pathToFileURL(join(folder, path)).href });
    await expect(launchpad.ready()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/api\.static: found (a file|no folder) at .*, expected a folder/),
    });
  });

  it("is ignored with a warning where there are no files", async () => {
    const { files: _, ...host } = testHost();
    const launchpad = createLaunchpad({
      config: {
        model_store: { location: "memory:" },
        model: { name: "iris", version: "1.0.0", module: "iris_model" },
        api: { name: "iris", static: "./public" },
      },
      model: { train: () => ({}), test: () => ({}), predict: () => ({}) },
      host,
    });
    expect((await launchpad.fetch(new Request("http://x/"))).status).toBe(404);
    const warnings = host.records.filter(({ level }) => level === "warning").map(({ message }) => message);
    expect(warnings).toEqual([expect.stringMatching(/api\.static: it is ignored/)]);
  });
});
