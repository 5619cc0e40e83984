/** More values than any report shows; a prediction that is an embedding has more. */
const maxOutputs = 50;
const maxDepth = 4;

/** The name of a prediction that is one value. */
export const wholeOutput = "prediction";

/**
 * Finds the values of a prediction by their path.
 *
 * @param prediction A prediction, as JSON has it.
 *
 * @returns Numbers, text, booleans and null by path, steps separated by dots, up to 50.
 */
export function outputsOf(prediction: unknown): Record<string, unknown> {
  const found: Record<string, unknown> = Object.create(null);
  let count = 0;
  const visit = (value: unknown, path: string, depth: number): void => {
    if (count >= maxOutputs) return;
    if (typeof value !== "object" || value === null) {
      found[path || wholeOutput] = value;
      count += 1;
      return;
    }
    if (depth === maxDepth) return;
    for (const [key, inner] of Object.entries(value)) visit(inner, path === "" ? key : `${path}.${key}`, depth + 1);
  };
  visit(prediction, "", 0);
  return found;
}

/**
 * Reader of one of the values that `outputsOf` finds.
 *
 * @param name The name of the value.
 *
 * @returns Its value in a prediction; undefined where it has none.
 */
export function readerOf(name: string): (prediction: unknown) => unknown {
  if (name === wholeOutput) {
    return (prediction) =>
      typeof prediction === "object" && prediction !== null ? stepInto(prediction, name) : prediction;
  }
  const steps = name.split(".");
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return (prediction) => stepInto(prediction, only);
  // A key may hold dots itself.
  return (prediction) => steps.reduce<unknown>(stepInto, prediction) ?? outputsOf(prediction)[name];
}

function stepInto(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
