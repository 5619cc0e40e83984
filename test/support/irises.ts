import { afterAll } from "vitest";
import { type ApiDefinition, createLaunchpad, defineModel, type Launchpad } from "../../src/index.ts";
import { type TestHost, testHost } from "./host.ts";

const share = { type: "number" };

/** A model of irises: probabilities by variety, from the length and the width of a petal. */
const definition: ApiDefinition = {
  title: "Iris",
  version: "v1",
  resources: [
    {
      path: "/varieties",
      methods: ["GET", "POST"],
      additional: false,
      parameters: [
        { name: "length", in: "query", required: true, schema: { type: "number", minimum: 0 } },
        { name: "width", in: "query", required: true, schema: { type: "number", minimum: 0 } },
        { name: "count", in: "query", required: false, schema: { type: "integer" } },
      ],
      result: {
        schema: {
          type: "object",
          required: ["variety", "area", "count", "sure", "probabilities"],
          additionalProperties: false,
          properties: {
            variety: { type: "string", enum: ["Setosa", "Virginica"] },
            area: { type: "number" },
            count: { type: "integer" },
            sure: { type: "boolean" },
            probabilities: {
              type: "object",
              properties: { Setosa: share, Virginica: share },
              required: ["Setosa", "Virginica"],
            },
          },
        },
      },
    },
  ],
};

interface Petal {
  readonly length: number;
  readonly width: number;
  readonly count?: number | null;
}

/** What the model makes of a petal. */
export function irisOf({ length, width, count }: Petal) {
  const area = length * width;
  const setosa = 1 / (1 + area);
  return {
    variety: area < 2 ? "Setosa" : "Virginica",
    area,
    count: count ?? 0,
    sure: Math.abs(setosa - 0.5) > 0.25,
    probabilities: { Setosa: setosa, Virginica: 1 - setosa },
  };
}

/** Server of the model, with requests that it has not yet forgotten. */
export interface Irises {
  readonly launchpad: Launchpad;
  readonly host: TestHost;
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Posts JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

const opened: Launchpad[] = [];
afterAll(async () => {
  for (const launchpad of opened.splice(0)) await launchpad.close();
});

/**
 * Serves the model of irises.
 *
 * @param api Keys of the section `api`, besides the file that describes the API.
 * @param env Environment variables.
 */
export async function irises(api: object, env: Record<string, string> = {}): Promise<Irises> {
  const host = testHost({ env });
  const config = {
    model_store: { location: "memory:" },
    model: { name: "iris", version: "1.2.3", module: "iris_model" },
    api: { name: "iris", ...api },
  };
  const launchpad = createLaunchpad({
    config,
    host,
    model: defineModel({
      train: () => ({ trained: true }),
      test: () => ({ accuracy: 1 }),
      predict: (_, args) => irisOf(args as Petal),
      predictBatch: (_, rows) => rows.map((args) => irisOf(args as Petal)),
    }),
    api: definition,
  });
  opened.push(launchpad);
  await launchpad.train();
  const ask = async (path: string, init?: RequestInit) =>
    launchpad.fetch(new Request(`http://127.0.0.1:5000${path}`, init));
  return {
    launchpad,
    host,
    ask,
    post: (path, body, headers = {}) =>
      ask(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}
