import { describe, expect, it } from "vitest";
import { mergeMetrics } from "../../runtimes/cli/workers/merge-metrics.ts";
import { createMetrics } from "../../src/server/metrics/metrics.ts";

const about = { name: "means", version: "1.0.0", run: "a" };

function numbers(seconds: readonly number[], loadedAt = 1, run = "a"): string {
  const metrics = createMetrics(() => ({ ...about, run, loadedAt }));
  for (const second of seconds) {
    metrics.started();
    metrics.finished("/means/v1/x", "GET", 200, second * 1000);
  }
  metrics.started();
  metrics.failed('/means/v1/"x" y', "PREDICT_FAILED");
  return metrics.text();
}

describe("the numbers of workers", () => {
  it("are those that one process would have counted, where they can be added", () => {
    const one = numbers([0.002, 0.2, 7], 3).replace(/in_flight 1\n/, "in_flight 2\n");
    const both = mergeMetrics([numbers([0.002, 7], 3), numbers([0.2], 2)]);
    expect(both).toBe(one.replace(/(errors_total\{.*\}) 1\n/, "$1 2\n"));
  });

  it("are those of one, if there is one", () => {
    expect(mergeMetrics([numbers([0.1])])).toBe(numbers([0.1]));
    expect(mergeMetrics(["", numbers([0.1]), ""])).toBe(numbers([0.1]));
  });

  it("show every model that serves", () => {
    expect(
      mergeMetrics([numbers([], 1, "a"), numbers([], 2, "b")]).match(/launchpad_model_info\{.*run="."\} 1/g),
    ).toHaveLength(2);
  });

  it("of a process that is gone are those that only grow", () => {
    const gone = mergeMetrics([numbers([0.1])], true);
    expect(gone).toContain('launchpad_http_requests_total{route="/means/v1/x",method="GET",status="200"} 1\n');
    expect(gone).toContain('_bucket{route="/means/v1/x",method="GET",le="+Inf"} 1\n');
    expect(gone).not.toMatch(/in_flight|model|build/);
  });
});
