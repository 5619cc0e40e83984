import { formatFound } from "../source/problems.ts";
import type { Path, Tree } from "../source/tree.ts";

const suffix = "_var";

/**
 * Finds the key that a `_var` key gives a value to.
 *
 * @param key Any key.
 *
 * @returns The key without `_var`; undefined for any other key.
 */
export function keyOfVariable(key: string): string | undefined {
  return key.endsWith(suffix) && key.length > suffix.length ? key.slice(0, -suffix.length) : undefined;
}

/** Something wrong with a `_var` key. */
export interface VariableProblem {
  readonly path: Path;
  readonly message: string;
}

/**
 * Finds what is wrong with the `_var` keys of a section, at any depth, whatever the variables hold.
 *
 * @param tree The section.
 * @param literal Keys at its top that may not come from a variable.
 *
 * @returns A problem for each.
 */
export function variableProblems(tree: Tree, literal: readonly string[] = []): VariableProblem[] {
  const problems: VariableProblem[] = [];
  visit(tree, [], (path, message) => problems.push({ path, message }), literal);
  return problems;
}

function visit(
  tree: Tree,
  path: Path,
  report: (path: Path, message: string) => void,
  literal: readonly string[],
): void {
  if (tree.kind === "scalar") return;
  for (const [step, { node }] of tree.children.entries()) {
    const here = [...path, step];
    const key = typeof step === "string" ? keyOfVariable(step) : undefined;
    if (key === undefined || tree.kind !== "map") {
      visit(node, here, report, []);
    } else if (literal.includes(key)) {
      report(here, `found a variable, expected ${key} itself, which is needed before variables are read`);
    } else if (node.kind !== "scalar" || typeof node.value !== "string" || node.value === "") {
      report(here, `found ${formatFound(node, key)}, expected the name of an environment variable`);
    } else if (tree.children.has(key)) {
      report(here, `found ${key} as well, expected either ${key} or ${step}. Remove one of them`);
    }
  }
}
