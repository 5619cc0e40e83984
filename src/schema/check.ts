/** What a check returns for a value that does not fit. */
export const refused: unique symbol = Symbol("refused");

/**
 * Checks a value. Returns it, with defaults and conversions where its schema asks for them, or `refused`; what was
 * expected is told to the run. A value that is plain already is returned as it is, not copied.
 */
export type Check = (value: unknown, at: At, run: ValidationState) => unknown;

/** Where a value stands: an argument, or what a key leads to. The same object is used for all items of a list. */
export interface At {
  readonly parent?: At;
  key: string | number;
}

/** One use of a check. */
export interface ValidationState {
  /** Told what is wrong, and where. */
  report(at: At, message: string, received: unknown): void;
  /** More than 0 while alternatives are tried: what does not fit is no fault then. */
  quiet: number;
  /** Set when no further fault is of interest. */
  full: boolean;
  /** What recursive schemas made of values, because alternatives may ask for the same again and again. */
  known?: Map<Check, Map<unknown, Known>>;
}

interface Known {
  result: unknown;
  /** Whether its faults have been reported. */
  told: boolean;
}

/** A condition that a value meets or not. */
export interface Assertion {
  /** As in "at least 3". */
  readonly expected: string;
  /** Whether it holds; a condition says nothing of values of other types. */
  holds(value: unknown): boolean;
}

/**
 * Tells a run that a value does not fit.
 *
 * @param run The run.
 * @param at Where the value stands.
 * @param message What is wrong, as in "expected a number".
 * @param received The value; undefined if there is none.
 *
 * @returns `refused`.
 */
export function refuse(run: ValidationState, at: At, message: string, received: unknown): typeof refused {
  if (run.quiet === 0 && !run.full) run.report(at, message, received);
  return refused;
}

/** As many faults as anybody reads. */
const maxFaults = 10;

/**
 * Creates a run that collects what is wrong, up to ten faults.
 *
 * @param say Creates the text of a fault from the name of its place.
 *
 * @returns The run, and the faults so far.
 */
export function collecting(say: (name: string, message: string) => string) {
  const faults: string[] = [];
  const run: ValidationState = {
    quiet: 0,
    full: false,
    report(at, message) {
      faults.push(say(nameOf(at), message));
      run.full = faults.length >= maxFaults;
    },
  };
  return { run, faults };
}

/**
 * Tries a check.
 *
 * @param check The check.
 * @param value The value.
 * @param at Where it stands.
 * @param run The run, which is told nothing.
 *
 * @returns What the check returns.
 */
export function tried(check: Check, value: unknown, at: At, run: ValidationState): unknown {
  run.quiet++;
  const result = check(value, at, run);
  run.quiet--;
  return result;
}

/** More values than alternatives inside each other need; fewer than would fill a memory. */
const maxKnown = 100_000;

/**
 * Creates a check that asks another one about each value only once in a run. Without it, a recursive schema with two
 * alternatives would be asked 2^n times about a value that is n levels deep, and so would references n levels deep about a
 * number.
 *
 * @param check The check.
 *
 * @returns A check with the same results.
 */
export function remembering(check: Check): Check {
  return (value, at, run) => {
    const silent = run.quiet > 0;
    // The same number may stand in many places, and each has its faults: only trying it is not repeated.
    if (!silent && (typeof value !== "object" || value === null)) return check(value, at, run);
    run.known ??= new Map();
    const known = run.known.get(check) ?? new Map<unknown, Known>();
    run.known.set(check, known);
    const before = known.get(value);
    if (before && (before.result !== refused || before.told || silent)) return before.result;
    const result = check(value, at, run);
    if (known.size < maxKnown) known.set(value, { result, told: !silent });
    return result;
  };
}

/**
 * Creates the name of a place.
 *
 * @param at The place.
 *
 * @returns `rows[2].width`; keys that are no names stand in quotation marks, `rows["a b"]`.
 */
export function nameOf(at: At): string {
  const path: At[] = [];
  for (let one: At | undefined = at; one; one = one.parent) path.unshift(one);
  return path.reduce((name, { key }, depth) => {
    if (depth === 0) return String(key);
    if (typeof key === "number") return `${name}[${key}]`;
    if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key)) return `${name}[${JSON.stringify(key)}]`;
    return name === "" ? key : `${name}.${key}`;
  }, "");
}
