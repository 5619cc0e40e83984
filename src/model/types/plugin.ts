import type { ModelType } from "./model-type.ts";

/** Registered, so that a type made with another copy of this package is known. */
const brand = Symbol.for("launchpad.model-type");

/**
 * Creates a plugin that adds a type of model: another language, or files of another library.
 *
 * @param type Its name, the endings of its files, and how a model of it is opened.
 *
 * @returns The same type, as a plugin's module exports it.
 */
export function defineModelType(type: ModelType): ModelType {
  return Object.freeze(Object.defineProperty({ ...type }, brand, { value: true }));
}

/**
 * Finds the types of models that a plugin's module exports.
 *
 * @param namespace Everything that the module exports; lists count as well.
 *
 * @returns The types, each once; often none.
 */
export function modelTypesFrom(namespace: object): ModelType[] {
  return [...new Set(Object.values(namespace).flat().filter(isModelType))];
}

function isModelType(value: unknown): value is ModelType {
  return typeof value === "object" && value !== null && brand in value;
}
