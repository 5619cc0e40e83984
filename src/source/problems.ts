import { LaunchpadError } from "../errors.ts";
import { formatLocation } from "../util/paths.ts";
import { isSecretKey, redact } from "../util/redact.ts";
import type { Path, SourcePosition, Tree } from "./tree.ts";

/** One thing that is wrong in a configuration. */
export interface Problem {
  readonly at: SourcePosition | undefined;
  readonly path: Path;
  /** What was found, what was expected, what to do. */
  readonly message: string;
}

/** Where a configuration comes from: what it takes to show a place in it. */
export interface Origin {
  /** What it is called where there is no file. */
  readonly name: string;
  /** The folder that files are shown relative to. */
  readonly cwd: URL | undefined;
}

/** More than anybody reads at once. */
const maxShown = 100;

/**
 * Creates the error that lists everything wrong with a configuration, a line each, in the order of the files.
 *
 * @param problems At least one.
 * @param origin Where the configuration comes from.
 *
 * @returns A CONFIG_INVALID.
 */
export function configError(problems: readonly Problem[], origin: Origin): LaunchpadError {
  const located = problems.map((problem) => ({
    file: problem.at ? formatLocation(problem.at.file, origin.cwd) : "",
    line: problem.at?.line ?? 0,
    text: [formatPosition(problem.at, origin), formatPath(problem.path), problem.message]
      .filter((part) => part)
      .join(": "),
  }));
  located.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  const lines = Array.from(new Set(located.map(({ text }) => text)));
  const more = lines.length - maxShown;
  if (more > 0) lines.splice(maxShown, more, `... and ${more} more`);
  return new LaunchpadError("CONFIG_INVALID", lines.join("\n"));
}

/**
 * Creates the text that shows a place.
 *
 * @param place A line in a file, or nothing.
 * @param origin Where the configuration comes from.
 *
 * @returns `./launchpad.yml line 12`, or the configuration's name.
 */
export function formatPosition(place: SourcePosition | undefined, origin: Origin): string {
  return place ? `${formatLocation(place.file, origin.cwd)} line ${place.line}` : origin.name;
}

/**
 * Creates the text that shows a path.
 *
 * @param path Keys and indexes.
 *
 * @returns `datasources.petals.tags[1]`; a key that is not a plain word is quoted.
 */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      const key = /^[\w-]+$/.test(step) ? step : JSON.stringify(step);
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

/**
 * Creates the text for what was found.
 *
 * @param tree The value; undefined if there is none.
 * @param key Its key, which tells whether it is a secret.
 *
 * @returns `nothing`, `a list`, `the number 1.10`, `"text"`.
 */
export function formatFound(tree: Tree | undefined, key: string | number | undefined): string {
  if (tree === undefined) return "nothing";
  if (tree.kind !== "scalar") return tree.kind === "map" ? "a mapping" : "a list";
  if (tree.value === null) return "nothing";
  if (isSecretKey(String(key))) return "***";
  if (typeof tree.value === "number") return `the number ${tree.source ?? tree.value}`;
  if (typeof tree.value === "boolean") return String(tree.value);
  const text = redact(tree.value);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
