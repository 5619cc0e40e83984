import { once } from "node:events";
import { request as httpRequest } from "node:http";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { serve } from "../../../../runtimes/node.ts";
import { defineModel, type Launchpad } from "../../../../src/index.ts";
import { project } from "../../../support/project.ts";

const model = defineModel({
  train: () => 2,
  test: () => ({}),
  predict: (times: number, { x }: { x: number }) => {
    if (x === 13) throw new Error("secret of the model");
    return { y: times * x };
  },
  input: v.object({ x: v.number(), note: v.optional(v.string()) }),
});

async function opened(api: object = {}): Promise<Launchpad> {
  const { launchpad } = project(model, { api: { name: "sum", ...api } });
  await launchpad.train();
  return launchpad;
}

const post = (launchpad: Launchpad, body: BodyInit, type = "application/x-ndjson", headers: object = {}) =>
  launchpad.fetch(
    new Request("http://localhost/sum/v1/predictions:batch", {
      method: "POST",
      headers: { "content-type": type, ...headers },
      body,
      duplex: "half",
    } as RequestInit),
  );

const linesOf = async (response: Response) =>
  (await response.text())
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe("POST <resource>:batch", () => {
  it("answers JSON Lines row by row, a fault in its place", async () => {
    const body = '{"x":1}\n\n{"x":"a"}\n{"x":13}\n[1]\n{"x":\n{"x":4}';
    const response = await post(await opened(), body);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const answers = await linesOf(response);
    expect(answers).toMatchObject([
      { y: 2 },
      { error: { code: "ARGUMENTS_INVALID", status: 400, detail: expect.stringContaining("found an empty line") } },
      { error: { code: "ARGUMENTS_INVALID", errors: [{ name: "x" }] } },
      { error: { code: "PREDICT_FAILED", status: 500 } },
      { error: { code: "ARGUMENTS_INVALID" } },
      { error: { code: "ARGUMENTS_INVALID", detail: expect.stringContaining("no JSON") } },
      { y: 8 },
    ]);
    expect(JSON.stringify(answers)).not.toContain("secret");
  });

  it("answers an array with an array", async () => {
    const launchpad = await opened();
    const answer = async (body: string) => {
      const response = await post(launchpad, body, "application/json; charset=utf-8");
      return JSON.parse(await response.text());
    };
    expect(await answer('[{"x":1}, {"x":"a"}, {"x":3}]')).toMatchObject([{ y: 2 }, { error: {} }, { y: 6 }]);
    expect(await answer("[]")).toEqual([]);
    // A row is one when its end is there.
    expect(await answer('[{"x":1},{"x":2}')).toMatchObject([{ y: 2 }, { error: { code: "ARGUMENTS_INVALID" } }]);
    expect(await answer('{"x":1}')).toMatchObject([
      { error: { detail: expect.stringContaining("an array of objects expected") } },
    ]);
    const many = Array.from({ length: 3000 }, (_, x) => ({ x: x + 100 }));
    expect(await answer(JSON.stringify(many))).toEqual(many.map(({ x }) => ({ y: 2 * x })));
  });

  it("keeps its limits, of rows, bytes and one row, and says which", async () => {
    const rows = await linesOf(await post(await opened({ max_batch_rows: 2 }), '{"x":1}\n{"x":2}\n{"x":3}\n'));
    expect(rows.at(-1)).toMatchObject({
      error: { code: "BODY_TOO_LARGE", detail: expect.stringContaining("at most 2 rows") },
    });
    const launchpad = await opened({ max_batch_bytes: 20, max_body_bytes: 100 });
    expect((await post(launchpad, '{"x":1}\n', undefined, { "content-length": "1000" })).status).toBe(413);
    const long = await linesOf(await post(await opened({ max_body_bytes: 100 }), `{"x":1,"note":"${"n".repeat(200)}`));
    expect(long.at(-1)).toMatchObject({ error: { code: "BODY_TOO_LARGE" } });
  });

  it("refuses other methods, types and what is not UTF-8", async () => {
    const launchpad = await opened();
    expect((await post(launchpad, "x", "text/csv")).status).toBe(415);
    const get = await launchpad.fetch(new Request("http://localhost/sum/v1/predictions:batch"));
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
    const bytes = new Uint8Array([...new TextEncoder().encode('{"x":1}\n'), 0xff, 10]);
    expect(await linesOf(await post(launchpad, bytes))).toMatchObject([
      { error: { detail: expect.stringContaining("UTF-8") } },
    ]);
  });

  it("reads no more than its answers are taken, and stops when nobody takes them", async () => {
    let sent = 0;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          sent += 1;
          controller.enqueue(new TextEncoder().encode('{"x":1}\n'.repeat(600)));
        },
        cancel() {
          cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    const response = await post(await opened(), body);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toBeLessThan(6);
    await reader.cancel();
    expect(cancelled).toBe(true);
  });

  it("answers over a connection while the caller still sends", async () => {
    const launchpad = await opened();
    const server = await serve((request) => launchpad.fetch(request), { host: "127.0.0.1", port: 0 });
    try {
      const url = new URL("/sum/v1/predictions:batch", server.url);
      const sending = httpRequest(url, { method: "POST", headers: { "content-type": "application/x-ndjson" } });
      sending.write('{"x":1}\n');
      const [response] = await once(sending, "response");
      let got = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        got += text;
      });
      await expect.poll(() => got).toBe('{"y":2}\n');
      sending.write('{"x":2}\n');
      await expect.poll(() => got).toBe('{"y":2}\n{"y":4}\n');
      sending.end('{"x":3}');
      await once(response, "end");
      expect(got).toBe('{"y":2}\n{"y":4}\n{"y":6}\n');
    } finally {
      await server.close(0);
    }
  });
});
