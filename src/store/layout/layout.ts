import { namePattern } from "../../config/names.ts";
import { LaunchpadError } from "../../errors.ts";

/*
 * <name>:<version>:<run>:contents
 * <name>:<version>:<run>:meta.json
 * <name>:<version>:<run>:metrics:<id>.json
 * <name>:<version>:promotions:<id>.json
 * <name>:<version>:current.json
 * <name>:aliases:<alias>.json
 *
 * <run> and <id> have the same form: the time, and random digits, so that two of the same millisecond do not collide.
 */

const id = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[0-9a-f]{8}$/;

/** What a version cannot be called: these stand beside the versions, in a store or in the list of its models. */
const reserved: readonly string[] = ["latest", "backups", "aliases"];

/** What a key of a model store leads to. */
export type ParsedKey =
  | { readonly kind: "contents" | "meta"; readonly name: string; readonly version: string; readonly run: string }
  | {
      readonly kind: "metrics";
      readonly name: string;
      readonly version: string;
      readonly run: string;
      readonly id: string;
    }
  | { readonly kind: "promotion"; readonly name: string; readonly version: string; readonly id: string }
  | { readonly kind: "current"; readonly name: string; readonly version: string }
  | { readonly kind: "alias"; readonly name: string; readonly alias: string };

/** Creates the key of a run's contents. */
export const contentsKey = (name: string, version: string, run: string) => `${name}:${version}:${run}:contents`;

/** Creates the key of a run's metadata. */
export const metaKey = (name: string, version: string, run: string) => `${name}:${version}:${run}:meta.json`;

/** Creates the key of the metrics of one retest. */
export const metricsKey = (name: string, version: string, run: string, id: string) =>
  `${name}:${version}:${run}:metrics:${id}.json`;

/** Creates the key of what says which run serves. */
export const currentKey = (name: string, version: string) => `${name}:${version}:current.json`;

/** Creates the key of what says that another run began to serve. */
export const promotionKey = (name: string, version: string, id: string) => `${name}:${version}:promotions:${id}.json`;

/** Creates the key of what says which run an alias points to. */
export const aliasKey = (name: string, alias: string) => `${name}:aliases:${alias}.json`;

/**
 * Parts of a key: the inverse of the functions above.
 *
 * @param key A key, with colons.
 *
 * @returns The place; undefined for a key that no model store made.
 */
export function parseKey(key: string): ParsedKey | undefined {
  const [name, version, ...rest] = key.split(":");
  if (name === undefined || version === undefined || !isName(name)) return undefined;
  if (version === "aliases") return parseAliasKey(name, rest);
  if (!isVersion(version)) return undefined;
  const [third, fourth, fifth] = rest;
  if (rest.length === 1) return third === "current.json" ? { kind: "current", name, version } : undefined;
  if (third === "promotions") return rest.length === 2 ? parsePromotionKey(name, version, fourth) : undefined;
  if (third === undefined || !isId(third)) return undefined;
  const of = { name, version, run: third };
  if (rest.length === 2 && fourth === "contents") return { kind: "contents", ...of };
  if (rest.length === 2 && fourth === "meta.json") return { kind: "meta", ...of };
  if (rest.length !== 3 || fourth !== "metrics") return undefined;
  const retest = withoutJson(fifth);
  return isId(retest) ? { kind: "metrics", ...of, id: retest } : undefined;
}

function parseAliasKey(name: string, [file, ...rest]: readonly string[]): ParsedKey | undefined {
  const alias = withoutJson(file);
  return rest.length === 0 && isVersion(alias) ? { kind: "alias", name, alias } : undefined;
}

function parsePromotionKey(name: string, version: string, file: string | undefined): ParsedKey | undefined {
  const id = withoutJson(file);
  return isId(id) ? { kind: "promotion", name, version, id } : undefined;
}

/** A file's name without its `.json`; empty for any other file. */
function withoutJson(file = ""): string {
  return file.endsWith(".json") ? file.slice(0, -".json".length) : "";
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
 * @param version The version; undefined if only the name is to be checked.
 *
 * @throws CONFIG_INVALID when one of them cannot, with the rule.
 */
export function checkNames(modelName: string, version?: string): void {
  const problems: string[] = [];
  if (!isName(modelName)) problems.push(`model.name: found ${formatName(modelName)}`);
  if (version !== undefined) problems.push(...problemsOfVersion("model.version", version));
  if (problems.length === 0) return;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `[store] ${problems.join("; ")}. A name or version of a model is ${rule}, and a version is none of ${reserved.join(", ")}. ` +
      "Change it in the configuration.",
  );
}

/**
 * Checks that an alias can be part of a key, and cannot be taken for a version with a meaning.
 *
 * @param alias The alias.
 *
 * @throws CONFIG_INVALID when it cannot, with the rule.
 */
export function checkAlias(alias: string): void {
  const problems = problemsOfVersion("alias", alias);
  if (problems.length === 0) return;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `[store] ${problems.join("; ")}. An alias is ${rule}, and none of ${reserved.join(", ")}. Choose another one.`,
  );
}

const rule = '1 to 200 letters, digits, ".", "_" or "-", begins with a letter or digit';

function problemsOfVersion(where: string, text: string): string[] {
  if (!isName(text)) return [`${where}: found ${formatName(text)}`];
  return reserved.includes(text) ? [`${where}: found ${formatName(text)}, which has a meaning`] : [];
}

export function isName(text: string): boolean {
  return namePattern.test(text);
}

export function isVersion(text: string): boolean {
  return isName(text) && !reserved.includes(text);
}

/**
 * Creates a text as a message can show it: quoted, without control characters, and short.
 *
 * @param text Any text.
 *
 * @returns At most its first forty characters; then its length follows.
 */
export function formatName(text: string): string {
  return (
    JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text) + (text.length > 40 ? ` (${text.length})` : "")
  );
}
