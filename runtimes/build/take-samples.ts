import {
  type ApiDefinition,
  isLaunchpadError,
  type Launchpad,
  LaunchpadError,
  type Sample,
  sampleArgs,
  toPlain,
} from "../../src/internal.ts";
import type { ProjectData } from "../project/open-data.ts";

/** What samples are taken from. */
export interface SampleParts {
  readonly launchpad: Launchpad;
  readonly definition: ApiDefinition;
  readonly data: ProjectData;
  /** How many are wanted. */
  readonly count: number;
}

/**
 * Takes samples from test data: what the model predicts for some of it here is what it must predict where the package runs.
 *
 * @param parts The model, its API, and its data.
 *
 * @returns The samples, `count` of them if there are so many rows that the API takes.
 *
 * @throws DATA_UNKNOWN without test data; DATA_INVALID when the API cannot be asked with it; whatever reading it and
 * predicting throw.
 */
export async function takeSamples({ launchpad, definition, data, count }: SampleParts): Promise<Sample[]> {
  const entries = Object.entries(data.config.datasources);
  const tagged = entries.filter(([, { tags }]) => tags.includes("test")).map(([name]) => name);
  if (tagged.length === 0) {
    throw new LaunchpadError("DATA_UNKNOWN", `--samples: found no data source with the tag test. ${remedy}`);
  }
  const refusals: string[] = [];
  for (const name of tagged) {
    const frame = await data.source(name).frame();
    let args: Record<string, unknown>[];
    try {
      args = sampleArgs(definition, frame, count);
    } catch (error) {
      if (!isLaunchpadError(error) || error.code !== "DATA_INVALID") throw error;
      refusals.push(`${name}: ${error.message}`);
      continue;
    }
    const samples: Sample[] = [];
    for (const one of args) {
      const prediction = await launchpad.predict(one, { persist: false });
      samples.push({ args: one, prediction: toPlain(prediction) });
    }
    return samples;
  }
  throw new LaunchpadError(
    "DATA_INVALID",
    `--samples: no test data can be sent to the API. ${refusals.join(". ")}. ${remedy}`,
  );
}

const remedy =
  "Expected a source with the tag test, whose columns have the names of the API's parameters. Or write samples into the " +
  "model: defineModel({ ..., samples: [{ args, prediction }] })";
