import * as v from "valibot";
import type { Value } from "./document.ts";
import { keyTables, readFields } from "./keys.ts";
import type { Problems } from "./problems.ts";

/** What a file says of one parameter. */
export interface Facets {
  /** The value of a facet; none if it is empty, as in `default:`. */
  value(facet: string): Value | undefined;
  /** The value of a facet that must fit a schema. */
  read<T>(facet: string, schema: v.GenericSchema<unknown, T>): T | undefined;
  /** A facet as it is written. */
  text(facet: string): string | undefined;
  /** Adds a problem on the line of a facet, or of the value that is at fault. */
  problem(facet: string, message: string, at?: Value): void;
  /** Logs what a facet says in vain. */
  warn(facet: string, message: string): void;
}

export const flag = v.boolean("expected true or false");
export const bound = v.pipe(v.number("expected a number"), v.finite("expected a finite number"));
export const count = v.pipe(
  v.number("expected a number of characters"),
  v.safeInteger("expected a whole number of characters"),
  v.minValue(0, "expected 0 or more characters"),
);

/**
 * Reads the facets of a named parameter.
 *
 * @param described The mapping below the parameter's name.
 * @param where The parameter, for messages.
 * @param problems Gets what is wrong.
 *
 * @returns The facets.
 */
export function readFacets(described: Value, where: string, problems: Problems): Facets {
  const { known } = readFields(described, where, keyTables.parameter, problems);
  const value = (facet: string): Value | undefined => {
    const found = known.get(facet)?.value;
    return found?.kind === "scalar" && found.value === null ? undefined : found;
  };
  const lineOf = (facet: string, at?: Value) => at?.line ?? known.get(facet)?.line ?? described.line;
  const problem = (facet: string, message: string, at?: Value) =>
    problems.add(lineOf(facet, at), `${where}: ${facet}: ${message}`);
  return {
    value,
    problem,
    warn: (facet, message) => problems.warn(lineOf(facet), `${where} ${facet}`, `${where}: ${facet}: ${message}`),
    read(facet, schema) {
      const found = value(facet);
      if (!found) return undefined;
      const result = v.safeParse(schema, found.kind === "scalar" ? found.value : undefined);
      if (result.success) return result.output;
      problem(facet, `${result.issues[0].message}, found ${shown(found)}`, found);
      return undefined;
    },
    text(facet) {
      const found = value(facet);
      if (!found || found.kind === "scalar") return found?.text;
      problem(facet, `expected text, found ${shown(found)}`, found);
      return undefined;
    },
  };
}

/**
 * Creates what a message says was found.
 *
 * @param value A value of the file.
 *
 * @returns The value as it is written, text in quotation marks; or what kind of value it is.
 */
export function shown(value: Value): string {
  if (value.kind === "scalar") return typeof value.value === "string" ? JSON.stringify(value.value) : value.text;
  return value.kind === "map" ? "a mapping" : "a list";
}
