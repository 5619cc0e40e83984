import type { WaitUntil } from "../../lifecycle/active-model.ts";
import type { ModelApi } from "./model-api.ts";

/**
 * State of a model that serves with others: `idle` until somebody asks for it, and again when it was let go; `failed` when
 * it could not be opened or loaded, which the next request tries again.
 */
export type ModelState = "idle" | "ready" | "failed";

/**
 * Model that callers ask for by its name. Protocols, pages and shared paths read nothing else of it, whether it serves alone
 * or with others.
 */
export interface ServedModel {
  /** Name by which it is asked for: no other has it. */
  readonly name: string;
  /** Its version, as its configuration says. */
  readonly version: string;
  /** What the paths of its own API begin with, `/iris/v0`. */
  readonly basePath: string;
  /** Whether it answers. */
  state(): ModelState;
  /**
   * Opens its API: what it offers, and what predicts. Its contents are loaded by the first prediction, not here. Whoever asks
   * for it counts as a use: what was used last is let go last.
   */
  api(): ModelApi | Promise<ModelApi>;
  /** Resolves when a request would be answered; loads it first. Rejects with the reason otherwise. */
  ready(waitUntil?: WaitUntil): Promise<void>;
  /** Lets go of its contents; requests that have begun keep them, and the next loads them again. */
  unload(): Promise<void>;
}

/** Models that serve together, by name; one that serves alone is a set of one. */
export interface ServedModels {
  /** All that are known by now, by name. Nothing is opened for it. */
  list(): readonly ServedModel[];
  /** Finds a model; undefined where there is none of that name. A promise only while projects are still being found. */
  find(name: string): ServedModel | undefined | Promise<ServedModel | undefined>;
}

/**
 * Set of one model, which serves alone.
 *
 * @param model The model.
 *
 * @returns The set.
 */
export function onlyModel(model: ServedModel): ServedModels {
  return { list: () => [model], find: (name) => (name === model.name ? model : undefined) };
}
