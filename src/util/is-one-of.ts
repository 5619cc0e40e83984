import { canonicalJson } from "./canonical-json.ts";

/**
 * Creates a function that tells whether a value is one of several.
 *
 * @param choices JSON values.
 *
 * @returns A function from a value to whether it is equal to one of them.
 */
export function isOneOf(choices: readonly unknown[]): (value: unknown) => boolean {
  const isScalar = (value: unknown) => typeof value !== "object" || value === null;
  const scalars = new Set(choices.filter(isScalar));
  const others = new Set(choices.filter((choice) => !isScalar(choice)).map(canonicalJson));
  return (value) => (isScalar(value) ? scalars.has(value) : others.size > 0 && others.has(canonicalJson(value)));
}
