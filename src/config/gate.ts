/** What a metric must be. */
export interface Gate {
  readonly operator: ">=" | ">" | "<=" | "<" | "==";
  /**
   * Right side of a gate.
   *
   * @param previous The same metric of the model that serves.
   *
   * @returns A number; undefined if the right side speaks of a previous metric and there is none.
   */
  bound(previous: number | undefined): number | undefined;
}

/** What a gate looks like, for messages. */
export const gateForm =
  'a gate: ">=", ">", "<=", "<" or "==", and then a number, "previous", or "previous" with "*", "+" or "-" and a number, such as ' +
  '">= 0.9" or "<= previous * 1.02"';

const number = String.raw`([+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?)`;
const form = new RegExp(String.raw`^\s*(>=|>|<=|<|==)\s*(?:${number}|previous(?:\s*([*+-])\s*${number})?)\s*$`);

const calculations: Readonly<Record<string, (previous: number, by: number) => number>> = {
  "*": (previous, by) => previous * by,
  "+": (previous, by) => previous + by,
  "-": (previous, by) => previous - by,
};

/**
 * Creates a gate from its text.
 *
 * @param text `>= 0.9`, `>= previous`, `<= previous * 1.02`.
 *
 * @returns The gate; undefined if the text is none.
 */
export function parseGate(text: string): Gate | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  const [, operator, constant, sign, by] = match;
  const operand = Number(constant ?? by ?? 0);
  if (!Number.isFinite(operand)) return undefined;
  const calculate = calculations[sign ?? "+"];
  return {
    operator: operator as Gate["operator"],
    bound: (previous) => {
      if (constant !== undefined) return operand;
      return previous === undefined ? undefined : calculate?.(previous, operand);
    },
  };
}
