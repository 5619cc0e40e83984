import { gunzipSync, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createCompression } from "../../../../src/server/middleware/compression.ts";
import { served } from "../../../support/served.ts";

const long = { text: "setosa ".repeat(500) };
const accepting = (encoding: string) => ({ "accept-encoding": encoding });
const bytes = async (response: Response) => new Uint8Array(await response.arrayBuffer());

describe("api.compression", () => {
  it("is off unless it is asked for", async () => {
    for (const api of [{}, { compression: false }]) {
      const response = await (await served(api)).predict(long, accepting("gzip"));
      expect([response.headers.get("content-encoding"), response.headers.get("vary")]).toEqual([null, null]);
    }
  });

  it("compresses what is worth it, to what the client accepts", async () => {
    const { predict } = await served({ compression: true }, () => long);
    const plain = JSON.stringify(long);
    for (const [accepted, encoding, decode] of [
      ["gzip", "gzip", gunzipSync],
      ["gzip, deflate, br", "gzip", gunzipSync],
      ["GZIP", "gzip", gunzipSync],
      ["deflate", "deflate", inflateSync],
      ["gzip;q=0.5, deflate;q=0.8", "deflate", inflateSync],
      ["gzip;q=0, *", "deflate", inflateSync],
      ["br, *;q=0.1", "gzip", gunzipSync],
      ["identity;q=0.5, gzip", "gzip", gunzipSync],
    ] as const) {
      const response = await predict({}, accepting(accepted));
      expect([accepted, response.headers.get("content-encoding"), response.headers.get("vary")]).toEqual([
        accepted,
        encoding,
        "Accept-Encoding",
      ]);
      const body = await bytes(response);
      expect(body.length).toBeLessThan(plain.length / 10);
      expect(decode(body).toString()).toBe(plain);
    }
  });

  it("leaves it as it is for those who accept nothing else, and says that it depends", async () => {
    const { predict } = await served({ compression: true }, () => long);
    for (const accepted of [
      "br",
      "identity",
      "gzip;q=0",
      "*;q=0",
      "gzip;q=0.2, identity",
      "",
      "gzip;q=0, deflate;q=0.0",
    ]) {
      const response = await predict({}, accepting(accepted));
      expect([accepted, response.headers.get("content-encoding")]).toEqual([accepted, null]);
      expect(response.headers.get("vary")).toBe("Accept-Encoding");
      expect(await response.json()).toEqual(long);
    }
  });

  it("leaves small responses as they are", async () => {
    const { predict } = await served({ compression: true }, ({ length }) => "x".repeat(Number(length) - 2));
    for (const [length, encoding] of [
      [2, null],
      [1023, null],
      [1024, "gzip"],
    ] as const) {
      const response = await predict({ length }, accepting("gzip"));
      expect([length, response.headers.get("content-encoding")]).toEqual([length, encoding]);
      const body = await bytes(response);
      expect((encoding ? gunzipSync(body) : body).length).toBe(length);
    }
    const all = await served({ compression: { threshold: 0 } });
    expect((await all.predict({}, accepting("gzip"))).headers.get("content-encoding")).toBe("gzip");
  });

  it("compresses problems, and answers HEAD as GET", async () => {
    const { ask } = await served({ compression: { threshold: 10 } });
    const problem = await ask("/nothing", { headers: accepting("gzip") });
    expect([problem.status, problem.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    expect(JSON.parse(gunzipSync(await bytes(problem)).toString())).toMatchObject({ code: "NOT_FOUND" });
    for (const method of ["GET", "HEAD"]) {
      const { headers, status } = await ask("/livez", { method, headers: accepting("gzip") });
      expect([status, headers.get("content-encoding"), headers.get("vary")]).toEqual([200, "gzip", "Accept-Encoding"]);
    }
    expect((await bytes(await ask("/livez", { method: "HEAD", headers: accepting("gzip") }))).length).toBe(0);
  });

  it("adds to what a response depends on already", async () => {
    const { predict } = await served({ compression: true, cors: "https://app.example.com" }, () => long);
    expect((await predict({}, accepting("gzip"))).headers.get("vary")).toBe("Origin, Accept-Encoding");
  });

  const compress = createCompression(10);
  const text = "x".repeat(100);
  const compressed = (headers: Record<string, string>, status = 200) =>
    compress(new Request("http://x/", { headers: accepting("gzip") }), new Response(text, { status, headers }));

  it("makes a strong tag a weak one, since the bytes are others", async () => {
    for (const [tag, expected] of [
      ['"a"', 'W/"a"'],
      ['W/"a"', 'W/"a"'],
    ] as const) {
      const response = await compressed({ "content-type": "text/html", etag: tag, "content-length": "100" });
      expect(response.headers.get("etag")).toBe(expected);
      expect(response.headers.get("content-length")).toBeNull();
      expect(gunzipSync(await bytes(response)).toString()).toBe(text);
    }
  });

  it.each([
    ["an image", { "content-type": "image/png" }, 200],
    ["what is compressed already", { "content-type": "text/plain", "content-encoding": "br" }, 200],
    ["what must not be changed", { "content-type": "text/plain", "cache-control": "public, no-transform" }, 200],
    ["a part", { "content-type": "text/plain" }, 206],
    ["events", { "content-type": "text/event-stream" }, 200],
  ])("leaves %s as it is", async (_, headers, status) => {
    const response = await compressed(headers, status);
    expect(response.headers.get("vary")).toBeNull();
    expect(await response.text()).toBe(text);
  });

  it("passes a body on while it comes, and its end when nobody reads on", async () => {
    let pulled = 0;
    let cancelled = false;
    const body = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(crypto.getRandomValues(new Uint8Array(60_000)));
      },
      cancel() {
        cancelled = true;
      },
    });
    const response = await compress(
      new Request("http://x/", { headers: accepting("gzip") }),
      new Response(body, { headers: { "content-type": "text/csv" } }),
    );
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect((await reader.read()).value?.length).toBeGreaterThan(0);
    expect(pulled).toBeLessThan(20);
    await reader.cancel();
    await expect.poll(() => cancelled).toBe(true);
  });

  it.each([
    ["yes", /api\.compression: found "yes", expected true or false/],
    [{ threshold: -1 }, /api\.compression\.threshold: found the number -1, expected a number of bytes/],
    [{ level: 9 }, /api\.compression\.level: found .*, expected none but the keys threshold/],
  ])("refuses %j", async (compression, message) => {
    await expect(served({ compression })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(message),
    });
  });
});
