import type { Problems } from "./problems.ts";
import type { Value } from "./value.ts";

/**
 * Reads the status that a file describes for success.
 *
 * @param responses The mapping from status to response.
 * @param where What it belongs to, for messages.
 * @param problems Gets a warning for a success that is never answered.
 *
 * @returns The status; undefined for 200, and where none is named.
 */
export function readStatus(responses: Value, where: string, problems: Problems): number | undefined {
  const successes = responses.kind === "map" ? responses.entries.filter(({ key }) => /^2\d\d$/.test(key)) : [];
  // A prediction is what an answer is for.
  const chosen = successes.find(({ key }) => key === "200") ?? successes.find(({ key }) => !withoutBody.has(key));
  for (const { key, at } of successes) {
    if (key === chosen?.key) continue;
    const why = withoutBody.has(key) ? "has no body, and a prediction is one" : "is not answered";
    problems.warn(
      at,
      `${where} ${key}`,
      `${where} responses: ${key} ${why}: Launchpad answers ${chosen?.key ?? "200"}`,
    );
  }
  return chosen === undefined || chosen.key === "200" ? undefined : Number(chosen.key);
}

const withoutBody = new Set(["204", "205"]);
