import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createApi } from "../../../src/api/api.ts";
import { readRaml } from "../../../src/api/raml.ts";
import { silentLogger } from "../../../src/log.ts";

const definition = readRaml(
  `#%RAML 0.8
title: hostile
version: v1
/things:
  get:
    queryParameters:
      n: {type: number, minimum: 0, maximum: 100}
      i: {type: integer, repeat: true}
      s: {type: string, required: true, minLength: 1, maxLength: 20, pattern: '^[a-z]+$'}
      b: {type: boolean}
      e: {type: string, enum: [x, y]}
      __proto__: {type: string}
  /{id}:
    uriParameters:
      id: {type: integer}
    get:
`,
  { file: "hostile.raml" },
);
const api = createApi({
  definition: {
    ...definition,
    resources: [...definition.resources, { path: "/any", methods: ["POST"], parameters: [], additional: true }],
  },
  basePath: "/h/v1",
  predict: async (args) => ({ args }),
  ready: async () => {},
  log: silentLogger,
  maxBodyBytes: 1000,
});

const names = fc.oneof(
  fc.constantFrom("n", "i", "s", "b", "e", "__proto__", "constructor", "toString", "id", "", "S"),
  fc.string({ unit: "binary", maxLength: 8 }),
);
const texts = fc.oneof(
  fc.constantFrom(
    "1e999",
    "-0",
    "9".repeat(400),
    "NaN",
    "0x1",
    "\u0000",
    "\uFFFD",
    "a".repeat(900),
    "true",
    "[1]",
    "{}",
    "null",
    "%",
    "%ff",
    "+",
  ),
  fc.double().map(String),
  fc.string({ unit: "binary", maxLength: 30 }),
);
/** Escaped, badly escaped, or not at all. */
const pieces = fc.oneof(
  texts.map((text) => encodeURIComponent(text)),
  texts.map((text) => text.replace(/[#\s]/g, "")),
  fc.constantFrom("%", "%zz", "%ff%fe", "%00", "..", "%2e%2e%2f", "a%20b"),
);
const query = fc
  .array(fc.tuple(names, pieces), { maxLength: 12 })
  .map((pairs) => pairs.map(([name, value]) => `${encodeURIComponent(name)}=${value}`).join("&"));
const path = fc.oneof(
  fc.constantFrom("/h/v1/things", "/h/v1/any", "/h/v1/things/", "/livez", "/readyz", "/"),
  pieces.map((piece) => `/h/v1/things/${piece}`),
  pieces.map((piece) => `/${piece}`),
);
const objects = fc
  .dictionary(names, fc.oneof(fc.jsonValue(), texts), { maxKeys: 6 })
  .map((value) => JSON.stringify(value));
const nesting = fc.integer({ min: 1, max: 900 }).map((depth) => `{"s": ${"[".repeat(depth)}${"]".repeat(depth)}}`);
const body = fc.oneof(
  objects,
  nesting,
  fc.json(),
  query,
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.uint8Array({ maxLength: 3000 }).map((bytes) => Uint8Array.from(bytes)),
);
const type = fc.oneof(
  fc.constantFrom(
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
  ),
  fc.constantFrom(
    "application/json; charset=x",
    "APPLICATION/JSON;",
    ";",
    "__proto__",
    "application/json, text/plain",
    "",
  ),
);
const method = fc.constantFrom("GET", "POST", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PURGE");

describe("hostile requests", () => {
  it("get an answer, never a 5xx, and every error is a well-formed problem", async () => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(method, path, query, body, type, async (verb, where, asked, sent, contentType) => {
        const carries = verb === "POST" || verb === "PUT";
        const request = new Request(`http://localhost${where}?${asked}`, {
          method: verb,
          ...(carries && { body: sent, headers: { "content-type": contentType } }),
        });
        const response = await api.fetch(request);
        seen.add(response.status);
        const text = await response.text();
        expect(response.headers.get("x-request-id")).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
        if (response.status < 300) return;
        expect(response.status).toBeLessThan(500);
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(response.headers.get("content-type")).toBe("application/problem+json");
        if (verb === "HEAD") return;
        const problem = JSON.parse(text) as Record<string, unknown>;
        expect(problem).toMatchObject({ type: "about:blank", status: response.status });
        for (const key of ["title", "detail", "code", "request_id"]) expect(problem[key]).toEqual(expect.any(String));
        for (const fault of (problem.errors ?? []) as Record<string, unknown>[]) {
          expect(["query", "path", "body"]).toContain(fault.in);
          expect(fault.name).toEqual(expect.any(String));
          expect(fault.message).toEqual(expect.any(String));
        }
        expect(text.length).toBeLessThan(60_000);
      }),
      { numRuns: 4000 },
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    // The generator must reach every kind of answer, or this test promises less than it says.
    expect([...seen].sort()).toEqual([200, 204, 400, 404, 405, 413, 415]);
  });
});
