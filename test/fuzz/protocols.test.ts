import process from "node:process";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { irises } from "../support/irises.ts";

/** Requests at each protocol; `PROTOCOL_REQUESTS=100000` asks as often as anybody has patience for. */
const count = Number(process.env.PROTOCOL_REQUESTS ?? 3000);

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
};

const paths: readonly (readonly [string, keyof typeof bodies, readonly string[]])[] = [
  ["/v2/models/iris/infer", "oip", ["error"]],
  ["/v1/models/iris:predict", "rows", ["error"]],
  ["/invocations", "rows", ["error_code", "message"]],
  ["/endpoints/iris/invocations", "rows", ["__type", "message", "Message"]],
  ["/predict", "rows", ["error"]],
  ["/bigquery/iris", "rows", ["errorMessage"]],
  ["/snowflake/iris", "rows", ["error"]],
];

const rarely = <T>(one: fc.Arbitrary<T>) => fc.oneof({ arbitrary: fc.constant(null), weight: 7 }, one);
const types = ["application/json", "application/octet-stream", "text/csv", "application/jsonlines", "text/plain", ""];

it.each(paths)(
  "answers hostile requests at %s, each in the protocol's own form",
  async (path, kind, keys) => {
    const names = ["oip", "kserve-v1", "mlflow", "sagemaker", "vertex", "bigquery", "snowflake"];
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
        expect([response.headers.get("content-type"), Object.keys(JSON.parse(answer))]).toEqual([
          "application/json",
          keys,
        ]);
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
    expect([response.status, Object.keys(await response.json())]).toEqual([413, keys]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300_000_000);
    console.log(`${path}: ${count} requests`, Object.fromEntries([...statuses].sort()));
  },
  600_000,
);
