import { expected, type OptionReader } from "../access/options.ts";

const operators = ["==", "!=", "<", "<=", ">", ">=", "in", "not in"] as const;

/** A value that cells are compared with. */
export type Literal = string | number | bigint | boolean;

/** What a cell must be. */
export interface Condition {
  readonly column: string;
  readonly operator: (typeof operators)[number];
  /** One, or any number for `in` and `not in`. */
  readonly values: readonly Literal[];
}

/** Which rows are wanted: those that meet all conditions of at least one list. */
export type Filters = readonly (readonly Condition[])[];

const form = "a list of conditions such as [year, '>=', 2024], or a list of such lists of which one must hold,";

/** Takes what pandas' `read_parquet` takes as `filters`. */
export const filtersOption: OptionReader<Filters> = (value) => {
  if (!Array.isArray(value) || value.length === 0) throw expected(form);
  if (value.every(isCondition)) return [value.map(condition)];
  if (value.every((list) => Array.isArray(list) && list.length > 0 && list.every(isCondition))) {
    return (value as unknown[][]).map((list) => list.map(condition));
  }
  throw expected(`${form} with one of ${operators.join(", ")}`);
};

/**
 * Lists the columns that filters look at.
 *
 * @param filters The filters.
 *
 * @returns Their names, each once.
 */
export function filteredColumns(filters: Filters): readonly string[] {
  return [...new Set(filters.flat().map(({ column }) => column))];
}

type Written = readonly [string, string, unknown];

function isCondition(value: unknown): value is Written {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [column, sign, given] = value as unknown[];
  const operator = operatorOf(sign);
  if (typeof column !== "string" || operator === undefined) return false;
  return operator.endsWith("in") ? Array.isArray(given) && given.every(isLiteral) : isLiteral(given);
}

/** pandas takes one `=`, too. */
function operatorOf(sign: unknown): Condition["operator"] | undefined {
  return operators.find((operator) => operator === (sign === "=" ? "==" : sign));
}

function isLiteral(value: unknown): value is Literal {
  return ["string", "boolean", "bigint"].includes(typeof value) || Number.isFinite(value);
}

function condition(written: unknown): Condition {
  const [column, sign, given] = written as Written;
  const values = (Array.isArray(given) ? given : [given]) as Literal[];
  return { column, operator: operatorOf(sign) ?? "==", values };
}
