import { didYouMean, enumerate, LaunchpadError } from "../../src/internal.ts";

/**
 * Checks that a text is one of several.
 *
 * @param where What it was given to, for messages: `--runtime`.
 * @param text What was given.
 * @param choices What it may be.
 *
 * @returns The choice.
 *
 * @throws USAGE when it is none of them.
 */
export function choice<T extends string>(where: string, text: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === text);
  if (found !== undefined) return found;
  throw new LaunchpadError(
    "USAGE",
    `${where}: found ${JSON.stringify(text)}, expected ${enumerate(choices)}.${didYouMean(text, choices)}`,
  );
}
