import type { RouteSegment } from "../api/routes.ts";

/**
 * Matches what stands between two slashes. A parameter takes as much as it can, and at least one character: of
 * `a.tar.gz`, `{name}.{format}` takes `a.tar` and `gz`. The time it takes grows with the length of the text and no faster.
 *
 * @param segment The segment of a route.
 * @param part What a request has in its place.
 * @param path Gets the values of its parameters.
 *
 * @returns Whether it fits.
 */
export function matchSegment(segment: RouteSegment, part: string, path: Record<string, string>): boolean {
  const { texts, parameters } = segment;
  const [first = ""] = texts;
  if (parameters.length === 0) return part === first;
  const suffix = texts[parameters.length] ?? "";
  if (!part.startsWith(first) || !part.endsWith(suffix)) return false;
  let end = part.length - suffix.length;
  for (let index = parameters.length - 1; index >= 0; index--) {
    const start = index === 0 ? first.length : startOf(segment, index, part, end);
    if (start === undefined || start >= end || !leadsAt(segment.leads[index], part, start)) return false;
    const parameter = parameters[index];
    const value = part.slice(start, end);
    const given = parameter?.dollar && value.startsWith("$") ? value.slice(1) : value;
    if (parameter === undefined || given === "") return false;
    path[parameter.name] = given;
    end = start - (texts[index] ?? "").length;
  }
  return true;
}

/** Where the value of a parameter begins: after the last text of its kind, or with the first lead. */
function startOf({ texts, leads }: RouteSegment, index: number, part: string, end: number): number | undefined {
  const text = texts[index] ?? "";
  const own = leads[index] ?? [];
  // The first text and all parameters before this one need their room.
  const least = (texts[0] ?? "").length + index;
  const found =
    own.length === 0
      ? [part.lastIndexOf(text, end - 1 - text.length)]
      : own.map((lead) => part.indexOf(text + lead, least));
  const at = found.find((one) => one >= least);
  return at === undefined ? undefined : at + text.length;
}

function leadsAt(leads: readonly string[] = [], part: string, start: number): boolean {
  return leads.length === 0 || leads.some((lead) => part.startsWith(lead, start));
}
