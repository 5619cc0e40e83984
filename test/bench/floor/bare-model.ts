import model from "../../../examples/iris/tree_model.ts";

/**
 * Opens the model of the iris example, without Launchpad.
 *
 * @param contents The contents of the stored model, as text.
 *
 * @returns What predicts.
 */
export function modelOf(contents: string): (args: unknown) => object {
  const decoded = model.codec?.decode(new TextEncoder().encode(contents));
  const predict = model.predict as (contents: unknown, args: unknown, run: unknown) => object;
  const run = { orderColumns: (data: unknown) => data };
  return (args) => predict(decoded, args, run);
}

/** What the model is used to: its columns in the order of the alphabet. */
export const orderColumns = (data: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.keys(data)
      .sort()
      .map((name) => [name, data[name]]),
  );
