import * as openTelemetry from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterEach, describe, expect, it } from "vitest";
import { predictions, type Served, served } from "../../../support/served.ts";

const { trace, SpanKind, SpanStatusCode } = openTelemetry;
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parent = "00f067aa0ba902b7";
const traceparent = `00-${traceId}-${parent}-01`;
const installed = { openTelemetry: async () => openTelemetry };

afterEach(() => trace.disable());

function setUp(): () => Record<string, ReadableSpan> {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  return () => Object.fromEntries(exporter.getFinishedSpans().map((span) => [span.name, span]));
}

describe("OpenTelemetry", () => {
  it("gets a span of the request, and one of the prediction below it", async () => {
    const spans = setUp();
    const { predict, launchpad } = await served({}, async (_, run) => ({ trace: run.trace }), installed);
    const response = await predict({}, { traceparent, "x-request-id": "id-1" });
    const { [`POST ${predictions}`]: request, "predict iris": prediction } = spans();
    expect(request).toMatchObject({
      kind: SpanKind.SERVER,
      parentSpanContext: { traceId, spanId: parent },
      attributes: {
        "http.request.method": "POST",
        "http.route": predictions,
        "http.response.status_code": 200,
        "url.path": predictions,
        "url.scheme": "http",
        "server.address": "127.0.0.1",
        "server.port": 5000,
        "launchpad.request_id": "id-1",
      },
      status: { code: SpanStatusCode.UNSET },
    });
    const { run } = (await launchpad.models()).iris?.["1.2.3"] ?? {};
    expect(prediction).toMatchObject({
      kind: SpanKind.INTERNAL,
      parentSpanContext: { traceId },
      attributes: { "launchpad.model.name": "iris", "launchpad.model.version": "1.2.3", "launchpad.model.run": run },
    });
    // What the caller and the model are told is what was recorded.
    expect(response.headers.get("traceresponse")).toBe(`00-${traceId}-${request?.spanContext().spanId}-01`);
    expect(await response.json()).toEqual({
      trace: { traceparent: `00-${traceId}-${prediction?.spanContext().spanId}-01` },
    });
  });

  it("starts a trace where the caller has none, and says what failed", async () => {
    const spans = setUp();
    const { predict, ask } = await served(
      {},
      () => {
        throw new RangeError("inside");
      },
      installed,
    );
    expect((await predict()).status).toBe(500);
    const { [`POST ${predictions}`]: request, "predict iris": prediction } = spans();
    expect(request?.parentSpanContext).toBeUndefined();
    for (const span of [request, prediction]) {
      expect(span).toMatchObject({
        status: { code: SpanStatusCode.ERROR },
        attributes: { "error.type": "PREDICT_FAILED" },
        events: [{ name: "exception" }],
      });
    }
    expect((await ask("/nothing?token=tiger")).status).toBe(404);
    expect(spans()["GET unknown"]).toMatchObject({ status: { code: SpanStatusCode.UNSET } });
    expect(JSON.stringify(spans()["GET unknown"]?.attributes)).not.toContain("tiger");
  });

  const asks = async ({ predict }: Served) => {
    const response = await predict({}, { traceparent });
    return [response.status, response.headers.get("traceresponse")?.slice(0, 36)];
  };

  it("is not needed: the trace goes on with or without an SDK, or the package", async () => {
    const expected = [200, traceparent.slice(0, 36)];
    expect(await asks(await served({}, undefined, installed))).toEqual(expected);
    expect(await asks(await served({}, undefined, { openTelemetry: async () => undefined }))).toEqual(expected);
  });

  it("begins when the SDK is set up, however late", async () => {
    const api = await served({}, undefined, installed);
    await asks(api);
    const spans = setUp();
    await asks(api);
    expect(Object.keys(spans()).sort()).toEqual([`POST ${predictions}`, "predict iris"].sort());
  });
});
