import type { Json } from "../../util/json.ts";
import type { Structure } from "./input-structure.ts";

/** The bounds of a value, and when a new one lets less in than an old one. */
const narrows: Readonly<Record<string, (before: number, after: number) => boolean>> = {
  min_value: (before, after) => after > before,
  min_length: (before, after) => after > before,
  max_value: (before, after) => after < before,
  max_length: (before, after) => after < before,
};

/** Types that take whatever comes. */
const open = new Set(["any", "unknown"]);

/**
 * Finds what a caller could pass to an earlier model and cannot pass to a new one. Only what is certain is said: of
 * conditions that are code nothing is known.
 *
 * @param before The structure of the earlier model's input, as it was stored; anything else has no callers.
 * @param after The structure of the new one's.
 *
 * @returns One line for each break; none if everything that was valid still is.
 */
export function inputBreaks(before: Json | undefined, after: Structure): readonly string[] {
  return isStructure(before) ? compare(before, after, "input") : [];
}

function compare(before: Structure, after: Structure, at: string): readonly string[] {
  const breaks: string[] = [];
  if (before.optional && !after.optional && !open.has(after.type)) breaks.push(`${at} is required now`);
  if (before.nullable && !after.nullable && !open.has(after.type)) breaks.push(`${at} cannot be null any more`);
  if (open.has(after.type)) return breaks;
  if (before.type === "union" || after.type === "union") return [...breaks, ...compareOptions(before, after, at)];
  if (before.type !== after.type) return [...breaks, ...compareTypes(before, after, at)];

  for (const [name, now] of Object.entries(after.bounds ?? {})) {
    const old = before.bounds?.[name];
    if (old === undefined) breaks.push(`${at} has a ${name} of ${now}, where there was none`);
    else if (narrows[name]?.(old, now)) breaks.push(`${at} has a ${name} of ${now}, which was ${old}`);
  }
  for (const rule of after.rules ?? []) {
    if (!before.rules?.includes(rule)) breaks.push(`${at} must be ${rule} now`);
  }
  const lost = (before.choices ?? []).filter((choice) => !after.choices?.includes(choice));
  if (lost.length > 0) breaks.push(`${at} cannot be ${lost.join(", ")} any more`);
  if (before.item && after.item) breaks.push(...compare(before.item, after.item, `${at}[]`));
  return [...breaks, ...compareEntries(before, after, at)];
}

function compareEntries(before: Structure, after: Structure, at: string): readonly string[] {
  const olds = before.entries ?? {};
  const news = after.entries ?? {};
  const breaks: string[] = [];
  for (const [key, now] of Object.entries(news)) {
    const old = Object.hasOwn(olds, key) ? olds[key] : undefined;
    if (old) breaks.push(...compare(old, now, `${at}.${key}`));
    else if (!now.optional) breaks.push(`${at}.${key} is new and required`);
  }
  for (const key of Object.keys(olds)) {
    if (after.closed && !Object.hasOwn(news, key)) breaks.push(`${at}.${key} is gone`);
  }
  if (after.closed && !before.closed) breaks.push(`${at} takes no other keys any more`);
  return breaks;
}

/** Each option there was must fit into one that there is. */
function compareOptions(before: Structure, after: Structure, at: string): readonly string[] {
  const olds = before.type === "union" ? (before.options ?? []) : [before];
  const news = after.type === "union" ? (after.options ?? []) : [after];
  const lost = olds.filter((old) => !news.some((now) => compare(old, withoutAbsence(now, old), at).length === 0));
  return lost.map(({ type }) => `${at} takes no ${type} any more, or not every one`);
}

/** Whether a union can be left out is the union's to say. */
function withoutAbsence(now: Structure, old: Structure): Structure {
  return { ...now, ...(old.optional && { optional: true }), ...(old.nullable && { nullable: true }) };
}

function compareTypes(before: Structure, after: Structure, at: string): readonly string[] {
  const changed = [`${at} was of type ${before.type}, now ${after.type}`];
  if (before.type !== "choice") return changed;
  // A choice of texts was text, too.
  const fits = (before.choices ?? []).every((choice) => typeof choice === after.type);
  return fits && !after.bounds && !after.rules ? [] : changed;
}

function isStructure(value: unknown): value is Structure {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
