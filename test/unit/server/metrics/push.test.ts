import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createLogger } from "../../../../src/log.ts";
import { createMetrics } from "../../../../src/server/metrics/metrics.ts";
import { createPush } from "../../../../src/server/metrics/push.ts";

interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const received: Received[] = [];
let status = 204;
const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (text) => {
    body += text;
  });
  request.on("end", () => {
    received.push({ url: request.url ?? "", headers: request.headers, body });
    response.writeHead(status).end();
  });
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => void server.close(resolve)));
afterEach(() => {
  received.length = 0;
  status = 204;
});

function pushed(interval: number, path = "/import/{instance}", port = (server.address() as AddressInfo).port) {
  const lines: string[] = [];
  const tasks: Promise<unknown>[] = [];
  const metrics = createMetrics(() => undefined);
  const push = createPush(async (labels) => metrics.text(labels), {
    url: `http://user:tiger@127.0.0.1:${port}${path}`.replace("user:tiger@", ""),
    token: "a-token",
    interval,
    now: Date.now,
    log: createLogger((level, _, message) => lines.push(`${level} ${message}`)),
  });
  const ask = (times: number) => {
    for (let i = 0; i < times; i++) {
      metrics.started();
      metrics.finished("/a", "GET", 200, 1);
      push({ waitUntil: (task) => void tasks.push(task) });
    }
  };
  return { ask, lines, tasks, settle: () => Promise.all(tasks.splice(0)) };
}

const count = ({ body }: Received) => /requests_total\{.*status="200".*\} (\d+)/.exec(body)?.[1];

describe("api.metrics.push", () => {
  it("sends the numbers of many requests at once, when the interval is over", async () => {
    const { ask, tasks, settle, lines } = pushed(0.05);
    ask(10);
    expect(tasks).toHaveLength(1);
    await settle();
    expect(received).toHaveLength(1);
    const [first] = received as [Received];
    expect(first.headers).toMatchObject({
      "content-type": "text/plain; version=0.0.4; charset=utf-8",
      authorization: "Bearer a-token",
    });
    const [, instance] = /^\/import\/([0-9a-f-]{36})$/.exec(first.url) ?? [];
    expect(count(first)).toBe("10");
    for (const line of first.body.split("\n").filter((text) => text && !text.startsWith("#"))) {
      expect(line).toContain(`instance="${instance}"`);
    }
    ask(5);
    await settle();
    expect(received.map(count)).toEqual(["10", "15"]);
    expect(received[1]?.url).toBe(first.url);
    expect(lines).toEqual([]);
  });

  it("does not keep many waiting", async () => {
    const { ask, settle } = pushed(0.3);
    ask(1000);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(received.map(count)).toEqual(["1000"]);
    await settle();
    // Nothing new: nothing is sent.
    expect(received).toHaveLength(1);
  });

  it("never fails, says once why it could not, and sends what it could not with the next", async () => {
    const { ask, lines, settle } = pushed(0.01);
    status = 500;
    ask(1);
    await settle();
    ask(1);
    await settle();
    status = 204;
    ask(1);
    await settle();
    expect(received.map(count)).toEqual(["1", "2", "3"]);
    expect(lines).toEqual([
      expect.stringMatching(
        /^warning metrics cannot be sent to 127\.0\.0\.1:\d+ \(api\.metrics\.push\): it answered 500$/,
      ),
      "info metrics can be sent again",
    ]);
  });

  it("does not mind that nobody listens", async () => {
    const { ask, lines, settle } = pushed(0.01, "/", 1);
    ask(1);
    await settle();
    expect(lines).toEqual([expect.stringMatching(/^warning metrics cannot be sent to 127\.0\.0\.1:1/)]);
  });
});
