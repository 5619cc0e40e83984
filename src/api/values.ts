import type { JsonSchema } from "./definition.ts";

/** The type of a single value. */
export type ValueType = "number" | "integer" | "string" | "boolean";

/** What a single value must be: a JSON Schema of one scalar type. */
export interface ValueRules {
  readonly type: ValueType;
  readonly enum?: readonly (string | number | boolean)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A regular expression of ECMAScript. */
  readonly pattern?: string;
}

/** A value of the declared type, or everything that was expected of it and is not so. */
export type ValueOutcome =
  | { readonly value: string | number | boolean; readonly expected?: never }
  | { readonly expected: readonly string[] };

type Scalar = string | number | boolean;

// No two quantifiers of it can match the same digits: it stays linear on hostile input.
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const whole = /^[+-]?\d+$/;
const booleans: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ["true", true],
  ["1", true],
  [1, true],
  ["false", false],
  ["0", false],
  [0, false],
]);

const types: Record<ValueType, { expected: string; coerce(raw: unknown): Scalar | undefined }> = {
  number: {
    expected: "expected a number",
    coerce(raw) {
      const number = typeof raw === "string" ? numberIn(raw, decimal) : raw;
      return typeof number === "number" && Number.isFinite(number) ? number : undefined;
    },
  },
  integer: {
    expected: `expected a whole number from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`,
    coerce(raw) {
      const number = typeof raw === "string" ? numberIn(raw, whole) : raw;
      return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
    },
  },
  string: {
    expected: "expected text",
    coerce(raw) {
      if (typeof raw === "string") return raw;
      // Past 2^53 JSON.parse has already changed the digits, and an identifier would become another one.
      if (typeof raw !== "number" || !Number.isFinite(raw) || (Number.isInteger(raw) && !Number.isSafeInteger(raw))) {
        return undefined;
      }
      return String(raw);
    },
  },
  boolean: {
    expected: "expected true, false, 1 or 0",
    coerce: (raw) =>
      typeof raw === "boolean" ? raw : booleans.get(typeof raw === "string" ? raw.trim().toLowerCase() : raw),
  },
};

/** The types that a single value can have. */
export const valueTypes = Object.keys(types) as readonly ValueType[];

/**
 * Reads what a parameter's schema says of a single value: of its items if it is an array.
 *
 * @param schema The schema of a parameter.
 *
 * @returns The rules of one value, and whether it takes several.
 */
export function valueRulesOf(schema: JsonSchema): { rules: ValueRules; array: boolean } {
  const whole: { readonly type?: unknown; readonly items?: unknown } = typeof schema === "object" ? schema : {};
  const array = whole.type === "array";
  const one = array && typeof whole.items === "object" ? whole.items : array ? {} : whole;
  return { rules: { type: "string", ...one }, array };
}

/**
 * Creates a function that turns text or a JSON value into a value of the declared type.
 *
 * @param rules The type and the constraints.
 *
 * @returns A function from a raw value to its outcome.
 *
 * @throws SyntaxError when the pattern is no regular expression.
 */
export function compileValue(rules: ValueRules): (raw: unknown) => ValueOutcome {
  const { coerce, expected } = types[rules.type];
  const mismatch: ValueOutcome = { expected: [expected] };
  const checks = compileChecks(rules);
  return (raw) => {
    const value = coerce(raw);
    if (value === undefined) return mismatch;
    let faults: string[] | undefined;
    for (const check of checks) {
      if (check.holds(value)) continue;
      faults ??= [];
      faults.push(check.expected);
    }
    return faults ? { expected: faults } : { value };
  };
}

/**
 * Creates the regular expression of a pattern: with full Unicode where the pattern allows it.
 *
 * @param pattern A regular expression of ECMAScript, matched anywhere in a value as `test` does.
 *
 * @returns The regular expression.
 *
 * @throws SyntaxError when the pattern is no regular expression.
 */
export function patternOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch {
    // Older patterns escape what the `u` flag does not let them escape.
    return new RegExp(pattern);
  }
}

function compileChecks(rules: ValueRules): { expected: string; holds(value: Scalar): boolean }[] {
  const { minimum, maximum, minLength, maxLength, pattern } = rules;
  const checks: { expected: string; holds(value: Scalar): boolean }[] = [];
  if (rules.enum) {
    const choices = new Set<Scalar>(rules.enum);
    checks.push({ expected: `expected one of ${rules.enum.join(", ")}`, holds: (value) => choices.has(value) });
  }
  if (minimum !== undefined) {
    checks.push({ expected: `expected at least ${minimum}`, holds: (value) => Number(value) >= minimum });
  }
  if (maximum !== undefined) {
    checks.push({ expected: `expected at most ${maximum}`, holds: (value) => Number(value) <= maximum });
  }
  if (minLength !== undefined) {
    checks.push({
      expected: `expected ${minLength} characters or more`,
      holds: (value) => lengthOf(value) >= minLength,
    });
  }
  if (maxLength !== undefined) {
    checks.push({
      expected: `expected ${maxLength} characters or fewer`,
      holds: (value) => lengthOf(value) <= maxLength,
    });
  }
  if (pattern !== undefined) {
    const expression = patternOf(pattern);
    checks.push({
      expected: `expected text that matches ${pattern}`,
      // A text that is too long already has its fault, and a costly pattern need not see it.
      holds: (value) => (maxLength !== undefined && lengthOf(value) > maxLength) || expression.test(String(value)),
    });
  }
  return checks;
}

function numberIn(text: string, form: RegExp): number | undefined {
  const trimmed = text.trim();
  return form.test(trimmed) ? Number(trimmed) : undefined;
}

/** Characters, not UTF-16 units: a caller who sends one emoji has sent one character. */
function lengthOf(value: Scalar): number {
  const text = String(value);
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}
