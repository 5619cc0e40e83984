import { describe, expect, it } from "vitest";
import type { Resource } from "../../../src/api/definition.ts";
import { silentLogger } from "../../../src/log.ts";
import type { ApiOptions, PredictionEvent } from "../../../src/server/api-options.ts";
import { RequestContext } from "../../../src/server/request-context.ts";
import { createRowPredictor } from "../../../src/server/row-predictor.ts";

const resource: Resource = {
  path: "/shops/{shop}/sales",
  methods: ["GET"],
  additional: false,
  parameters: [
    { name: "shop", in: "path", required: true, schema: { type: "string" } },
    { name: "day", in: "query", required: true, schema: { type: "integer", minimum: 1 } },
    {
      name: "tags",
      in: "query",
      required: false,
      schema: { type: "array", items: { type: "string" } },
      style: "pipeDelimited",
    },
    { name: "x-weather", in: "header", required: false, schema: { type: "string", default: "dry" } },
  ],
  result: { schema: { type: "object", required: ["sales"], properties: { sales: { type: "number" } } } },
};

function predictor(rest: Partial<ApiOptions> = {}) {
  const events: PredictionEvent[] = [];
  const predict = createRowPredictor({
    definition: { title: "sales", version: "v1", resources: [resource] },
    basePath: "/sales/v1",
    predict: (args) => ({ sales: Number(args.day) * 10 }),
    ready: async () => {},
    log: silentLogger,
    onPrediction: (event) => void events.push(event),
    ...rest,
  });
  const context = new RequestContext(new Request("http://localhost/"));
  return { events, predict: (rows: readonly unknown[]) => predict(rows, context) };
}

describe("rows of an API", () => {
  it("give parameters by name, wherever the API has them, with the types of JSON, or as text", async () => {
    const { predict, events } = predictor();
    const rows = [
      { shop: "a", day: 1 },
      { shop: "b|c", day: 2, tags: ["x|y", "z"], "x-weather": "wet" },
    ];
    expect(await predict(rows)).toEqual([{ prediction: { sales: 10 } }, { prediction: { sales: 20 } }]);
    expect(events.map(({ args }) => ({ ...args }))).toEqual([
      { shop: "a", day: 1, "x-weather": "dry" },
      { shop: "b|c", day: 2, tags: ["x|y", "z"], "x-weather": "wet" },
    ]);
  });

  it("have faults of their own, as requests have them", async () => {
    const { predict } = predictor();
    const answers = await predict([
      { shop: "a", day: 0 },
      { shop: "a", day: 1 },
      { shop: "a", day: "1" },
      7,
      { shop: "a", day: 1, dya: 2 },
    ]);
    expect(answers.map((answer) => "prediction" in answer)).toEqual([false, true, true, false, false]);
    for (const { error } of answers.filter((answer) => answer.error !== undefined)) {
      expect(error).toMatchObject({ code: "ARGUMENTS_INVALID" });
    }
    expect(answers[0]?.error).toMatchObject({ message: expect.stringContaining("Row 1 is not valid: day:") });
    expect(answers[4]?.error).toMatchObject({ message: expect.stringContaining("dya") });
  });

  it("are predicted together, and those that fail fail alone", async () => {
    const { predict, events } = predictor({
      predictRows: async (rows) =>
        rows.map(({ day }) => (day === 2 ? { error: new Error("closed") } : { prediction: { sales: day } })),
    });
    const answers = await predict([1, 2, 3].map((day) => ({ shop: "a", day })));
    expect(answers.map(({ prediction }) => prediction)).toEqual([{ sales: 1 }, undefined, { sales: 3 }]);
    expect(answers[1]?.error).toEqual(new Error("closed"));
    expect(events.map(({ error }) => error !== undefined)).toEqual([false, true, false]);
  });

  it("have results that fit the schema of the response, or an error", async () => {
    const { predict } = predictor({ predict: ({ day }) => (day === 1 ? { sales: 1 } : { sold: 1 }) });
    const [first, second] = await predict([
      { shop: "a", day: 1 },
      { shop: "a", day: 2 },
    ]);
    expect(first).toEqual({ prediction: { sales: 1 } });
    expect(second?.error).toMatchObject({ code: "RESULT_INVALID" });
  });
});
