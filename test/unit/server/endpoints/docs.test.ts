import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { docsFile } from "../../../../runtimes/hosts/docs-file.ts";
import type { ApiDefinition } from "../../../../src/api/definition.ts";
import { silentLogger } from "../../../../src/log.ts";
import type { ApiOptions } from "../../../../src/server/api-options.ts";
import type { DocumentationOptions } from "../../../../src/server/endpoints/docs.ts";
import { createApi } from "../../../../src/server/handler.ts";

const definition: ApiDefinition = {
  title: "Sizes",
  version: "v1",
  resources: [
    {
      path: "/sizes",
      methods: ["GET", "POST"],
      additional: false,
      parameters: [{ name: "length", in: "query", required: true, schema: { type: "number" } }],
    },
  ],
};

const serve = (documentation: DocumentationOptions | undefined, options: Partial<ApiOptions> = {}) =>
  createApi({
    definition,
    ...options,
    basePath: "/sizes/v1",
    documentation,
    log: silentLogger,
    predict: async () => ({}),
    ready: async () => {},
  });

const api = serve({ version: "1.2.3", file: docsFile });
const ask = (path: string, init?: RequestInit, of = api) => of.fetch(new Request(`http://api.test${path}`, init));

describe("/openapi.json", () => {
  it("is the document of the API, below the path at which the document is", async () => {
    const response = await ask("/openapi.json");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    const document = await response.json();
    expect(document).toMatchObject({ info: { title: "Sizes", version: "1.2.3" }, servers: [{ url: "./sizes/v1" }] });
    const [{ url }] = document.servers;
    expect(new URL(url, "https://example.com/ml/openapi.json").href).toBe("https://example.com/ml/sizes/v1");
  });

  it("describes the problems that are sent", async () => {
    const document = await (await ask("/openapi.json")).json();
    const fits = new Ajv2020().compile(document.components.schemas.Problem);
    const refused = [
      await ask("/sizes/v1/sizes?length=x&width=1"),
      await ask("/sizes/v1/sizes", { method: "POST", body: "x", headers: { "content-type": "text/plain" } }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([400, 415]);
    for (const response of refused) expect(fits(await response.json()), JSON.stringify(fits.errors)).toBe(true);
  });

  it.each(["refuse", "ignore"] as const)(
    "says whether arguments that it does not describe are refused: %s",
    async (unknown) => {
      const own = serve({ version: "1.2.3" }, { unknownParameters: unknown });
      const { components } = await (await ask("/openapi.json", undefined, own)).json();
      const fits = new Ajv2020().compile(components.schemas.SizesArguments);
      const json = { length: 1, width: 1 };
      const init = { method: "POST", body: JSON.stringify(json), headers: { "content-type": "application/json" } };
      const { ok } = await ask("/sizes/v1/sizes", init, own);
      expect([ok, fits(json)]).toEqual(unknown === "ignore" ? [true, true] : [false, false]);
    },
  );

  it("is sent once to whoever keeps it", async () => {
    const first = await ask("/openapi.json");
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(first.headers.get("cache-control")).toBe("no-cache");
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await ask("/openapi.json", { headers: { "if-none-match": known } });
      expect([again.status, again.headers.get("etag"), await again.text()]).toEqual([304, etag, ""]);
    }
    expect((await ask("/openapi.json", { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });

  it("takes GET and HEAD", async () => {
    const head = await ask("/openapi.json", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const post = await ask("/openapi.json", { method: "POST" });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });
});

describe("/docs", () => {
  const types = {
    "/docs": "text/html; charset=utf-8",
    "/docs/page.css": "text/css; charset=utf-8",
    "/docs/page.js": "text/javascript; charset=utf-8",
    "/docs/swagger-ui.css": "text/css; charset=utf-8",
    "/docs/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  };
  for (const [path, type] of Object.entries(types)) {
    it(`has ${path}, which nothing from elsewhere may get into`, async () => {
      const response = await ask(path);
      expect([response.status, response.headers.get("content-type")]).toEqual([200, type]);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      const etag = response.headers.get("etag") ?? "";
      expect((await ask(path, { headers: { "if-none-match": etag } })).status).toBe(304);
    });
  }

  it("loads what is served, by URLs that follow the page", async () => {
    const html = await (await ask("/docs")).text();
    const urls = Array.from(html.matchAll(/(?:href|src)="([^"]+)"/g), ([, url = ""]) => url);
    const served = urls.filter((url) => !url.startsWith("data:"));
    expect(served.length).toBeGreaterThan(4);
    for (const url of served) {
      expect(url).not.toMatch(/^\/|:/);
      expect((await ask(new URL(url, "http://api.test/docs").pathname)).status).toBe(200);
    }
  });

  it("says what to do instead where there are no files", async () => {
    const response = await ask("/docs", {}, serve({ version: "1.2.3" }));
    expect(response.status).toBe(404);
    expect((await response.json()).detail).toMatch(/open \/openapi\.json in a viewer/);
    expect((await ask("/openapi.json", {}, serve({ version: "1.2.3" }))).status).toBe(200);
  });

  it("is not there if nobody wants it", async () => {
    for (const path of ["/openapi.json", ...Object.keys(types)]) {
      expect((await ask(path, {}, serve(undefined))).status).toBe(404);
    }
  });

  it("has no other files", async () => {
    for (const path of ["/docs/", "/docs/package.json", "/docs/..%2fpage.js", "/docs/index.html"]) {
      expect((await ask(path)).status).toBe(404);
    }
  });
});
