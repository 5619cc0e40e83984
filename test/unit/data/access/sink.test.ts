import { describe, expect, it } from "vitest";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import { openSink } from "../../../support/entries.ts";
import { type TestHost, testHost } from "../../../support/host.ts";

const types = ["csv", "jsonl", "parquet"];

describe("a sink", () => {
  it.each(types)("of %s asks for the next frame only when the last one has been taken", async (type) => {
    let [taken, ahead] = [0, 0];
    let given = 0;
    const host: TestHost = {
      ...testHost(),
      places: {
        "slow:": () => ({
          stream: () => Promise.reject(new Error("write-only")),
          async write(data) {
            const reader = data.getReader();
            while (!(await reader.read()).done) {
              taken++;
              await new Promise((resolve) => setTimeout(resolve, 5));
              ahead = Math.max(ahead, given - taken);
            }
          },
        }),
      },
    };
    const frames = function* () {
      for (; given < 20; given++) yield createFrame({ a: [given], b: ["x"] });
    };
    const options = type === "parquet" ? { row_group_size: 1 } : {};
    const sink = await openSink({ type, path: "slow:x", options }, { host });
    await sink.write(frames());
    expect(given).toBe(20);
    expect(taken).toBeGreaterThanOrEqual(20);
    expect(ahead).toBeLessThanOrEqual(2);
  });
});
