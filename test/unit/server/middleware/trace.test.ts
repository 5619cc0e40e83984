import { describe, expect, it } from "vitest";
import { served } from "../../../support/served.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parent = "00f067aa0ba902b7";
const valid = `00-${traceId}-${parent}-01`;

describe("W3C Trace Context", () => {
  it("goes on with a span of its own, to the caller, to the model and to the log", async () => {
    const { predict, logged, host } = await served({ access_log: true }, (_, { trace }) => ({ trace }));
    const response = await predict({}, { traceparent: valid, tracestate: "vendor=1,other=2" });
    const { trace } = (await response.json()) as { trace: Record<string, string> };
    const [, span] = /^00-4bf92f3577b34da6a3ce929d0e0e4736-([0-9a-f]{16})-01$/.exec(trace.traceparent ?? "") ?? [];
    expect(span).not.toBe(parent);
    expect(trace.tracestate).toBe("vendor=1,other=2");
    expect(response.headers.get("traceresponse")).toBe(trace.traceparent);
    expect(logged("launchpad.access")).toHaveLength(1);
    expect(host.records.at(-1)?.properties.trace_id).toBe(traceId);
  });

  it("is in the log of an error, and in its response", async () => {
    const { predict, host } = await served({}, () => {
      throw new Error("inside");
    });
    const response = await predict({}, { traceparent: valid });
    expect([response.status, response.headers.get("traceresponse")?.slice(0, 36)]).toEqual([500, valid.slice(0, 36)]);
    expect(host.records.at(-1)?.properties.trace_id).toBe(traceId);
  });

  it.each([
    ["a later version", `01-${traceId}-${parent}-01`, "01"],
    ["more of a later version", `cc-${traceId}-${parent}-01-what-the-future-brings`, "01"],
    ["flags of a later version", `cc-${traceId}-${parent}-fe`, "00"],
    ["a trace that is not recorded", `00-${traceId}-${parent}-00`, "00"],
    ["other flags", `00-${traceId}-${parent}-03`, "03"],
  ])("takes %s", async (_, traceparent, flags) => {
    const { predict } = await served();
    const response = await predict({}, { traceparent });
    expect(response.headers.get("traceresponse")).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-${flags}$`));
  });

  it.each([
    ["nothing", undefined],
    ["an empty one", ""],
    ["version ff", `ff-${traceId}-${parent}-01`],
    ["zeros for a trace", `00-${"0".repeat(32)}-${parent}-01`],
    ["zeros for a parent", `00-${traceId}-${"0".repeat(16)}-01`],
    ["more behind version 00", `${valid}-more`],
    ["more behind a later version, without a dash", `cc-${traceId}-${parent}-01.more`],
    ["capitals", valid.toUpperCase()],
    ["another length", `00-${traceId}0-${parent}-01`],
    ["two", `${valid}, ${valid}`],
    ["text", "hello"],
  ])("ignores %s", async (_, traceparent) => {
    const { predict } = await served({}, (_, { trace }) => ({ trace }));
    const response = await predict({}, { tracestate: "a=1", ...(traceparent !== undefined && { traceparent }) });
    expect(await response.json()).toEqual({ trace: {} });
    expect(response.headers.get("traceresponse")).toBeNull();
  });

  it("has a new span for each request", async () => {
    const { predict } = await served();
    const spans = new Set<string | null>();
    for (let i = 0; i < 20; i++) {
      spans.add((await predict({}, { traceparent: valid })).headers.get("traceresponse"));
    }
    expect(spans.size).toBe(20);
  });
});
