import { createFrame, createLaunchpad, defineModel, type Launchpad, type Model } from "../../src/index.ts";
import { type TestHost, type TestHostOverrides, testHost } from "./host.ts";

/** A model of one number: the sum of what it was trained on. */
export const sumModel = defineModel({
  train: ({ config, previous }) => ({ sum: Number(config.addend ?? 1) + ((previous as { sum: number })?.sum ?? 0) }),
  test: ({ sum }) => ({ sum }),
  predict: ({ sum }, { x }) => ({ y: sum + Number(x) }),
});

export interface Project {
  readonly launchpad: Launchpad;
  readonly host: TestHost;
}

/**
 * Creates a launchpad with a model store in memory.
 *
 * @param model The model.
 * @param config More sections, and more keys of the `model` section.
 * @param host A host to share, or what it should do otherwise.
 *
 * @returns The launchpad and its host.
 */
export function project(
  model: Model,
  config: { readonly model?: object; readonly [section: string]: unknown } = {},
  host: TestHost | TestHostOverrides = {},
): Project {
  const shared = "records" in host ? host : testHost(host);
  const launchpad = createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      ...config,
      model: { name: "sum", version: "1.0.0", module: "sum_model", ...config.model },
    },
    model,
    host: shared,
  });
  return { launchpad, host: shared };
}

export const petals = createFrame({ b: [2, 1], a: [1.5, 2.5], name: ["x", "y"] });
