import { describe, expect, it } from "vitest";
import { combine, createLaunchpad, defineModel } from "../../../../src/index.ts";
import { testHost } from "../../../support/host.ts";
import { type Irises, irises, irisOf } from "../../../support/irises.ts";
import { newKey } from "../doors/keys.ts";

const revision = "2026-07-28";
const key = (name: string) => `io.modelcontextprotocol/${name}`;
const meta = { [key("protocolVersion")]: revision, [key("clientCapabilities")]: {} };

type Headers = Record<string, string | undefined>;
interface Answer {
  readonly status: number;
  readonly headers: globalThis.Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a client reads of it is what is tested
  readonly json: any;
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === "" ? undefined : JSON.parse(text) };
}

type Ask = (request: Request) => Response | Promise<Response>;

async function post(
  ask: Ask,
  body: unknown,
  headers: Headers = {},
  url = "http://127.0.0.1:5000/mcp",
): Promise<Answer> {
  const given = Object.entries({ "content-type": "application/json", ...headers }).filter(
    ([, value]) => value !== undefined,
  );
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return read(await ask(new Request(url, { method: "POST", headers: given as [string, string][], body: text })));
}

/** Asks as clients of the current revision do. */
function modern(
  ask: Ask,
  method: string,
  params: Record<string, unknown> = {},
  headers: Headers = {},
): Promise<Answer> {
  const name = typeof params.name === "string" ? { "mcp-name": params.name } : {};
  const body = { jsonrpc: "2.0", id: 7, method, params: { _meta: meta, ...params } };
  return post(ask, body, { "mcp-protocol-version": revision, "mcp-method": method, ...name, ...headers });
}

/** Asks as clients of the revision before do. */
function earlier(ask: Ask, method: string, params?: object, headers: Headers = {}): Promise<Answer> {
  return post(
    ask,
    { jsonrpc: "2.0", id: "a", method, ...(params && { params }) },
    { "mcp-protocol-version": "2025-11-25", ...headers },
  );
}

const petal = { length: 4, width: 2 };
const made = async (api: object = {}): Promise<Irises & { fetch: Ask }> => {
  const server = await irises({ protocols: ["mcp"], ...api });
  return { ...server, fetch: server.launchpad.fetch };
};

describe("the Model Context Protocol of 2026-07-28", () => {
  it("tells what it speaks", async () => {
    const { fetch } = await made();
    const { status, json } = await modern(fetch, "server/discover");
    expect(status).toBe(200);
    expect(json).toEqual({
      jsonrpc: "2.0",
      id: 7,
      result: {
        resultType: "complete",
        _meta: {
          [key("serverInfo")]: { name: "mllaunchpad", version: expect.stringMatching(/^\d/) },
        },
        supportedVersions: [revision, "2025-11-25", "2025-06-18"],
        capabilities: { tools: {} },
        instructions: expect.stringContaining("machine-learning"),
        ttlMs: 60000,
        cacheScope: "public",
      },
    });
  });

  it("has the model as a tool with the schemas of the API", async () => {
    const { fetch } = await made();
    const { json } = await modern(fetch, "tools/list");
    const [tool] = json.result.tools;
    expect(json.result.tools).toHaveLength(1);
    expect(tool).toMatchObject({ name: "iris", title: "Iris" });
    expect(tool.inputSchema).toEqual({
      type: "object",
      properties: {
        length: { type: "number", minimum: 0 },
        width: { type: "number", minimum: 0 },
        count: { type: "integer" },
      },
      required: ["length", "width"],
      additionalProperties: false,
    });
    expect(tool.outputSchema.properties.variety).toEqual({ type: "string", enum: ["Setosa", "Virginica"] });
    expect(tool.outputSchema.required).toEqual(["variety", "area", "count", "sure", "probabilities"]);
  });

  it("predicts", async () => {
    const { fetch } = await made();
    const { status, json, headers } = await modern(fetch, "tools/call", { name: "iris", arguments: petal });
    expect(status).toBe(200);
    expect(json.result).toMatchObject({ resultType: "complete", isError: false, structuredContent: irisOf(petal) });
    expect(JSON.parse(json.result.content[0].text)).toEqual(irisOf(petal));
    expect(headers.get("x-model")).toMatch(/^iris@1.2.3\//);
  });

  it("says what to mend in a call, all of it", async () => {
    const { fetch } = await made();
    const { status, json } = await modern(fetch, "tools/call", { name: "iris", arguments: { length: -4, widht: 2 } });
    expect(status).toBe(200);
    expect(json.result).toMatchObject({ isError: true, resultType: "complete" });
    expect(json.result.structuredContent).toBeUndefined();
    const [{ text }] = json.result.content;
    expect(text).toContain("Mend them");
    expect(text).toContain("- length: expected at least 0, found -4");
    expect(text).toContain("- width: required");
    expect(text).toContain("- widht:");
  });

  it("knows no other tool, and no other method", async () => {
    const { fetch } = await made();
    const unknown = await modern(fetch, "tools/call", { name: "rose" });
    expect(unknown.json.error).toMatchObject({ code: -32602, message: expect.stringContaining("Unknown tool: rose") });
    for (const method of ["resources/list", "initialize", "ping", "constructor", "subscriptions/listen"]) {
      const { status, json } = await modern(fetch, method);
      expect([method, status, json.id, json.error.code]).toEqual([method, 404, 7, -32601]);
    }
  });

  it.each<[string, object, number]>([
    ["no client capabilities", { [key("protocolVersion")]: revision }, -32602],
    ["client capabilities that are none", { ...meta, [key("clientCapabilities")]: [] }, -32602],
    ["a client without a name", { ...meta, [key("clientInfo")]: { version: "1" } }, -32602],
    ["an unknown level", { ...meta, [key("logLevel")]: "loud" }, -32602],
    ["a version that is a number", { ...meta, [key("protocolVersion")]: 20260728 }, -32602],
    ["nothing", {}, -32602],
    ["a list", [], -32602],
    ["another version than the header", { ...meta, [key("protocolVersion")]: "2025-11-25" }, -32020],
  ])("refuses _meta with %s", async (_, _meta, code) => {
    const { fetch } = await made();
    const { status, json } = await modern(fetch, "tools/list", { _meta });
    expect([status, json.id, json.error.code]).toEqual([400, 7, code]);
  });

  it("refuses versions that nobody speaks, and says which will do", async () => {
    const { fetch } = await made();
    const _meta = { ...meta, [key("protocolVersion")]: "1900-01-01" };
    const { status, json } = await modern(fetch, "tools/list", { _meta }, { "mcp-protocol-version": "1900-01-01" });
    expect([status, json.error.code]).toEqual([400, -32022]);
    expect(json.error.data).toEqual({ supported: [revision, "2025-11-25", "2025-06-18"], requested: "1900-01-01" });
    expect((await earlier(fetch, "tools/list", {}, { "mcp-protocol-version": "next" })).status).toBe(400);
  });

  it.each<[string, Headers, boolean]>([
    ["no version", { "mcp-protocol-version": undefined }, false],
    ["no method", { "mcp-method": undefined }, false],
    ["another method", { "mcp-method": "tools/list" }, false],
    ["a method in capitals", { "mcp-method": "TOOLS/CALL" }, false],
    ["no name", { "mcp-name": undefined }, false],
    ["another name", { "mcp-name": "rose" }, false],
    ["a name in Base64 that is none", { "mcp-name": "=?base64?%%?=" }, false],
    ["the name in Base64", { "mcp-name": "=?base64?aXJpcw==?=" }, true],
    ["spaces around", { "mcp-name": " iris ", "mcp-method": " tools/call" }, true],
  ])("compares headers with the body: %s", async (_, headers, isGood) => {
    const { fetch } = await made();
    const { status, json } = await modern(fetch, "tools/call", { name: "iris", arguments: petal }, headers);
    expect([status, json.error?.code]).toEqual(isGood ? [200, undefined] : [400, -32020]);
  });
});

describe("the Model Context Protocol of 2025-11-25", () => {
  it("shakes hands, and remembers nothing", async () => {
    const { fetch } = await made();
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
    const { status, json, headers } = await earlier(fetch, "initialize", params, { "mcp-protocol-version": undefined });
    expect([status, json.id, json.result.protocolVersion]).toEqual([200, "a", "2025-11-25"]);
    expect(json.result).toMatchObject({ capabilities: { tools: {} }, serverInfo: { name: "mllaunchpad" } });
    expect(headers.get("mcp-session-id")).toBe(null);
    const old = await earlier(fetch, "initialize", { ...params, protocolVersion: "2024-11-05" });
    expect(old.json.result.protocolVersion).toBe("2025-11-25");
    expect((await earlier(fetch, "ping")).json).toEqual({ jsonrpc: "2.0", id: "a", result: {} });
    const note = await post(fetch, { jsonrpc: "2.0", method: "notifications/initialized" });
    expect([note.status, note.json]).toEqual([202, undefined]);
  });

  it("lists, predicts, and refuses in its form", async () => {
    const { fetch } = await made();
    const { json } = await earlier(fetch, "tools/list");
    expect(json.result).not.toHaveProperty("ttlMs");
    expect(json.result.tools[0].outputSchema.type).toBe("object");
    const called = await earlier(fetch, "tools/call", { name: "iris", arguments: petal });
    expect(called.json.result).toEqual({
      content: [{ type: "text", text: JSON.stringify(irisOf(petal)) }],
      structuredContent: irisOf(petal),
      isError: false,
    });
    const bad = await earlier(fetch, "tools/call", { name: "iris", arguments: {} });
    expect(bad.json.result).toMatchObject({ isError: true });
    for (const [method, params, code] of [
      ["resources/list", {}, -32601],
      ["server/discover", {}, -32601],
      ["tools/call", { name: "rose" }, -32602],
      ["tools/call", {}, -32602],
      ["tools/call", { name: "iris", arguments: [] }, -32602],
      ["tools/list", { cursor: 1 }, -32602],
    ] as const) {
      const refused = await earlier(fetch, method, params);
      expect([method, refused.status, refused.json.error.code]).toEqual([method, 200, code]);
    }
  });
});

describe("what is no message", () => {
  it.each<[string, string, number, number]>([
    ["no JSON", "{", 400, -32700],
    ["nothing", "", 400, -32700],
    ["too deep JSON", "[".repeat(5000), 400, -32700],
    ["a key that changes what objects inherit", '{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{}}', 400, -32700],
    ["a batch", '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', 400, -32600],
    ["an empty batch", "[]", 400, -32600],
    ["another version of JSON-RPC", '{"jsonrpc":"1.0","id":1,"method":"ping"}', 400, -32600],
    ["a null id", '{"jsonrpc":"2.0","id":null,"method":"ping"}', 400, -32600],
    ["half an id", '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', 400, -32600],
    ["no method", '{"jsonrpc":"2.0","id":1}', 400, -32600],
    ["a response", '{"jsonrpc":"2.0","id":1,"result":{}}', 400, -32600],
    ["params in a list", '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', 400, -32600],
    ["text", '"ping"', 400, -32600],
  ])("is refused: %s", async (_, body, status, code) => {
    const { fetch } = await made();
    const answer = await post(fetch, body);
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
    expect(answer.headers.get("content-type")).toBe("application/json");
  });

  it("is refused where the method is none of HTTP's here", async () => {
    const { fetch } = await made();
    for (const method of ["GET", "DELETE", "PUT"]) {
      const response = await read(await fetch(new Request("http://127.0.0.1:5000/mcp", { method })));
      expect([response.status, response.json.error.code, response.headers.get("allow")]).toEqual([
        405,
        -32600,
        "POST, OPTIONS",
      ]);
    }
  });

  it("is refused where the body is too large, or of another type", async () => {
    const { fetch } = await made({ max_body_bytes: 300 });
    const large = await earlier(fetch, "ping", { text: "x".repeat(400) });
    expect([large.status, large.json.error.code]).toEqual([413, -32600]);
    const other = await earlier(fetch, "ping", {}, { "content-type": "text/plain" });
    expect([other.status, other.json.error.code]).toEqual([415, -32600]);
  });
});

describe("pages of others", () => {
  const call = { name: "iris", arguments: petal };
  it.each<[string, string, Headers, number]>([
    ["localhost", "http://localhost:5000/mcp", { origin: "http://localhost:6274" }, 200],
    ["another site", "http://127.0.0.1:5000/mcp", { origin: "https://evil.example" }, 403],
    ["no origin that can be named", "http://127.0.0.1:5000/mcp", { origin: "null" }, 403],
    ["a name that was made to lead here", "http://evil.example:5000/mcp", { origin: "http://evil.example:5000" }, 403],
    ["localhost, at another server", "http://models.example/mcp", { origin: "http://localhost:1" }, 403],
    ["a name like localhost", "http://127.0.0.1:5000/mcp", { origin: "http://localhost.evil.example" }, 403],
  ])("may ask or not: %s", async (_, url, headers, status) => {
    const { fetch } = await made();
    const body = { jsonrpc: "2.0", id: 1, method: "tools/call", params: call };
    const answer = await post(fetch, body, headers, url);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.json).toMatchObject({ jsonrpc: "2.0", error: { code: -32600 } });
  });

  it("may ask where api.cors names them", async () => {
    const { fetch } = await made({ cors: { origins: ["https://agents.example"] } });
    const answer = await earlier(fetch, "tools/call", call, { origin: "https://agents.example" });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, "https://agents.example"]);
  });

  it("may not lead here under another name, unless a proxy does", async () => {
    const asked = (server: Irises, address: string, url: string) =>
      server.launchpad.fetch(
        new Request(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
        }),
        { address } as never,
      );
    const alone = await made();
    const behind = await made({ trusted_proxies: ["loopback"] });
    const outside = "http://models.example/mcp";
    expect((await asked(alone, "127.0.0.1", outside)).status).toBe(403);
    expect((await asked(alone, "127.0.0.1", "http://[::1]:5000/mcp")).status).toBe(200);
    expect((await asked(alone, "10.0.0.1", outside)).status).toBe(200);
    expect((await asked(behind, "127.0.0.1", outside)).status).toBe(200);
  });
});

const opened: { close(): Promise<void> }[] = [];

/** Model that answers whatever its name says. */
async function modelOf(name: string, predict: (args: object) => unknown, sections: object = {}, api: object = {}) {
  const launchpad = createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      model: { name, version: "1.0.0", module: "m" },
      api: { name, ...api },
      ...sections,
    },
    model: defineModel({ train: () => ({}), test: () => ({}), predict: (_, args) => predict(args) }),
    host: testHost(),
  });
  opened.push(launchpad);
  await launchpad.train();
  return launchpad;
}

describe("models that are not as others", () => {
  it("answer anything where nobody says what", async () => {
    const { fetch } = await modelOf("any", () => [1, 2], {}, { protocols: ["mcp"] });
    const { tools } = (await modern(fetch, "tools/list")).json.result;
    expect([tools[0].inputSchema, tools[0].outputSchema]).toEqual([{ type: "object" }, undefined]);
    const call = { name: "any", arguments: { a: 1 } };
    expect((await modern(fetch, "tools/call", call)).json.result.structuredContent).toEqual([1, 2]);
    expect((await earlier(fetch, "tools/call", call)).json.result.structuredContent).toEqual({ prediction: [1, 2] });
  });

  it("fail as results that an agent reads, and are counted as failures", async () => {
    const failing = () => {
      throw new Error("secret of the model");
    };
    const { fetch } = await modelOf("bad", failing, {}, { protocols: ["mcp"], metrics: {} });
    const { status, json } = await modern(fetch, "tools/call", { name: "bad", arguments: {} });
    expect([status, json.result.isError]).toEqual([200, true]);
    expect(JSON.stringify(json)).not.toContain("secret");
    const metrics = await (await fetch(new Request("http://h/metrics"))).text();
    expect(metrics).toMatch(/launchpad_prediction_errors_total\{route="\/mcp",code="PREDICT_FAILED"\} 1/);
  });
});

describe("several models", () => {
  const body = (name: string) => ({ name, arguments: { from: "test" } });

  it("are one tool each, in the order of their names, page by page", async () => {
    const models = Object.fromEntries(
      await Promise.all(
        Array.from({ length: 103 }, async (_, index) => {
          const name = `m${String(index).padStart(3, "0")}`;
          return [name, await modelOf(name, () => name)] as const;
        }),
      ),
    );
    const all = combine(models, { api: { protocols: ["mcp"] } as never, host: testHost() });
    const first = (await modern(all.fetch, "tools/list")).json.result;
    expect([first.tools.length, first.tools[0].name, first.nextCursor]).toEqual([100, "m000", "m099"]);
    const second = (await modern(all.fetch, "tools/list", { cursor: first.nextCursor })).json.result;
    expect(second.tools.map(({ name }: { name: string }) => name)).toEqual(["m100", "m101", "m102"]);
    expect(second.nextCursor).toBeUndefined();
    const { json } = await modern(all.fetch, "tools/call", body("m101"));
    expect(json.result.structuredContent).toBe("m101");
    await all.close();
  });

  it("are listed and asked by those who may", async () => {
    const [a, b, own] = [newKey(), newKey(), newKey()];
    const models = {
      a: await modelOf("a", () => "a"),
      b: await modelOf("b", () => "b"),
      c: await modelOf("c", () => "c", { auth: { api_keys: { own: { sha256: own.digest } } } }),
    };
    const api_keys = { a: { sha256: a.digest, models: ["a"] }, b: { sha256: b.digest, models: ["b", "c"] } };
    const all = combine(models, {
      api: { protocols: ["mcp"] } as never,
      auth: { api_keys, public: [] },
      host: testHost(),
    });
    const names = async (headers: Headers) =>
      (await modern(all.fetch, "tools/list", {}, headers)).json.result?.tools.map(({ name }: { name: string }) => name);
    expect(await names({ "x-api-key": a.key })).toEqual(["a"]);
    expect(await names({ "x-api-key": b.key })).toEqual(["b"]);
    const listed = await modern(all.fetch, "tools/list", {}, { "x-api-key": a.key });
    expect(listed.json.result.cacheScope).toBe("private");
    expect(
      (await modern(all.fetch, "tools/call", body("a"), { "x-api-key": a.key })).json.result.structuredContent,
    ).toBe("a");
    const other = await modern(all.fetch, "tools/call", body("b"), { "x-api-key": a.key });
    expect(other.json.error).toMatchObject({ code: -32602, message: expect.stringContaining("Unknown tool") });
    const closed = await modern(all.fetch, "tools/call", body("c"), { "x-api-key": b.key });
    expect([closed.status, closed.json.error.data.code]).toEqual([401, "UNAUTHORIZED"]);
    const nobody = await modern(all.fetch, "tools/list");
    expect([nobody.status, nobody.json.error.code, nobody.headers.has("www-authenticate")]).toEqual([
      401,
      -32600,
      true,
    ]);
    await all.close();
  });
});

describe("who gives out tokens", () => {
  it("is said of the endpoint as a resource of its own", async () => {
    const auth = {
      jwt: { issuer: "https://issuer.example", audience: "models", jwks: "https://issuer.example/keys" },
    };
    const { fetch } = await modelOf("iris", () => 1, { auth }, { protocols: ["mcp"] });
    const refused = await modern(fetch, "tools/list", {}, { origin: undefined });
    expect(refused.status).toBe(401);
    const [, url = ""] = /resource_metadata="([^"]+)"/.exec(refused.headers.get("www-authenticate") ?? "") ?? [];
    expect(url).toBe("http://127.0.0.1:5000/.well-known/oauth-protected-resource/mcp");
    const metadata = await (await fetch(new Request(url))).json();
    expect(metadata).toMatchObject({
      resource: "http://127.0.0.1:5000/mcp",
      authorization_servers: ["https://issuer.example"],
    });
  });
});
