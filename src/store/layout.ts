import { LaunchpadError } from "../errors.ts";

/*
 * <name>:<version>:<run>:contents
 * <name>:<version>:<run>:meta.json
 * <name>:<version>:<run>:metrics:<id>.json
 * <name>:<version>:current.json
 *
 * <run> and <id> have the same form: the time, and random digits, so that two of the same millisecond do not collide.
 */

const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const id = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[0-9a-f]{8}$/;

/** What a version cannot be called: these stand beside the versions, in a store or in the list of its models. */
const reserved: readonly string[] = ["latest", "backups", "aliases"];

/** What a key of a model store leads to. */
export type Place =
  | { readonly kind: "contents" | "meta"; readonly name: string; readonly version: string; readonly run: string }
  | {
      readonly kind: "metrics";
      readonly name: string;
      readonly version: string;
      readonly run: string;
      readonly id: string;
    }
  | { readonly kind: "current"; readonly name: string; readonly version: string };

/** Creates the key of a run's contents. */
export const contentsKey = (name: string, version: string, run: string) => `${name}:${version}:${run}:contents`;

/** Creates the key of a run's metadata. */
export const metaKey = (name: string, version: string, run: string) => `${name}:${version}:${run}:meta.json`;

/** Creates the key of the metrics of one retest. */
export const metricsKey = (name: string, version: string, run: string, id: string) =>
  `${name}:${version}:${run}:metrics:${id}.json`;

/** Creates the key of what says which run serves. */
export const currentKey = (name: string, version: string) => `${name}:${version}:current.json`;

/**
 * Creates what a key leads to: the inverse of the functions above.
 *
 * @param key A key, with colons.
 *
 * @returns The place; undefined for a key that no model store made.
 */
export function placeOf(key: string): Place | undefined {
  const [name, version, third, fourth, fifth, ...rest] = key.split(":");
  if (name === undefined || version === undefined || third === undefined || rest.length > 0) return undefined;
  if (!isName(name) || !isName(version) || reserved.includes(version)) return undefined;
  if (third === "current.json") return fourth === undefined ? { kind: "current", name, version } : undefined;
  if (!isId(third)) return undefined;
  if (fifth === undefined) {
    if (fourth === "contents") return { kind: "contents", name, version, run: third };
    if (fourth === "meta.json") return { kind: "meta", name, version, run: third };
    return undefined;
  }
  const retest = fifth.endsWith(".json") ? fifth.slice(0, -".json".length) : "";
  if (fourth !== "metrics" || !isId(retest)) return undefined;
  return { kind: "metrics", name, version, run: third, id: retest };
}

/**
 * Creates the name of a run or a retest, which sorts by time: `20261123T180405123Z-1a2b3c4d`.
 *
 * @param time Milliseconds since 1970.
 *
 * @returns The time, UTC, and eight random hexadecimal digits.
 */
export function createId(time: number): string {
  const compact = new Date(time).toISOString().replace(/[-:.]/g, "");
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return `${compact}-${random.toString(16).padStart(8, "0")}`;
}

/**
 * Tells whether a text is the name of a run or a retest.
 *
 * @param text Any text.
 *
 * @returns Whether `createId` could have made it.
 */
export function isId(text: string): boolean {
  return !Number.isNaN(timeOf(text));
}

/**
 * Creates the time that a run or a retest is named after.
 *
 * @param text A name from `createId`.
 *
 * @returns Milliseconds since 1970; NaN for any other text.
 */
export function timeOf(text: string): number {
  const [, year, month, day, hour, minute, second, fraction] = id.exec(text) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}Z`);
}

/**
 * Checks that a model's name and version can be part of a key, of a path and of a URL.
 *
 * @param modelName The name.
 * @param version The version.
 *
 * @throws CONFIG_INVALID when one of them cannot, with the rule.
 */
export function checkNames(modelName: string, version: string): void {
  const problems: string[] = [];
  if (!isName(modelName)) problems.push(`model.name: found ${shown(modelName)}`);
  if (!isName(version)) problems.push(`model.version: found ${shown(version)}`);
  else if (reserved.includes(version)) problems.push(`model.version: found ${shown(version)}, which has a meaning`);
  if (problems.length === 0) return;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `[store] ${problems.join("; ")}. A name or version of a model is 1 to 200 letters, digits, ".", "_" or "-", begins with a letter ` +
      `or digit, and a version is none of ${reserved.join(", ")}. Change it in the configuration.`,
  );
}

function isName(text: string): boolean {
  return name.test(text);
}

function shown(text: string): string {
  return (
    JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text) + (text.length > 40 ? ` (${text.length})` : "")
  );
}
