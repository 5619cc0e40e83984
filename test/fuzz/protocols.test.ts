import process from "node:process";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { protocols } from "../../src/server/protocols/table.ts";
import { irises } from "../support/irises.ts";

/** Requests at each protocol; `PROTOCOL_REQUESTS=100000` asks as often as anybody has patience for. */
const count = Number(process.env.PROTOCOL_REQUESTS ?? 1500);

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(-1, 0, 1, 2 ** 53, 1e308, -0, "", "NaN", null, true, [], {}, [[]], [[1], [1, 2]], { data: [] }),
  fc.constantFrom("__proto__", "constructor", "iris", "length", "FP64"),
);
const size = fc.oneof(fc.integer({ min: -2, max: 40 }), fc.constantFrom(2 ** 31, 2 ** 53, 1e308, 0.5, "8", null));
const tensor = fc.record(
  {
    name: fc.oneof(fc.constantFrom("length", "width", "count", "x", "__proto__"), odd),
    shape: fc.oneof(fc.array(fc.oneof(fc.nat(4), size), { maxLength: 4 }), odd),
    datatype: fc.oneof(fc.constantFrom("FP64", "FP16", "INT64", "UINT64", "BOOL", "BYTES", "UINT8", "BF16"), odd),
    parameters: fc.oneof(fc.record({ binary_data_size: size }), odd),
    data: fc.oneof(fc.array(fc.oneof(fc.double(), fc.integer(), fc.boolean(), fc.string()), { maxLength: 8 }), odd),
  },
  { requiredKeys: [] },
);
const bodies = {
  oip: fc.record(
    {
      id: odd,
      inputs: fc.oneof(fc.array(tensor, { maxLength: 4 }), odd),
      outputs: fc.oneof(
        fc.array(fc.record({ name: fc.oneof(fc.constantFrom("area", "nothing"), odd), parameters: odd })),
        odd,
      ),
      parameters: odd,
    },
    { requiredKeys: [] },
  ),
  rows: fc.dictionary(
    fc.constantFrom(
      "instances",
      "inputs",
      "dataframe_split",
      "dataframe_records",
      "params",
      "parameters",
      "calls",
      "data",
    ),
    fc.oneof(odd, fc.array(odd), fc.array(fc.array(odd)), fc.record({ columns: odd, data: fc.array(fc.array(odd)) })),
  ),
  rpc: fc.record(
    {
      jsonrpc: fc.oneof(fc.constant("2.0"), odd),
      id: odd,
      method: fc.oneof(fc.constantFrom("tools/call", "tools/list", "initialize", "ping", "server/discover"), odd),
      params: fc.oneof(fc.record({ name: odd, arguments: odd, _meta: odd, cursor: odd }, { requiredKeys: [] }), odd),
      result: odd,
    },
    { requiredKeys: [] },
  ),
};

/** Requests that are answered, by path: what comes of one change is mostly close to one that is. */
const petal = { length: 4, width: 2 };
const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "fuzz", version: "1" },
};
const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "iris", arguments: petal } };
const column = (name: string, data: number[]) => ({ name, shape: [data.length], datatype: "FP64", data });
const binary = (name: string) => ({ name, shape: [2, 1], datatype: "FP32", parameters: { binary_data_size: 8 } });

interface Valid {
  readonly body: unknown;
  /** Bytes after the JSON. */
  readonly tail?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

const floats = new Uint8Array(new Float32Array([4, 1, 2, 1.5]).buffer);
const valid: Readonly<Record<string, readonly Valid[]>> = {
  "/v2/models/iris/infer": [
    { body: { id: "1", inputs: [column("length", [4, 1]), column("width", [2, 1.5])], outputs: [{ name: "area" }] } },
    {
      body: {
        inputs: [
          {
            name: "x",
            shape: [2, 2],
            datatype: "FP64",
            data: [
              [4, 2],
              [1, 1.5],
            ],
          },
        ],
      },
    },
    { body: { inputs: [binary("length"), binary("width")], parameters: { binary_data_output: true } }, tail: floats },
  ],
  "/v1/models/iris:predict": [{ body: { instances: [petal, [4, 2]] } }],
  "/invocations": [
    { body: { dataframe_split: { columns: ["length", "width"], data: [[4, 2]] }, params: { count: 1 } } },
    { body: { dataframe_records: [petal] } },
    { body: { inputs: { length: [4, 1], width: [2, 1.5] } } },
  ],
  "/endpoints/iris/invocations": [{ body: petal }, { body: { instances: [petal] } }, { body: [petal, [1, 2]] }],
  "/predict": [{ body: { instances: [petal], parameters: { count: 2 } } }],
  "/bigquery/iris": [
    {
      body: {
        requestId: "1",
        calls: [
          [4, 2],
          [1, 1.5],
        ],
        userDefinedContext: { count: 1 },
      },
    },
  ],
  "/snowflake/iris": [
    {
      body: {
        data: [
          [0, 4, 2],
          [1, 1, 1.5],
        ],
      },
    },
  ],
  "/mcp": [
    { body: call },
    { body: { ...call, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {} } } },
    {
      body: { ...call, params: { ...call.params, _meta: meta } },
      headers: { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "iris" },
    },
  ],
};

type Container = Record<string | number, unknown>;

/** Places within JSON: what holds each, and under which key. */
function placesIn(value: unknown): [Container, string | number][] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Container;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key): [Container, string | number][] => [[holder, key], ...placesIn(holder[key])]);
}

const changes: readonly ((holder: Container, key: string | number, other: unknown) => void)[] = [
  (holder, key, other) => {
    holder[key] = other;
  },
  (holder, key) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  (holder, key) => {
    if (Array.isArray(holder)) holder.push(holder[Number(key)]);
    else holder[`${key}x`] = holder[key];
  },
  (holder, key) => {
    holder[key] = [holder[key]];
  },
  (holder, key) => {
    holder[key] = JSON.stringify(holder[key]);
  },
  (holder, key) => {
    const value = holder[key];
    holder[key] = typeof value === "number" ? -value : typeof value === "string" ? value.toUpperCase() : null;
  },
  () => {},
];

const paths: readonly (readonly [string, keyof typeof bodies, readonly string[]])[] = [
  ["/v2/models/iris/infer", "oip", ["error"]],
  ["/v1/models/iris:predict", "rows", ["error"]],
  ["/invocations", "rows", ["error_code", "message"]],
  ["/endpoints/iris/invocations", "rows", ["__type", "message", "Message"]],
  ["/predict", "rows", ["error"]],
  ["/bigquery/iris", "rows", ["errorMessage"]],
  ["/snowflake/iris", "rows", ["error"]],
  ["/mcp", "rpc", ["jsonrpc", "error"]],
];

/** The model itself fails where an area is no double any more. */
const withinDoubles = (_: string, value: unknown) =>
  typeof value === "number" && Math.abs(value) > 1e150 ? Math.sign(value) * 1e150 : value;

/** An error of JSON-RPC names the request, where that could be read. */
const keysOf = (text: string) => Object.keys(JSON.parse(text)).filter((key) => key !== "id");

const rarely = <T>(one: fc.Arbitrary<T>) => fc.oneof({ arbitrary: fc.constant(null), weight: 7 }, one);
const types = ["application/json", "application/octet-stream", "text/csv", "application/jsonlines", "text/plain", ""];

it.each(paths)(
  "answers hostile requests at %s, each in the protocol's own form",
  async (path, kind, keys) => {
    const names = protocols.map((one) => one.name);
    const server = await irises({ protocols: names, max_body_bytes: 200_000 });
    const statuses = new Map<number, number>();
    const hostile = fc.record({
      body: fc.oneof(
        { arbitrary: bodies[kind].map((one) => JSON.stringify(one)), weight: 6 },
        fc.string(),
        odd.map((one) => JSON.stringify(one)),
      ),
      extra: fc.uint8Array({ maxLength: 64 }),
      cut: rarely(fc.nat(200)),
      type: fc.oneof({ arbitrary: fc.constant("application/json"), weight: 5 }, fc.constantFrom(...types)),
      encoding: rarely(fc.constantFrom("gzip", "deflate", "br", "gzip, gzip")),
      header: fc.oneof(
        { arbitrary: fc.constant(undefined), weight: 3 },
        fc.constant("right"),
        fc.constantFrom("-1", "1e9", "0", "99999", "x", ""),
      ),
    });
    let before = 0;
    await fc.assert(
      fc.asyncProperty(hostile, async ({ body, extra, cut, type, encoding, header }) => {
        const text = new TextEncoder().encode(body);
        const withTail = header === undefined ? text : Buffer.concat([text, extra]);
        const packed = encoding === "gzip" ? gzipSync(withTail) : withTail;
        const response = await server.ask(path, {
          method: "POST",
          body: new Uint8Array(packed.subarray(0, cut === null ? undefined : packed.length - cut)),
          headers: {
            ...(type && { "content-type": type }),
            ...(encoding !== null && { "content-encoding": encoding }),
            ...(header !== undefined && {
              "inference-header-content-length": header === "right" ? String(text.length) : header,
            }),
          },
        });
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        const answer = await response.text();
        expect(response.status).toBeLessThan(500);
        if (response.status === 200) return;
        if (response.status === 202) return;
        expect([response.headers.get("content-type"), keysOf(answer)]).toEqual(["application/json", keys]);
      }),
      { numRuns: count, endOnFailure: true },
    );
    // A bomb is a megabyte of gzip that would be a gigabyte.
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(100_000_000)));
    before = process.memoryUsage.rss();
    const response = await server.ask(path, {
      method: "POST",
      body: bomb,
      headers: { "content-encoding": "gzip", "content-type": "application/json" },
    });
    expect([response.status, keysOf(await response.text())]).toEqual([413, keys]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300_000_000);
    console.log(`${path}: ${count} requests`, Object.fromEntries([...statuses].sort()));
  },
  600_000,
);

it.each(paths)(
  "answers requests at %s that differ in one thing from one that is valid",
  async (path, _, keys) => {
    const server = await irises({ protocols: protocols.map((one) => one.name) });
    const statuses = new Map<number, number>();
    const changed = fc.record({
      which: fc.nat(20),
      at: fc.nat(100),
      change: fc.nat(changes.length - 1),
      other: odd,
      headerAt: rarely(fc.nat(5)),
      short: rarely(fc.integer({ min: -3, max: 3 })),
    });
    const some = valid[path] ?? [];
    await fc.assert(
      fc.asyncProperty(changed, async ({ which, at, change, other, headerAt, short }) => {
        const { body, tail, headers = {} } = some[which % some.length] ?? { body: null };
        const copy = structuredClone(body);
        const places = placesIn(copy);
        const [holder, key] = places[at % places.length] ?? [{}, ""];
        changes[change]?.(holder, key, other);
        const text = new TextEncoder().encode(JSON.stringify(copy, withinDoubles));
        const given = Object.entries(headers).filter((__, index) => index !== headerAt);
        const end = short !== null && short < 0 ? short : undefined;
        const response = await server.ask(path, {
          method: "POST",
          body: tail ? new Uint8Array(Buffer.concat([text, tail.subarray(0, end)])) : text,
          headers: {
            "content-type": tail ? "application/octet-stream" : "application/json",
            ...(tail && { "inference-header-content-length": String(text.length + Math.max(short ?? 0, 0)) }),
            ...Object.fromEntries(given),
          },
        });
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        const answer = await response.text();
        expect(response.status).toBeLessThan(500);
        if (response.status === 200 || response.status === 202) return;
        expect([response.headers.get("content-type"), keysOf(answer)]).toEqual(["application/json", keys]);
      }),
      { numRuns: count, endOnFailure: true },
    );
    console.log(`${path}: ${count} requests with one change`, Object.fromEntries([...statuses].sort()));
    // A part of them reaches the model.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(count / 20);
  },
  600_000,
);
