import { LaunchpadError } from "../../../errors.ts";
import { optionHint } from "../../access/messages.ts";
import type { Cell, Params } from "../../types.ts";
import type { SqlParameter } from "../dialect.ts";

/**
 * Creates the values of a query's parameters. Every parameter needs a value and every value a parameter: a database
 * would bind NULL, or nothing, without a word.
 *
 * @param params The values by name.
 * @param names The parameters of the query.
 * @param at The beginning of a message.
 *
 * @returns The values by name, as clients take them: missing is null, whole numbers stay numbers.
 *
 * @throws DATA_INVALID when one lacks the other, or SQL cannot hold a value; the message lists all of them.
 */
export function bindParams(params: Params, names: readonly string[], at: string): ReadonlyMap<string, SqlParameter> {
  const given = Object.keys(params);
  const problems = [
    ...names
      .filter((name) => !given.includes(name) || params[name] === undefined)
      .map((name) => `the query needs a value for :${name}`),
    ...given
      .filter((name) => !names.includes(name))
      .map((name) => `the query has no parameter :${name}; ${optionHint(name, names)}`),
  ];
  const values = new Map<string, SqlParameter>();
  for (const name of names) {
    const value = params[name] ?? null;
    if (holds(value)) values.set(name, typeof value === "number" && Number.isNaN(value) ? null : value);
    else problems.push(`:${name}: a value that SQL can hold expected, found ${describe(value)}`);
  }
  if (problems.length === 0) return values;
  throw new LaunchpadError("DATA_INVALID", problems.map((problem) => `${at}: ${problem}`).join("\n"));
}

function holds(value: Cell): value is SqlParameter {
  if (typeof value === "number") return Number.isFinite(value) || Number.isNaN(value);
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value;
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  return value === null || typeof value === "string" || typeof value === "boolean";
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list. Write one parameter for each of its values: in (:first, :second)";
  return typeof value === "object" && !(value instanceof Date) ? "an object" : String(value);
}
