import type { Difference, MetaDifference } from "../../store/runs/diff.ts";

/** What stands in the place of a value that a page does not show. */
const hidden = "***";

/**
 * The parts of the metadata whose values anybody may see who may see the model card, by the beginnings of their paths, and what
 * of it nobody may: where data is and how it is asked for, machines and their files.
 */
const shown = /^(metrics|data|code|api|input_schema|output_schema|system|config_snapshot\.model)(\.|$)/;
const secret =
  /^(data\.\d+\.params|system\.(host|user)|config_snapshot\.model\.(module|python|serve|expected|r_file|location))(\.|$)|\.(path|url|query|command)$/;

/**
 * Differences of two runs as pages show them: those of the configuration say where they are, and what they are where they are of
 * the model itself. Pages are read by people who have no access to the model store.
 *
 * @param difference The differences, part by part.
 *
 * @returns The same, with `***` for values that stay where they are.
 */
export function shownDifference(difference: MetaDifference): MetaDifference {
  return Object.fromEntries(
    Object.entries(difference).map(([part, list]) => [part, list.map(shownOf)]),
  ) as unknown as MetaDifference;
}

function shownOf({ path, a, b }: Difference): Difference {
  if (shown.test(path) && !secret.test(path) && !holdsMore(path)) return { path, a, b };
  return { path, a: a === undefined ? a : hidden, b: b === undefined ? b : hidden };
}

/** A whole part that one of two runs has: nobody has looked at what is in it. */
const holdsMore = (path: string) => /^(data(\.\d+)?|system|config_snapshot(\.model)?)$/.test(path);
