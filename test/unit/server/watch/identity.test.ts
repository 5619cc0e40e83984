import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as openTelemetry from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLaunchpad, defineModel } from "../../../../src/index.ts";
import { testHost } from "../../../support/host.ts";

const model = defineModel({
  train: () => ({}),
  test: () => ({}),
  predict(_, { x }, { log }) {
    log.info("thinking", { x });
    if (x === 13) throw new Error("unlucky");
    return { doubled: Number(x) * 2 };
  },
});

let folder = "";
const exporter = new InMemorySpanExporter();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-identity-"));
  openTelemetry.trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
});

afterEach(async () => {
  openTelemetry.trace.disable();
  exporter.reset();
  await rm(folder, { recursive: true, force: true });
});

/** An API whose second run is a canary that answers all. */
async function open() {
  const host = testHost({ openTelemetry: async () => openTelemetry });
  const launchpad = createLaunchpad({
    config: {
      datasinks: {
        kept: { type: "jsonl", path: pathToFileURL(join(folder, "kept.jsonl")).href, options: { mode: "a" } },
      },
      model_store: { location: "memory:" },
      model: { name: "twice", version: "1.0.0", module: "twice", rollout: { canary: { percent: 100 } } },
      api: { name: "twice", log: "kept", access_log: true, batch: true },
    },
    model,
    host,
  });
  await launchpad.train();
  const { meta } = await launchpad.train();
  const run = meta?.run ?? "";
  await launchpad.store.alias("twice", "next", { name: "twice", version: "1.0.0", run });
  await launchpad.ready();
  const post = (path: string, body: string, type = "application/json") =>
    launchpad.fetch(
      new Request(`http://127.0.0.1:5000/twice/v1/${path}`, {
        method: "POST",
        headers: { "content-type": type, "x-request-id": "id-1" },
        body,
      }),
    );
  return { host, launchpad, post, run };
}

describe("what answers a request", () => {
  it("has one name in every span and every line of the log", async () => {
    const { host, launchpad, post, run } = await open();
    const response = await post("predictions", '{ "x": 4 }');
    const id = response.headers.get("x-prediction-id");
    expect(id).toMatch(/^[0-9a-f]{12}-1$/);
    const named = { request_id: "id-1", model: "twice", version: "1.0.0", run, variant: "canary", prediction_id: id };
    const lines = host.records.filter(({ name }) => ["launchpad.access", "launchpad.model"].includes(name));
    expect(lines.map(({ message }) => message)).toEqual(["thinking", "POST /twice/v1/predictions 200"]);
    const [request, prediction] = exporter.getFinishedSpans().toReversed();
    const spanOf = { trace_id: request?.spanContext().traceId };
    expect(lines[0]?.properties).toEqual({ ...named, ...spanOf, span_id: prediction?.spanContext().spanId, x: 4 });
    expect(lines[1]?.properties).toMatchObject({ ...named, ...spanOf });
    const attributes = {
      "launchpad.model.name": "twice",
      "launchpad.model.version": "1.0.0",
      "launchpad.model.run": run,
      "launchpad.model.variant": "canary",
      "launchpad.prediction.id": id,
    };
    expect([request?.name, prediction?.name]).toEqual(["POST /twice/v1/predictions", "predict twice"]);
    expect(request?.attributes).toMatchObject(attributes);
    expect(prediction?.attributes).toEqual(attributes);
    await launchpad.close();
  });

  it("is named by the line that says what went wrong", async () => {
    const { host, launchpad, post, run } = await open();
    const response = await post("predictions", '{ "x": 13 }');
    expect(response.status).toBe(500);
    const [line] = host.records.filter(({ level }) => level === "error");
    const id = response.headers.get("x-prediction-id");
    expect(id).not.toBeNull();
    expect(line?.properties).toMatchObject({ request_id: "id-1", run, variant: "canary", prediction_id: id });
    for (const span of exporter.getFinishedSpans()) {
      expect(span.attributes).toMatchObject({ "launchpad.model.run": run, "launchpad.prediction.id": id });
    }
    await launchpad.close();
  });

  it("names each row of a batch by its place in the request, whichever rows are wrong", async () => {
    const { launchpad, post } = await open();
    const rows = Array.from({ length: 1203 }, (_, x) => (x === 1 ? "no JSON" : JSON.stringify({ x: x + 100 })));
    const response = await post("predictions:batch", rows.join("\n"), "application/x-ndjson");
    const id = response.headers.get("x-prediction-id");
    const lines = (await response.text()).trim().split("\n");
    const answers = lines.map((line): { doubled?: number; error?: object } => JSON.parse(line));
    expect(answers).toHaveLength(1203);
    expect(answers[1]?.error).toBeDefined();
    await launchpad.close();
    const logged = (await readFile(join(folder, "kept.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((line): { id: string; prediction: string } => JSON.parse(line));
    const expected = answers.flatMap(({ doubled }, at) =>
      doubled === undefined ? [] : [[`${id}.${at}`, JSON.stringify({ doubled })]],
    );
    expect(logged.map((row) => [row.id, row.prediction])).toEqual(expected);
  });
});
