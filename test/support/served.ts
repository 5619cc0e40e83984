import { afterEach } from "vitest";
import {
  createLaunchpad,
  defineModel,
  type Execution,
  type Launchpad,
  type ModelContext,
  type ModelDefinition,
} from "../../src/index.ts";
import { type TestHost, type TestHostOverrides, testHost } from "./host.ts";

/** A launchpad whose model is trained and serves. */
export interface Served {
  readonly host: TestHost;
  readonly launchpad: Launchpad;
  /** GET, unless told. */
  ask(path: string, init?: RequestInit, execution?: Execution): Promise<Response>;
  /** Makes a prediction. */
  predict(args?: object, headers?: Record<string, string>): Promise<Response>;
  /** What was logged under a name, a line each: `info launchpad.access: ...`. */
  logged(name: string): string[];
}

type Predict = (args: Record<string, never>, run: ModelContext) => unknown;

const opened: Launchpad[] = [];
afterEach(async () => {
  for (const launchpad of opened.splice(0)) await launchpad.close();
});

/**
 * Creates an API with what its configuration asks for, over a model in memory.
 *
 * @param api The `api` section.
 * @param predict What the model predicts.
 * @param options What the host should do otherwise; whether to train; further sections of the configuration.
 *
 * @returns The API, ready to be asked.
 */
export async function served(
  api: object = {},
  predict: Predict = (args) => ({ args }),
  {
    train = true,
    sections = {},
    ...overrides
  }: TestHostOverrides & { readonly train?: boolean; readonly sections?: object } = {},
): Promise<Served> {
  const host = testHost(overrides);
  const model: ModelDefinition<unknown> = defineModel({
    train: () => ({ trained: true }),
    test: () => ({ accuracy: 1 }),
    predict: (_, args, run) => predict(args as Record<string, never>, run),
  });
  const launchpad = createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      model: { name: "iris", version: "1.2.3", module: "iris_model" },
      api: { name: "iris", ...api },
      ...sections,
    },
    model,
    host,
  });
  opened.push(launchpad);
  if (train) await launchpad.train();
  const ask = async (path: string, init?: RequestInit, execution?: Execution) =>
    launchpad.fetch(new Request(`http://127.0.0.1:5000${path}`, init), execution);
  return {
    host,
    launchpad,
    ask,
    predict: (args = {}, headers = {}) =>
      ask(predictions, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(args),
      }),
    logged: (name) =>
      host.records
        .filter((record) => record.name === name)
        .map(({ level, name, message }) => `${level} ${name}: ${message}`),
  };
}

export const predictions = "/iris/v1/predictions";
