import { describe, expect, it } from "vitest";
import { served } from "../../../support/served.ts";

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("api.timeout", () => {
  it("ends a prediction that ignores its signal, drops what comes later, and says so", async () => {
    let late = false;
    const { predict, logged } = await served({ timeout: 0.05 }, async () => {
      await sleep(200);
      late = true;
      return { late };
    });
    const before = performance.now();
    const response = await predict();
    expect(performance.now() - before).toBeLessThan(190);
    expect(response.status).toBe(504);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      status: 504,
      title: "Gateway Timeout",
      code: "TIMED_OUT",
      request_id: response.headers.get("x-request-id"),
    });
    expect(logged("launchpad.api")).toEqual([
      expect.stringMatching(/^error .*: no answer within 0\.05 seconds \(api\.timeout\)$/),
    ]);
    await sleep(250);
    expect(late).toBe(true);
    expect(logged("launchpad.api")).toHaveLength(1);
  });

  it("aborts the signal of the run", async () => {
    let reason: unknown;
    const { predict } = await served(
      { timeout: 0.05 },
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            reason = signal.reason;
            reject(new Error("given up"));
          });
        }),
    );
    expect((await predict()).status).toBe(504);
    expect(reason).toMatchObject({ code: "TIMED_OUT" });
  });

  it("covers a body that does not arrive", async () => {
    const { ask } = await served({ timeout: 0.05 });
    const response = await ask("/iris/v1/predictions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: new ReadableStream({ pull: () => new Promise(() => {}) }),
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(504);
  });

  it("leaves what is in time, and the signal of what follows, alone", async () => {
    const signals: AbortSignal[] = [];
    const { predict } = await served({ timeout: 0.1 }, async (args, { signal }) => {
      signals.push(signal);
      await sleep(20);
      return args;
    });
    for (const x of [1, 2, 3]) expect(await (await predict({ x })).json()).toEqual({ x });
    await sleep(150);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false]);
  });

  it.each([0, -1, "soon", 1e9])("is no number of seconds: %s", async (timeout) => {
    await expect(served({ timeout })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/api\.timeout: found .*, expected a number of seconds from 0\.001 to 2147483/),
    });
  });
});
