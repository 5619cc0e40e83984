import fc from "fast-check";
import { expect } from "vitest";
import type { Parameter, Resource } from "../../src/api/definition.ts";
import { silentLogger } from "../../src/log.ts";
import type { JsonSchema } from "../../src/schema/json-schema.ts";
import { createApi } from "../../src/server/handler.ts";

const parameter = (name: string, schema: JsonSchema, rest: Partial<Parameter> = {}): Parameter => ({
  name,
  in: "query",
  required: false,
  schema,
  ...rest,
});
const resource = (path: string, parameters: Parameter[], rest: Partial<Resource> = {}): Resource => ({
  path,
  methods: ["GET", "POST"],
  parameters,
  additional: false,
  ...rest,
});
const tree: JsonSchema = { $ref: "#/components/schemas/tree" };
const scalars = [
  parameter("n", { type: "number", minimum: 0, maximum: 100, multipleOf: 0.5 }),
  parameter("i", { type: "array", items: { type: "integer" }, maxItems: 5, uniqueItems: true }),
  parameter("s", { type: "string", minLength: 1, maxLength: 20, pattern: "^[a-z]+$" }, { required: true }),
  parameter("b", { type: ["boolean", "null"], default: true }),
  parameter("e", { enum: ["x", "y", 1, null] }),
  parameter("__proto__", { type: "string", format: "date-time" }),
  parameter("X-H", { type: "array", items: { type: "number" } }, { in: "header" }),
];

/** An API that has some of everything. */
const definition = {
  title: "hostile",
  version: "v1",
  schemas: {
    tree: {
      anyOf: [
        { type: "number" },
        {
          type: "object",
          properties: { left: tree, right: tree, s: { type: "string", format: "uri" } },
          additionalProperties: tree,
          maxProperties: 4,
        },
        { type: "array", items: tree, minItems: 1 },
      ],
    } as JsonSchema,
  },
  resources: [
    resource("/things", scalars),
    resource("/things/{id}", [parameter("id", { type: "integer" }, { in: "path", required: true })]),
    resource("/deep", [
      parameter("s", tree, { in: "body" }),
      parameter("e", { type: "object", additionalProperties: { type: "number" } }, { style: "deepObject" }),
      parameter("i", { type: "array", items: { type: "object", required: ["s"] } }, { in: "body" }),
      parameter("n", { oneOf: [{ type: "array", items: { type: "number" } }, { type: "number" }] }),
      parameter("f", { type: "object", properties: { b: { type: "integer" } } }),
    ]),
    resource("/styles/{id}", [
      parameter("id", { type: "object", additionalProperties: { type: "number" } }, { in: "path", style: "matrix" }),
      parameter("n", { type: "array", items: { type: "number" } }, { style: "pipeDelimited", explode: false }),
      parameter("e", { type: "object" }, { style: "form", explode: false }),
    ]),
    resource("/files", [
      parameter(
        "f",
        { type: "string", format: "binary" },
        { in: "body", file: { mediaTypes: ["text/*"], maxBytes: 9 } },
      ),
      parameter("s", { type: "array", items: { type: "string", format: "binary" } }, { in: "body", file: {} }),
      parameter("n", { type: "number" }, { in: "body" }),
    ]),
    resource("/whole", [], { methods: ["POST"], body: { required: false, schema: tree } }),
    resource("/any", [], { methods: ["POST"], additional: true }),
  ],
};

export const maxBodyBytes = 1000;
export const api = createApi({
  definition,
  basePath: "/h/v1",
  predict: async (args) => ({ args: JSON.parse(JSON.stringify(args)) as unknown }),
  ready: async () => {},
  log: silentLogger,
  maxBodyBytes,
});

const names = fc.oneof(
  fc.constantFrom("n", "i", "s", "b", "e", "f", "__proto__", "constructor", "toString", "id", "", "S"),
  fc.constantFrom("e[a]", "e[a][b]", "e[__proto__][x]", "e[", "e[]", "e]a[", `e${"[a]".repeat(50)}`, "e[constructor]"),
  fc.constantFrom("s".repeat(900), "\uD800", "\u0000", "n\r\n", "n;m", "%00"),
  fc.string({ unit: "binary", maxLength: 8 }),
);
const texts = fc.oneof(
  fc.constantFrom("1e999", "-0", "9".repeat(400), "NaN", "Infinity", "0x1", "1_0", "1e-999", "٣", "9007199254740993"),
  fc.constantFrom("\u0000", "\uFFFD", "\uD800", "\uDC00x", "\u202E", "a".repeat(900), "🌷".repeat(30), "a", "abc"),
  fc.constantFrom(
    "true",
    "[1]",
    "{}",
    '{"a":1}',
    "null",
    "[[[[",
    "%",
    "%ff",
    "+",
    "1|2|3",
    "1,2,,3",
    "a,1,b",
    ";id=1",
    "1",
  ),
  fc.double().map(String),
  fc.string({ unit: "binary", maxLength: 30 }),
);
/** Escaped, badly escaped, or not at all. */
const pieces = fc.oneof(
  texts.map(escaped),
  texts.map((text) => text.replace(/[#\s]/g, "")),
  fc.constantFrom("%", "%zz", "%ff%fe", "%00", "..", "%2e%2e%2f", "a%20b", "%ed%a0%80", "%c0%af", "%", "%2"),
);
const badly = fc
  .array(fc.tuple(names, pieces), { maxLength: 12 })
  .map((pairs) => pairs.map(([name, value]) => `${escaped(name)}=${value}`).join("&"));
/** Some of it is as it should be: the faults are elsewhere then. */
const query = fc.oneof(
  { weight: 3, arbitrary: badly },
  { weight: 1, arbitrary: fc.constantFrom("s=abc", "s=abc&n=1.5&i=1&i=2", "n=1", "n=1|2", "", "e[a]=1", "b=1") },
);
const places = ["things", "any", "deep", "files", "whole", "styles/1"].map((name) => `/h/v1/${name}`);
const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...places) },
  { weight: 1, arbitrary: fc.constantFrom("/h/v1/things/", "/livez", "/readyz", "/", "//", "/h/v1", "/h/v1/%2e%2e/x") },
  { weight: 1, arbitrary: pieces.map((piece) => `/h/v1/things/${piece}`) },
  { weight: 1, arbitrary: pieces.map((piece) => `/h/v1/styles/${piece}`) },
  { weight: 1, arbitrary: pieces.map((piece) => `/${piece}`) },
);

const objects = fc
  .dictionary(names, fc.oneof(fc.jsonValue(), texts), { maxKeys: 6 })
  .map((value) => JSON.stringify(value));
const nesting = fc
  .tuple(fc.integer({ min: 1, max: 300 }), fc.constantFrom(["[", "]"], ['{"s":', "}"], ['{"left":', "}"]))
  .map(([depth, [open = "", close = ""]]) => `{"s": ${open.repeat(depth)}1${close.repeat(depth)}}`);
const json = fc.oneof(
  objects,
  nesting,
  fc.json(),
  fc.constantFrom('{"__proto__":{"polluted":1}}', '{"s":1,"s":2}', "[1e999]", '{"n":-0}', "\uFEFF{}", "{'a':1}", "nul"),
  fc.constantFrom('{"s":{"__proto__":{"polluted":1}}}', '{"constructor":{"prototype":{"polluted":1}}}', '"\\ud800"'),
);

const heads = fc.oneof(
  names.map((name) => `Content-Disposition: form-data; name="${name}"`),
  fc.tuple(names, texts).map(([name, file]) => `content-disposition: form-data; name="${name}"; filename="${file}"`),
  names.map((name) => `Content-Disposition: form-data; name=${name}; filename*=UTF-8''%zz`),
  fc.constantFrom("", "Content-Disposition", "Content-Disposition: attachment", "X: y", "Content-Type: text/plain"),
  names.map((name) => `Content-Disposition: form-data; name="${name}"\r\nContent-Type: application/json`),
  fc.constantFrom("f", "s").map((name) => `Content-Disposition: form-data; name="${name}"; filename="a.txt"`),
);
const parts = fc
  .tuple(
    fc.array(fc.tuple(heads, texts), { maxLength: 4 }),
    fc.constantFrom("--x--\r\n", "--x--", "", "--x", "--x\r\n", "--", "--y--"),
    fc.constantFrom("", "", "", "\r\n", "preamble\r\n"),
    fc.constantFrom("\r\n", "\r\n", "\r\n", "\n"),
  )
  .map(
    ([all, end, start, line]) =>
      start + all.map(([head, value]) => ["--x", head, "", value, ""].join(line)).join("") + end,
  );

const body = fc.oneof(
  json,
  query,
  parts,
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.uint8Array({ maxLength: 2 * maxBodyBytes }).map((bytes) => Uint8Array.from(bytes)),
);
const matching = fc.oneof(
  fc.tuple(json, fc.constant("application/json")),
  fc.tuple(query, fc.constant("application/x-www-form-urlencoded")),
  fc.tuple(parts, fc.constantFrom("multipart/form-data; boundary=x", 'multipart/form-data; boundary="x"')),
);
const types = fc.constantFrom(
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "multipart/form-data",
  "multipart/form-data; boundary=",
  `multipart/form-data; boundary=${"x".repeat(300)}`,
  "multipart/mixed; boundary=x",
  "text/plain",
  "application/json; charset=x",
  "application/json; charset=utf-16",
  "APPLICATION/JSON;",
  ";",
  "__proto__",
  "application/json, text/plain",
  "",
);
const method = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("GET", "POST", "POST") },
  { weight: 1, arbitrary: fc.constantFrom("HEAD", "OPTIONS", "PUT", "DELETE", "PURGE") },
);
const headers = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { "x-h": "1, 2,x" },
      { "x-request-id": "\tx y" },
      { "content-encoding": "gzip" },
      { traceparent: "00-zz" },
      { accept: "text/html", "accept-encoding": "gzip;q=x" },
      { "x-h": "9".repeat(2000) },
    ),
  },
);

/** Requests that nobody means well with. */
export const requests = fc
  .tuple(method, path, query, fc.oneof(matching, matching, fc.tuple(body, types)), headers)
  .map(([verb, where, asked, [sent, type], more]) => {
    const carries = verb === "POST" || verb === "PUT";
    return new Request(`http://localhost${where}?${asked}`, {
      method: verb,
      headers: { ...more, ...(carries && { "content-type": type }) },
      ...(carries && { body: sent }),
    });
  });

/**
 * Sends a request and checks that the answer is one that an API may give.
 *
 * @param request The request.
 *
 * @returns The status.
 */
export async function judge(request: Request): Promise<number> {
  const { method: verb } = request;
  const response = await api.fetch(request);
  const { status } = response;
  const text = await response.text();
  if (response.status >= 400 && !/^[A-Za-z0-9._-]{1,128}$/.test(response.headers.get("x-request-id") ?? ""))
    expect.fail("no request id");
  if (text.length > 100_000) expect.fail(`${text.length} characters`);
  if (status === 200 || status === 204) {
    if (status === 200 && verb !== "HEAD") JSON.parse(text);
    return status;
  }
  if (status < 400 || status >= 500) expect.fail(`${status}: ${text}`);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  if (verb === "HEAD") return status;
  const problem = JSON.parse(text) as Record<string, unknown>;
  expect(problem).toMatchObject({ type: "about:blank", status });
  for (const key of ["title", "detail", "code", "request_id"]) expect(typeof problem[key]).toBe("string");
  const faults = (problem.errors ?? []) as Record<string, unknown>[];
  if (status === 400 && (faults.length === 0 || faults.length > 100)) expect.fail(`${faults.length} faults: ${text}`);
  for (const { in: place, name, message } of faults) {
    expect(["query", "path", "header", "body"]).toContain(place);
    expect([typeof name, typeof message]).toEqual(["string", "string"]);
    expect((name as string).length).toBeLessThanOrEqual(200);
  }
  return status;
}

/** A lone half of a surrogate pair cannot be escaped, and is sent as it is. */
function escaped(text: string): string {
  return /[\uD800-\uDFFF]/.test(text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, ""))
    ? text.replace(/[#&\s]/g, "")
    : encodeURIComponent(text);
}
