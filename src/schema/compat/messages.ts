import { canonicalJson } from "../../util/canonical-json.ts";
import type { TypeName } from "../types.ts";
import type { Alternative } from "./alternatives.ts";

/**
 * What must not change for whoever relies on a schema. `request`: nothing that was accepted may be refused. `response`:
 * nothing may come that could not come before.
 */
export type Direction = "request" | "response";

/** The lines that say what breaks. What is `inner` must be within what is `outer`, and is not. */
export interface Words {
  /** Of a type that is lost. */
  type(inner: readonly Alternative[], outer: readonly Alternative[], lost: readonly Alternative[]): string;
  /** Of values of which there is a list now, or was. */
  anyValue(type: TypeName, outer: readonly unknown[]): string;
  /** Of values that a list lacks. */
  values(lost: readonly unknown[]): string;
  /** Of a keyword, with what it says on both sides. */
  keyword(name: string, inner: string | undefined, outer: string | undefined): string;
  /** Of a key that need not be there, or must. */
  required(described: boolean): string;
  /** Of a key that is there on one side only. */
  key(): string;
  /** Of keys that nobody describes. */
  otherKeys(): string;
}

/**
 * Creates the words for one direction.
 *
 * @param direction In a request the inner side is the earlier one, in a response the outer one.
 *
 * @returns What makes lines, each without what it is about.
 */
export function wordsOf(direction: Direction): Words {
  const request = direction === "request";
  const inTime = <T>(inner: T, outer: T): readonly [was: T, is: T] => (request ? [inner, outer] : [outer, inner]);
  return {
    type(inner, outer, lost) {
      if (lost.every(({ type }) => type === "null") && lost.length < inner.length) {
        return request ? "cannot be null any more" : "can be null now";
      }
      const [was, is] = inTime(inner, outer);
      return `was of type ${typesIn(was)}, now ${typesIn(is)}`;
    },
    anyValue: (type, outer) =>
      request ? `takes only ${list(outer)} now` : `can be any ${type} now, was ${list(outer)}`,
    values: (lost) => (request ? `does not take ${list(lost)} any more` : `can be ${list(lost)} now`),
    keyword(name, inner, outer) {
      const [was, is] = inTime(inner, outer);
      if (is === undefined) return `has no ${name} any more, which was ${was}`;
      const before = was === undefined ? "where there was none" : `which was ${was}`;
      return `has ${name === "pattern" ? "another pattern," : `a ${name} of`} ${is}, ${before}`;
    },
    required(described) {
      if (!request) return "can be missing now";
      return described ? "is required now" : "is new and required";
    },
    key: () => (request ? "is gone" : "is new, where there were no other keys"),
    otherKeys: () => (request ? "takes no other keys any more" : "can have other keys now"),
  };
}

/** Values as a line shows them. */
export function list(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === "string" ? value : canonicalJson(value))).join(", ");
}

function typesIn(alternatives: readonly Alternative[]): string {
  const types = new Set(alternatives.map(({ type }) => type));
  if (types.size === 0) return "none";
  return types.size > 5 ? "any" : [...types].join(" or ");
}
