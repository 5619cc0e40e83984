import { type Alternative, alternativesOf, isOfType, type Lookup } from "./alternatives.ts";
import {
  anyConditions,
  impliesCondition,
  includes,
  isWithin,
  keywords,
  limitOf,
  showLimit,
  valuesOf,
} from "./constraints.ts";
import { lookupIn, target } from "./lookup.ts";
import { itemAt, propertyOf, requiredOf, tupleLength } from "./members.ts";
import { type Direction, list, wordsOf } from "./messages.ts";

export type { Direction } from "./messages.ts";

/** How two schemas are compared. */
export interface SchemaBreaksOptions {
  readonly direction: Direction;
  /** What the schemas describe, for the lines: `the parameter x`. Nothing by default. */
  readonly at?: string;
  /**
   * Finds what a `$ref` of the earlier schema means; undefined for what it does not know. Without it, and for what it does
   * not know, `#/...` is looked up in that schema itself.
   */
  readonly lookupBefore?: Lookup;
  /** The same for the new schema. */
  readonly lookupAfter?: Lookup;
}

/** Comparisons of parts; two schemas that need more of them have no reader who could follow. */
const maxSteps = 20_000;

/**
 * Finds what breaks for whoever relies on a schema when it becomes another one. Only what is certain is said: conditions
 * that cannot be compared are the same if they are written in the same way; of what a `$ref` without a target means
 * nothing is known.
 *
 * @param before The earlier schema, JSON Schema of any draft from 3 on or as in OpenAPI 3.0.
 * @param after The new one.
 * @param options The direction, what is described, and what references mean.
 *
 * @returns One line for each break; none if the new schema does as well.
 */
export function schemaBreaks(before: unknown, after: unknown, options: SchemaBreaksOptions): readonly string[] {
  const { direction, at = "" } = options;
  const words = wordsOf(direction);
  const known = { before: lookupIn(before, options.lookupBefore), after: lookupIn(after, options.lookupAfter) };
  const open: (readonly [unknown, unknown])[] = [];
  let steps = 0;

  const compare = (before: unknown, after: unknown, where: string): readonly string[] => {
    const [old, now] = [target(before, known.before), target(after, known.after)];
    // A schema that holds itself: whether it fits is what is being found out.
    if (++steps > maxSteps || open.some(([a, b]) => a === old && b === now)) return [];
    const olds = alternativesOf(old, known.before);
    const news = alternativesOf(now, known.after);
    if (olds === undefined || news === undefined) return [];
    open.push([old, now]);
    const found = direction === "request" ? compareAll(olds, news, where) : compareAll(news, olds, where);
    open.pop();
    return found;
  };

  /** Whatever is of the inner alternatives must be of one of the outer ones. */
  const compareAll = (inner: readonly Alternative[], outer: readonly Alternative[], where: string) => {
    const lost = inner.filter(({ type }) => !outer.some((wide) => isOfType(type, wide.type)));
    const problems = lost.length > 0 ? [`${where} ${words.type(inner, outer, lost)}`] : [];
    for (const one of inner) {
      const fitting = outer.filter(({ type }) => isOfType(one.type, type));
      for (const part of eachValue(one, fitting)) {
        problems.push(...closest(fitting.map((wide) => compareOne(part, wide, where))));
      }
    }
    return [...new Set(problems)];
  };

  const compareOne = (inner: Alternative, outer: Alternative, where: string): readonly string[] => {
    const [narrow, wide] = [valuesOf(inner), valuesOf(outer)];
    if (wide !== undefined) {
      if (narrow === undefined) return [`${where} ${words.anyValue(inner.type, wide)}`];
      const lost = narrow.filter((value) => !includes(wide, value));
      return lost.length > 0 ? [`${where} ${words.values(lost)}`] : [];
    }
    return [
      ...limitBreaks(inner, outer, where),
      // Whether single values keep a condition is not found out.
      ...(narrow === undefined ? conditionBreaks(inner, outer, where) : []),
      ...(inner.type === "array" ? itemBreaks(inner, outer, where) : []),
      ...(inner.type === "object" ? propertyBreaks(inner, outer, where) : []),
    ];
  };

  const limitBreaks = (inner: Alternative, outer: Alternative, where: string): readonly string[] =>
    keywords[inner.type].limits.flatMap((name) => {
      const [narrow, wide] = [limitOf(inner, name), limitOf(outer, name)];
      if (wide === undefined || (narrow !== undefined && isWithin(narrow, wide, name))) return [];
      return [`${where} ${words.keyword(name, narrow && showLimit(narrow, name), showLimit(wide, name))}`];
    });

  const conditionBreaks = (inner: Alternative, outer: Alternative, where: string): readonly string[] =>
    [...keywords[inner.type].conditions, ...anyConditions].flatMap((name) => {
      const [narrow, wide] = [conditionsIn(inner, name), conditionsIn(outer, name)];
      if (wide.every((one) => narrow.some((other) => impliesCondition(name, other, one)))) return [];
      return [`${where} ${words.keyword(name, narrow.length > 0 ? list(narrow) : undefined, list(wide))}`];
    });

  const between = (inner: unknown, outer: unknown, where: string) =>
    direction === "request" ? compare(inner, outer, where) : compare(outer, inner, where);

  const itemBreaks = (inner: Alternative, outer: Alternative, where: string): readonly string[] => {
    const length = Math.max(tupleLength(inner), tupleLength(outer));
    // Of lists that are too long nothing more is said than that.
    const most = Math.min(
      ...[inner, outer].map((side) => limitOf(side, "maxItems")?.value ?? Number.POSITIVE_INFINITY),
    );
    const each = Array.from({ length: Math.min(length, most) }, (_, index) =>
      between(itemAt(inner, index), itemAt(outer, index), `${where}[${index}]`),
    );
    return [
      ...each.flat(),
      ...(most > length ? between(itemAt(inner, length), itemAt(outer, length), `${where}[]`) : []),
    ];
  };

  const propertyBreaks = (inner: Alternative, outer: Alternative, where: string): readonly string[] => {
    const [narrow, wide] = [propertyOf(inner), propertyOf(outer)];
    const [must, needed] = [requiredOf(inner), requiredOf(outer)];
    const keyBreaks = (name: string): readonly string[] => {
      const path = `${where}.${name}`;
      const described = narrow.describes(name);
      // Who could rely on a key cannot do so when nothing is said of it any more.
      if (direction === "response" && wide.describes(name) && !described) return [`${path} is gone`];
      const missing = needed.has(name) && !must.has(name) ? [`${path} ${words.required(described)}`] : [];
      const [given, taken] = [narrow.schema(name), wide.schema(name)];
      if (given === false) return missing;
      if (taken === false) return described ? [`${path} ${words.key()}`] : missing;
      // Nobody has passed a key that was not described, though some could have.
      if (!described && given === true) return missing;
      return [...missing, ...between(given, taken, path)];
    };
    const names = new Set([...narrow.names, ...wide.names, ...needed]);
    return [...[...names].flatMap(keyBreaks), ...otherKeyBreaks(narrow.schema(), wide.schema(), where)];
  };

  const otherKeyBreaks = (given: unknown, taken: unknown, where: string): readonly string[] => {
    if (taken === false && given !== false) return [`${where} ${words.otherKeys()}`];
    return given === taken ? [] : between(given, taken, `${where}.*`);
  };

  return compare(before, after, at).map((line) => line.trim());
}

/** One alternative for each value, where each of them may fit another alternative. */
function eachValue(one: Alternative, fitting: readonly Alternative[]): readonly Alternative[] {
  const values = fitting.length > 1 ? valuesOf(one) : undefined;
  return values?.map((value) => ({ ...one, parts: [...one.parts, { const: value }] })) ?? [one];
}

/** What is wrong with the alternative that fits best. */
function closest(found: readonly (readonly string[])[]): readonly string[] {
  return [...found].sort((a, b) => a.length - b.length)[0] ?? [];
}

function conditionsIn({ parts }: Alternative, name: string): readonly unknown[] {
  return parts.flatMap((part) => (name in part && part[name] !== false ? [part[name]] : []));
}
