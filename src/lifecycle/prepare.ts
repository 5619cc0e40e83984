import { closeContents } from "./closing.ts";
import type { Context, Loaded } from "./context.ts";
import { checkSamples } from "./samples.ts";

/**
 * Prepares a model that is about to serve: makes it ready, and has it reproduce its samples.
 *
 * @param context The lifecycle.
 * @param loaded The model.
 *
 * @returns The model.
 *
 * @throws SAMPLES_DIFFER; whatever keeps it from being ready.
 */
export async function prepare(context: Context, loaded: Loaded): Promise<Loaded> {
  try {
    await context.model.hooks?.ready?.(loaded.contents);
    await checkSamples(context, loaded);
    return loaded;
  } catch (error) {
    void release(context, loaded);
    throw error;
  }
}

/**
 * Lets a model go that no prediction begins with any more.
 *
 * @param context The lifecycle.
 * @param loaded The model.
 * @param next The contents that serve instead: the same may serve on.
 *
 * @returns Resolves when it is closed.
 */
export function release(context: Context, loaded: Loaded, next?: unknown): Promise<void> {
  context.model.hooks?.release?.(loaded.contents);
  return loaded.contents === next ? Promise.resolve() : closeContents(context, loaded);
}
