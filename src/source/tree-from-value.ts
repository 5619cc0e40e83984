import { createLimits } from "./limits.ts";
import { configError, type Origin, type Problem } from "./problems.ts";
import { type Child, listTree, mapTree, type Path, scalarTree, type Tree } from "./tree.ts";

/** What was read: the tree, and what was wrong on the way and does not keep the rest from being checked. */
export interface Reading {
  readonly tree: Tree;
  readonly problems: readonly Problem[];
}

/**
 * Reads a configuration that is given as a value.
 *
 * @param value Plain data; a key whose value is undefined is left out.
 * @param origin Where it comes from.
 *
 * @returns The tree, and a problem for each part that is not plain data.
 *
 * @throws CONFIG_INVALID when there is more of it than any configuration has, or it contains itself.
 */
export function readValue(value: unknown, origin: Origin): Reading {
  const problems: Problem[] = [];
  const limits = createLimits();

  const read = (part: unknown, path: Path): Tree => {
    const problem = (message: string): Problem => ({ at: undefined, path: path.slice(0, 10), message });
    const refuse = (message: string): never => {
      throw configError([problem(message)], origin);
    };
    limits.spend(1, refuse);
    limits.deeper(path.length, refuse);
    if (part === null || part === undefined) return scalarTree(null);
    if (typeof part === "string" || typeof part === "number" || typeof part === "boolean") return scalarTree(part);
    if (Array.isArray(part)) return listTree(part.map((item, index) => placeless(read(item, [...path, index]))));
    if (typeof part !== "object" || !isPlain(part)) {
      const expected = "plain data: text, numbers, true, false, null, lists and mappings";
      problems.push(problem(`found ${nameOf(part)}, expected ${expected}`));
      return scalarTree(null);
    }
    const children = new Map<string, Child>();
    for (const [key, inner] of Object.entries(part)) {
      const here = [...path, key];
      if (key === "__proto__") problems.push({ at: undefined, path: here, message: reservedKey });
      else if (inner !== undefined) children.set(key, placeless(read(inner, here)));
    }
    return mapTree(children);
  };

  return { tree: read(value, []), problems };
}

/** What is said about a key that would change an object instead of being in it. */
export const reservedKey = "found the key __proto__, expected any other name. Rename it";

function placeless(node: Tree): Child {
  return { at: undefined, node };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  return `an object of class ${value.constructor.name}`;
}
