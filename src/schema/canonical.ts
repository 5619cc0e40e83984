/**
 * Creates a text that two JSON values share only if they are equal: JSON with sorted keys, without what is undefined.
 *
 * @param value A JSON value.
 *
 * @returns The text.
 */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value === 0 ? 0 : value) ?? "";
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${textOf(one)}`).join()}}`;
}

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
  const others = new Set(choices.filter((choice) => !isScalar(choice)).map(textOf));
  return (value) => (isScalar(value) ? scalars.has(value) : others.size > 0 && others.has(textOf(value)));
}
