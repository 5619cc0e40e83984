/** Which files below a folder a path names. */
export interface Pattern {
  /** The folder; ends with a slash. */
  readonly folder: URL;
  /** Whether a file is named, by its path from the folder. */
  matches(path: string): boolean;
  /** Whether a file or folder of this name can be named, so deep below the folder, from 0. */
  enters(name: string, depth: number): boolean;
}

/** What is read from a web server has no lists. */
const withoutLists = /^https?:$/;

/**
 * Finds out whether a path names many files: `data/*.csv`, `data/**` + `/*.parquet`, or a folder with all that is in it, `data/`.
 * A star stands for part of a name, two stars for any folders. Names that begin with a point or an underscore belong to the tools
 * that wrote the files, and are passed over.
 *
 * @param path A URL.
 *
 * @returns The pattern; undefined for a path that names one file.
 */
export function patternOf(path: string): Pattern | undefined {
  const url = URL.canParse(path) ? new URL(path) : undefined;
  if (url === undefined || withoutLists.test(url.protocol)) return undefined;
  const segments = url.pathname.split("/");
  const star = segments.findIndex((segment) => segment.includes("*"));
  if (star === -1 && segments.at(-1) !== "") return undefined;
  const from = star === -1 ? segments.length - 1 : star;
  const folder = new URL(url);
  folder.pathname = `${segments.slice(0, from).join("/")}/`;
  const steps = star === -1 ? ["**", "*"] : segments.slice(from).map(decoded);
  // A folder at the end is all that is in it.
  if (star !== -1 && steps.at(-1) === "") steps.splice(-1, 1, "**", "*");
  const tests = steps.map((step) => (step === "**" ? undefined : testOf(step)));
  const depth = steps.includes("**") ? Number.POSITIVE_INFINITY : steps.length;
  return {
    folder,
    matches: (name) => fits(name.split("/"), tests),
    enters: (name, at) => !isHidden(name) && at < depth,
  };
}

function isHidden(name: string): boolean {
  return name.startsWith(".") || name.startsWith("_");
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function testOf(step: string): (name: string) => boolean {
  const [first = "", ...rest] = step.split("*");
  // Piece by piece, each as early as it can be: no pattern makes this slow.
  return (name) => {
    if (!name.startsWith(first) || isHidden(name)) return false;
    if (rest.length === 0) return name === first;
    const last = rest.at(-1) ?? "";
    let at = first.length;
    for (const piece of rest.slice(0, -1)) {
      const found = name.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return name.length - last.length >= at && name.endsWith(last);
  };
}

/** Whether names fit steps, of which undefined stands for any number of names. */
function fits(names: readonly string[], steps: readonly (((name: string) => boolean) | undefined)[]): boolean {
  let reached = new Set([0]);
  const skip = (positions: Set<number>) => {
    for (const at of positions) if (steps[at] === undefined && at < steps.length) positions.add(at + 1);
    return positions;
  };
  skip(reached);
  for (const name of names) {
    const next = new Set<number>();
    for (const at of reached) {
      if (at >= steps.length) continue;
      const step = steps[at];
      if (step === undefined) {
        if (!isHidden(name)) next.add(at);
      } else if (step(name)) next.add(at + 1);
    }
    reached = skip(next);
  }
  return reached.has(steps.length);
}
