import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { silentLogger } from "../../src/log.ts";
import { createApi } from "../../src/server/handler.ts";
import { judge, requests } from "../support/hostile.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const heap = () => {
  collect();
  return process.memoryUsage().heapUsed;
};
const MiB = 2 ** 20;

describe("a hundred thousand hostile requests", () => {
  it("get an answer each, never a 5xx; every error is a well-formed problem; the memory stays what it was", async () => {
    const counts = new Map<number, number>();
    const send = async (request: Request) => {
      const status = await judge(request);
      counts.set(status, (counts.get(status) ?? 0) + 1);
    };
    let sent = 0;
    /** Not in one go: fast-check keeps what it made until the end. */
    const batch = async (size: number) => {
      await fc.assert(fc.asyncProperty(requests, send), { numRuns: size });
      sent += size;
    };
    await batch(10_000);
    const before = heap();
    for (let round = 0; round < 10; round++) await batch(10_000);
    const growth = heap() - before;

    const all = [...counts].sort(([a], [b]) => a - b);
    console.log(
      `${sent} hostile requests: ${all.map(([status, count]) => `${count} × ${status}`).join(", ")}; ` +
        `the heap grew by ${(growth / MiB).toFixed(1)} MiB`,
    );
    expect(all.map(([status]) => status)).toEqual([200, 204, 400, 404, 405, 413, 415]);
    expect(counts.get(200)).toBeGreaterThan(sent / 50);
    expect(growth).toBeLessThan(20 * MiB);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  }, 300_000);
});

describe("a hostile body as large as a body may be", () => {
  const size = 10 * MiB;
  const fill = (piece: string) => piece.repeat(Math.floor(size / piece.length));
  const api = createApi({
    definition: {
      title: "large",
      version: "v1",
      resources: [
        {
          path: "/n",
          methods: ["POST"],
          additional: false,
          parameters: [
            { name: "a", in: "query", required: false, schema: { type: "array", items: { type: "number" } } },
            {
              name: "u",
              in: "body",
              required: false,
              schema: { type: "array", uniqueItems: true, items: { anyOf: [{ type: "number" }, { type: "array" }] } },
            },
          ],
        },
      ],
    },
    basePath: "",
    predict: () => ({}),
    ready: async () => {},
    log: silentLogger,
  });
  const json = "application/json";
  const form = "application/x-www-form-urlencoded";
  const multipart = "multipart/form-data; boundary=x";
  const part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n';

  it.each<[string, string, string]>([
    ["lists in lists", json, fill("[")],
    ["lists in lists, closed", json, `${"[".repeat(size / 2 - 8)}${"]".repeat(size / 2 - 8)}`],
    ["objects in objects", json, fill('{"a":')],
    ["millions of faults", json, `{"a":[${fill('"x",').slice(0, -12)}"x"]}`],
    ["millions of lists", json, `{"u":[${fill("[],").slice(0, -9)}[]]}`],
    ["millions of unknown names", json, `{${Array.from({ length: 500_000 }, (_, index) => `"n${index}":1`).join()}}`],
    ["one long text", json, `{"a":"${fill("9").slice(9)}"}`],
    ["one long number", json, `{"a":${fill("9").slice(9)}}`],
    ["escapes", json, `{"a":"${fill("\\u0000").slice(12)}"}`],
    ["millions of fields", form, fill("a=1&")],
    ["no fields", form, fill("&")],
    ["one long field", form, `a=${fill("%31").slice(9)}`],
    ["many parts", multipart, `${fill(part)}--x--`.slice(-size)],
    ["boundaries", multipart, fill("--x\r\n")],
    ["one long part", multipart, `${part.slice(0, -3)}${fill("\r\n--").slice(200)}\r\n--x--`],
  ])("is refused, or answered, in time: %s", async (_, type, body) => {
    const started = performance.now();
    const response = await api.fetch(
      new Request("http://localhost/n", { method: "POST", body, headers: { "content-type": type } }),
    );
    expect([200, 400]).toContain(response.status);
    expect((await response.text()).length).toBeLessThan(100_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it("takes no more room when it comes in pieces of a byte", async () => {
    const before = heap();
    let most = 0;
    let left = 2 * MiB;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (left-- === 0) controller.close();
          else controller.enqueue(new Uint8Array([0x20]));
          if (left % 500_000 === 0) most = Math.max(most, heap() - before);
        },
      },
      { highWaterMark: 0 },
    );
    const init = { method: "POST", body, duplex: "half", headers: { "content-type": json } };
    const response = await api.fetch(new Request("http://localhost/n", init as RequestInit));
    expect(response.status).toBe(400);
    expect(most).toBeLessThan(20 * MiB);
  });
});
