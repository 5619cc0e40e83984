/** A version taken apart. */
interface Parsed {
  /** Without zeros at the end: 1.0 and 1.0.0 have the same precedence. */
  readonly numbers: readonly string[];
  /** The identifiers of a pre-release; none for a release. */
  readonly pre: readonly string[];
}

/**
 * Compares two versions by the precedence of Semantic Versioning 2.0.0, section 11: 1.10.0 is above 1.9.0, and 1.0.0
 * above 1.0.0-rc.1. Missing numbers count as zero, and what follows the numbers in any other way than
 * semantic versioning knows (1.0rc1) as a pre-release. Whatever does not begin with a number is below whatever does.
 *
 * @param a A version.
 * @param b Another one.
 *
 * @returns Negative when `a` is below `b`, positive when above, 0 only when they are the same string.
 */
export function compareVersions(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  if (left === undefined || right === undefined) {
    return Number(left !== undefined) - Number(right !== undefined) || compareText(a, b);
  }
  return (
    compareLists(left.numbers, right.numbers, compareNumbers) ||
    Number(left.pre.length === 0) - Number(right.pre.length === 0) ||
    compareLists(left.pre, right.pre, compareIdentifiers) ||
    compareText(a, b)
  );
}

function parse(version: string): Parsed | undefined {
  const match = /^v?(\d+(?:\.\d+)*)(?:[-._]?(.+))?$/.exec(version);
  if (!match) return undefined;
  const numbers = (match[1] ?? "").split(".").map((digits) => digits.replace(/^0+(?=\d)/, ""));
  while (numbers.at(-1) === "0") numbers.pop();
  return { numbers, pre: match[2]?.split(".") ?? [] };
}

function compareLists(a: readonly string[], b: readonly string[], compare: (a: string, b: string) => number): number {
  for (const [at, item] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const order = compare(item, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Compares digits without leading zeros, however many there are. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

function compareIdentifiers(a: string, b: string): number {
  const [leftNumeric, rightNumeric] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (leftNumeric && rightNumeric) return compareNumbers(a.replace(/^0+(?=\d)/, ""), b.replace(/^0+(?=\d)/, ""));
  return Number(rightNumeric) - Number(leftNumeric) || compareText(a, b);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
