import { describe, expect, it } from "vitest";
import { openDefinition, type Parameter, type Resource } from "../../../src/api/definition.ts";
import { LaunchpadError } from "../../../src/errors.ts";
import { createLogger, silentLogger } from "../../../src/log.ts";
import type { ApiOptions } from "../../../src/server/api-options.ts";
import { createApi } from "../../../src/server/handler.ts";

const parameter = (
  name: string,
  { in: place = "query", required = false, ...schema }: Partial<Parameter> & Record<string, unknown> = {},
): Parameter => ({ name, in: place, required, schema: { type: "number", ...schema } });
const resource = (path: string, ...parameters: Parameter[]): Resource => ({
  path,
  methods: ["GET", "POST"],
  parameters,
  additional: false,
});
const varieties = resource("/varieties", parameter("length", { required: true }), parameter("width"));

const apiOf = (resources: Resource[], options: Partial<ApiOptions> = {}) => {
  const api = createApi({
    definition: { title: "iris", version: "v0", resources },
    basePath: "/iris/v0",
    predict: async (args) => ({ args }),
    ready: async () => {},
    log: silentLogger,
    ...options,
  });
  return async (path: string, init?: RequestInit): Promise<Response> =>
    api.fetch(new Request(`http://localhost${path}`, init));
};
const iris = apiOf([varieties]);
const post = (body: BodyInit, type?: string, more: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body,
  headers: { ...(type && { "content-type": type }), ...more },
});
const json = "application/json";
const form = "application/x-www-form-urlencoded";
const stream = (pull: UnderlyingDefaultSource<Uint8Array>["pull"]) =>
  new ReadableStream<Uint8Array>({ ...(pull && { pull }) });
/** Streaming bodies need `duplex`, which the types of the DOM do not know. */
const streaming = (body: ReadableStream, type: string, more: Record<string, string> = {}): RequestInit =>
  ({ ...post(body, type, more), duplex: "half" }) as RequestInit;

describe("a resource", () => {
  it("answers GET with the prediction as compact JSON", async () => {
    const response = await iris("/iris/v0/varieties?length=4.9");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.text()).toBe('{"args":{"length":4.9}}');
  });

  it.each([
    ["JSON", post('{"length": 1}', json)],
    ["JSON with parameters of the media type", post('{"length": 1}', "application/json; charset=UTF-8")],
    ["a form", post("length=1", form)],
    ["a form in URLSearchParams", post(new URLSearchParams({ length: "1" }))],
  ])("answers POST with %s", async (_, init) => {
    expect(await (await iris("/iris/v0/varieties", init)).json()).toEqual({ args: { length: 1 } });
  });

  it("takes a POST without a body, or with an empty one, for its query", async () => {
    for (const init of [{ method: "POST" }, post("", json), post("", "text/plain")]) {
      expect(await (await iris("/iris/v0/varieties?length=1", init)).json()).toEqual({ args: { length: 1 } });
    }
  });

  it("takes arguments from query and body together", async () => {
    const response = await iris("/iris/v0/varieties?length=1", post('{"width": 2}', json));
    expect(await response.json()).toEqual({ args: { length: 1, width: 2 } });
  });

  it("answers HEAD as GET without the body, and OPTIONS with what it allows", async () => {
    const head = await iris("/iris/v0/varieties?length=1", { method: "HEAD" });
    expect([head.status, head.headers.get("content-type"), await head.text()]).toEqual([200, json, ""]);
    expect((await iris("/iris/v0/varieties", { method: "HEAD" })).status).toBe(400);
    const options = await iris("/iris/v0/varieties", { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, POST, HEAD, OPTIONS"]);
  });

  it.each(["PUT", "DELETE", "PATCH", "PROPFIND", "CONSTRUCTOR"])("refuses %s with what it allows", async (method) => {
    const response = await iris("/iris/v0/varieties", { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, POST, HEAD, OPTIONS"]);
    expect(await response.json()).toMatchObject({ code: "METHOD_NOT_ALLOWED", status: 405 });
  });

  it.each(["/", "/iris/v0", "/iris/v0/nothing", "/iris/v0/varieties/", "/iris/v1/varieties", "/iris/v0/varieties/x"])(
    "is not at %s",
    async (path) => {
      const response = await iris(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: "NOT_FOUND", title: "Not Found" });
    },
  );

  it.each([
    ["a%20b", "a b"],
    ["a%2Fb", "a/b"],
    ["a%2520b", "a%20b"],
    ["%C3%A9", "é"],
    ["%zz", "%zz"],
  ])("decodes the path once: %s", async (written, id) => {
    const get = apiOf([
      resource("/clients/{client.id}", parameter("client.id", { in: "path", type: "string", required: true })),
    ]);
    expect(await (await get(`/iris/v0/clients/${written}`)).json()).toEqual({ args: { "client.id": id } });
  });

  it("is found by its exact path before one with a parameter, in whatever order they are described", async () => {
    const get = apiOf([
      resource("/a/{id}", parameter("id", { in: "path", type: "string" })),
      { ...resource("/a/new"), methods: ["POST"] },
      resource("/größe"),
    ]);
    expect(await (await get("/iris/v0/a/new", { method: "POST" })).json()).toEqual({ args: {} });
    expect((await get("/iris/v0/a/new")).status).toBe(405);
    expect(await (await get("/iris/v0/a/old")).json()).toEqual({ args: { id: "old" } });
    expect((await get("/iris/v0/größe")).status).toBe(200);
  });

  it("answers what a model returns as plain JSON", async () => {
    const get = apiOf([varieties], {
      predict: async () => ({ p: Float64Array.of(0.5, Number.NaN), n: 1n, x: undefined }),
    });
    expect(await (await get("/iris/v0/varieties?length=1")).text()).toBe('{"p":[0.5,null],"n":1}');
  });

  it("answers null when a model returns nothing", async () => {
    const get = apiOf([varieties], { predict: async () => undefined });
    expect(await (await get("/iris/v0/varieties?length=1")).text()).toBe("null");
  });

  it("passes any JSON object on when nobody described it", async () => {
    const get = apiOf([...openDefinition("iris", "v0").resources]);
    const response = await get("/iris/v0/predictions", post('{"a":{"b":[1]},"toString":1}', json));
    expect(await response.text()).toBe('{"args":{"a":{"b":[1]},"toString":1}}');
    expect((await get("/iris/v0/predictions")).status).toBe(405);
  });

  it("aborts the prediction's signal when the client goes away", async () => {
    const client = new AbortController();
    const records: string[] = [];
    const get = apiOf([varieties], {
      log: createLogger((level, _, message) => records.push(`${level} ${message}`)),
      predict: (_, request) =>
        new Promise((_resolve, reject) => {
          request.signal().addEventListener("abort", () => reject(new LaunchpadError("ABORTED", "stopped")));
          client.abort();
        }),
    });
    expect((await get("/iris/v0/varieties?length=1", { signal: client.signal })).status).toBe(503);
    expect(records).toEqual([expect.stringMatching(/^info GET .* \(the client had gone away\)$/)]);
  });
});

describe("a request with faults", () => {
  it("is answered with all of them, as a problem of RFC 9457", async () => {
    const response = await iris("/iris/v0/varieties?width=x&other=1", { headers: { "x-request-id": "abc-1" } });
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toEqual({
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      detail: "The request is not valid: length: required: expected a value of type number, and 2 more",
      code: "ARGUMENTS_INVALID",
      errors: [
        { in: "query", name: "length", message: "required: expected a value of type number" },
        { in: "query", name: "width", message: "expected a number", received: "x" },
        { in: "query", name: "other", message: "unknown parameter", received: "1" },
      ],
      request_id: "abc-1",
    });
  });

  it.each([
    ["malformed JSON", '{"length": ', "the body is not JSON"],
    ["JSON that is no object", "[1]", "the body is an array in JSON: expected an object"],
    ["null", "null", "the body is null in JSON"],
    [
      "JSON that is too deep",
      `{"length": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      "nested more than 100 levels deep",
    ],
    [
      "a key that changes prototypes",
      '{"length":1,"free":{"a":[{"__proto__":{"x":1}}]}}',
      "the body has the key __proto__",
    ],
    [
      "such a key with escapes",
      '{"length":1,"free":{"\\u005f_pr\\u006fto__":{"x":1}}}',
      "the body has the key __proto__",
    ],
    [
      "a constructor with a prototype",
      '{"length":1,"constructor":{"prototype":{"x":1}}}',
      "the body has the key constructor.prototype",
    ],
    ["bytes that are no text", Uint8Array.of(0x7b, 0xff, 0x7d), "the body is not UTF-8 text"],
  ])("is told so: %s", async (_, body, message) => {
    const response = await iris("/iris/v0/varieties", post(body, json));
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { detail: string; errors: unknown[] };
    expect(problem.detail).toContain(message);
    expect(problem.errors).toMatchObject([{ in: "body", name: "" }]);
  });

  it("is told so: a body that breaks off", async () => {
    const body = stream((controller) => controller.error(new Error("gone")));
    expect((await iris("/iris/v0/varieties", streaming(body, json))).status).toBe(400);
  });

  it.each([
    ["no type", post(Uint8Array.of(1))],
    ["text", post("length=1", "text/plain")],
    ["a multipart of another kind", post("x", "multipart/mixed; boundary=x")],
    ["a name of Object's", post("x", "constructor")],
    ["another character set", post("{}", "application/json; charset=utf-16")],
    ["compressed", post("{}", json, { "content-encoding": "gzip" })],
  ])("is refused for its media type: %s", async (_, init) => {
    const response = await iris("/iris/v0/varieties?length=1", init);
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ title: "Unsupported Media Type", code: "MEDIA_TYPE_UNSUPPORTED" });
  });

  it("is refused when its body is larger than the limit, to the byte", async () => {
    const small = apiOf([varieties], { maxBodyBytes: 12 });
    expect((await small("/iris/v0/varieties", post('{"length":1}', json))).status).toBe(200);
    const response = await small("/iris/v0/varieties", post('{"length":10}', json));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ title: "Content Too Large", code: "BODY_TOO_LARGE" });
  });

  it("is refused while its body streams, whatever the content length says, and without reading on", async () => {
    let sent = 0;
    const endless = stream((controller) => {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536));
    });
    const response = await iris("/iris/v0/varieties", streaming(endless, json, { "content-length": "5" }));
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(11 * 1024 * 1024);
  });
});

describe("an error inside", () => {
  const secret = "postgres://user:hunter2@db/x";
  it.each([
    ["PREDICT_FAILED", 500],
    ["DATA_UNAVAILABLE", 500],
    ["MODEL_NOT_TRAINED", 503],
    ["STORE_CORRUPT", 503],
  ] as const)("is logged and not told: %s", async (code, status) => {
    const records: [string, string, Record<string, unknown>][] = [];
    const error = new LaunchpadError(code, `[model] ${secret}`, {
      faults: [{ in: "argument", name: secret, message: "" }],
    });
    const get = apiOf([varieties], {
      predict: () => Promise.reject(error),
      log: createLogger((level, _, message, properties) => records.push([level, message, properties])),
    });
    const response = await get("/iris/v0/varieties?length=1");
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(text).not.toContain("hunter2");
    expect(JSON.parse(text)).toMatchObject({ code, status });
    expect(response.headers.get("retry-after")).toBe(status === 503 ? "5" : null);
    expect(records).toHaveLength(1);
    const [level, message, properties] = records[0] ?? [];
    expect(level).toBe("error");
    expect(message).toContain(secret);
    expect(properties).toMatchObject({ request_id: response.headers.get("x-request-id"), status, error });
  });

  it.each([
    ["an Error", new Error(secret)],
    ["a string", secret],
    ["nothing", undefined],
  ])("is a 500 when %s is thrown", async (_, thrown) => {
    const get = apiOf([varieties], {
      predict: () => {
        throw thrown;
      },
    });
    const response = await get("/iris/v0/varieties?length=1");
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ title: "Internal Server Error", code: "INTERNAL" });
  });

  it("is a result that has no JSON", async () => {
    const get = apiOf([varieties], { predict: async () => ({ f: () => 1 }) });
    const response = await get("/iris/v0/varieties?length=1");
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([500, "PREDICT_FAILED"]);
  });

  it("is told when the arguments are at fault, whatever was received", async () => {
    const faults = [{ in: "argument" as const, name: "a", message: "expected a date", received: 1n }];
    const get = apiOf([varieties], {
      predict: () => Promise.reject(new LaunchpadError("ARGUMENTS_INVALID", "no", { faults })),
    });
    const response = await get("/iris/v0/varieties?length=1");
    expect(await response.json()).toMatchObject({ status: 400, detail: "no", errors: [{ name: "a", received: "1" }] });
  });
});

describe("request ids", () => {
  it.each(["/iris/v0/varieties", "/nothing"])("are on every error: %s", async (path) => {
    const [one, two] = [await iris(path), await iris(path)].map(({ headers }) => headers.get("x-request-id"));
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(two).not.toBe(one);
    expect((await iris(path, { method: "DELETE" })).headers.has("x-request-id")).toBe(true);
  });

  it.each(["/livez", "/iris/v0/varieties?length=1"])(
    "are on other responses if the caller sent one: %s",
    async (path) => {
      expect((await iris(path)).headers.has("x-request-id")).toBe(false);
      for (const method of ["GET", "HEAD", "OPTIONS"]) {
        const { headers } = await iris(path, { method, headers: { "x-request-id": "abc" } });
        expect(headers.get("x-request-id")).toBe("abc");
      }
    },
  );

  it("are kept when they are harmless", async () => {
    const idFor = async (id: string) =>
      (await iris("/livez", { headers: { "x-request-id": id } })).headers.get("x-request-id");
    expect(await idFor("Trace_1.a-b")).toBe("Trace_1.a-b");
    for (const id of ["", "a b", "<script>", "x".repeat(129)]) expect(await idFor(id)).toBeNull();
  });
});

describe("health", () => {
  it("is alive whether or not there is a model, and ready only with one", async () => {
    let ready = false;
    const records: string[] = [];
    const get = apiOf([varieties], {
      ready: async () => {
        if (!ready) throw new LaunchpadError("MODEL_NOT_TRAINED", "[store] /secret/place has no model");
      },
      log: createLogger((level) => records.push(level)),
    });
    expect(await (await get("/livez")).text()).toBe('{"status":"ok"}');
    const waiting = await get("/readyz");
    expect([waiting.status, waiting.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await waiting.text()).not.toContain("secret");
    await get("/readyz");
    // A probe every few seconds would fill the log: the same reason is told once.
    expect(records).toEqual(["warning"]);
    ready = true;
    expect(await (await get("/readyz")).text()).toBe('{"status":"ready"}');
    expect((await get("/readyz", { method: "POST" })).headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    expect((await get("/iris/v0/livez")).status).toBe(404);
  });
});

describe("start-up", () => {
  const message = (...args: Parameters<typeof apiOf>) => {
    try {
      apiOf(...args);
      return "";
    } catch (error) {
      expect(error).toMatchObject({ name: "LaunchpadError", code: "API_INVALID" });
      return (error as Error).message;
    }
  };

  it("refuses paths that clash, all of them at once", () => {
    expect(message([resource("/a/{x}"), resource("/a/{y}"), resource("/b"), resource("/b")]).split("\n")).toEqual([
      "[api] /a/{y} clashes with /a/{x}: a request fits both",
      "[api] /b clashes with /b: a request fits both",
    ]);
    expect(message([resource("/{x}")], { basePath: "" }).split("\n")).toEqual([
      "[api] /{x} clashes with /livez, which Launchpad answers itself: choose another path",
      "[api] /{x} clashes with /readyz, which Launchpad answers itself: choose another path",
    ]);
  });

  it.each(["/a b", "/a^", "/a?b", "/a#b", "a", "/..", "/a/%2E", "/a{x", "/{x}{y}", "/{}"])(
    "refuses the path %s",
    (path) => {
      expect(message([resource(path)])).toContain(`[api] ${path}: `);
    },
  );

  it("refuses a pattern that is no regular expression", () => {
    expect(message([resource("/a", parameter("p", { type: "string", pattern: "(" }))])).toContain("[api] /a: ");
  });
});
