import leven from "leven";
import { LaunchpadError } from "../../src/index.ts";

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
  const close = choices.find((one) => leven(one, text) <= 2);
  const meant = close === undefined ? "" : ` Did you mean ${close}?`;
  throw new LaunchpadError(
    "USAGE",
    `${where}: found ${JSON.stringify(text)}, expected ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}.${meant}`,
  );
}
