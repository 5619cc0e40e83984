import { toPlain } from "../data/to-json.ts";
import { LaunchpadError } from "../errors.ts";
import { type Context, type Loaded, modelLabel } from "./context.ts";
import { predict } from "./predict.ts";

/** How far two numbers may be apart, relative to the larger: mathematical functions differ between engines in their last bits. */
const tolerance = 1e-9;

/**
 * Checks that a model reproduces its samples on the runtime that will serve it. Nobody asked for these predictions: what the
 * model would write to sinks is dropped.
 *
 * @param context The lifecycle.
 * @param loaded The model.
 *
 * @throws SAMPLES_DIFFER naming the first sample that differs, and where.
 */
export async function checkSamples(context: Context, loaded: Loaded): Promise<void> {
  const { model } = context;
  const samples = [...(model.samples ?? []), ...(model.hooks?.samples?.(loaded.contents) ?? [])];
  for (const [index, sample] of samples.entries()) {
    const prediction = await predict(context, loaded, sample.args, { persist: false });
    const difference = differenceOf(toPlain(sample.prediction), toPlain(prediction), "prediction");
    if (difference === undefined) continue;
    const { path, found, expected } = difference;
    const what = `does not reproduce sample ${index} on ${context.host.runtime.name}: ${path}`;
    throw new LaunchpadError(
      "SAMPLES_DIFFER",
      `[model] ${modelLabel(context.config)} ${what} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`,
      // The values may be those of somebody.
      { detail: `The model ${what} differs.` },
    );
  }
}

interface Difference {
  readonly path: string;
  readonly found: unknown;
  readonly expected: unknown;
}

function differenceOf(expected: unknown, found: unknown, path: string): Difference | undefined {
  if (typeof expected === "number" && typeof found === "number") {
    const scale = Math.max(Math.abs(expected), Math.abs(found));
    if (Math.abs(expected - found) <= tolerance * scale) return undefined;
  } else if (isObject(expected) && isObject(found) && Array.isArray(expected) === Array.isArray(found)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      const difference = differenceOf(expected[key], found[key], `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  } else if (expected === found) {
    return undefined;
  }
  return { path, found, expected };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
