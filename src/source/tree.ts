/** A line in a file. */
export interface SourcePosition {
  readonly file: URL;
  /** From 1. */
  readonly line: number;
}

interface Node {
  /** Where the value begins; undefined for a configuration given as a value. */
  readonly at: SourcePosition | undefined;
  /** How many values it stands for, with every use of an alias counted. */
  readonly size: number;
  /** How many mappings and lists are inside each other. */
  readonly depth: number;
}

export interface ScalarTree extends Node {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** How a file says it: `1.10` for the number 1.1. */
  readonly source: string | undefined;
}

export interface ListTree extends Node {
  readonly kind: "list";
  readonly children: readonly Child[];
}

export interface MapTree extends Node {
  readonly kind: "map";
  readonly children: ReadonlyMap<string, Child>;
}

/** A configuration as it was written, with its places; aliases share their node. */
export type Tree = ScalarTree | ListTree | MapTree;

/** A value in a mapping or list. */
export interface Child {
  /** Where its key or item is. */
  readonly at: SourcePosition | undefined;
  readonly node: Tree;
}

/** The keys and indexes that lead to a value. */
export type Path = readonly (string | number)[];

/**
 * Creates a scalar.
 *
 * @param value The value.
 * @param at Where it is.
 * @param source How the file says it.
 *
 * @returns A tree without children.
 */
export function scalarTree(value: ScalarTree["value"], at?: SourcePosition, source?: string): ScalarTree {
  return { kind: "scalar", value, source, at, size: 1, depth: 0 };
}

/**
 * Creates a list.
 *
 * @param children The items in order.
 * @param at Where it begins.
 *
 * @returns A tree.
 */
export function listTree(children: readonly Child[], at?: SourcePosition): ListTree {
  return { kind: "list", children, at, ...measure(children) };
}

/**
 * Creates a mapping.
 *
 * @param children The values by key.
 * @param at Where it begins.
 *
 * @returns A tree.
 */
export function mapTree(children: ReadonlyMap<string, Child>, at?: SourcePosition): MapTree {
  return { kind: "map", children, at, ...measure(children.values()) };
}

function measure(children: Iterable<Child>): { size: number; depth: number } {
  let size = 1;
  let depth = 0;
  for (const { node } of children) {
    size += node.size;
    depth = Math.max(depth, node.depth);
  }
  return { size, depth: depth + 1 };
}

/**
 * Creates the plain value of a tree.
 *
 * @param tree The tree.
 *
 * @returns A value that shares nothing with the tree, and no part with another part.
 */
export function plainOf(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.children.map(({ node }) => plainOf(node));
  return Object.fromEntries(Array.from(tree.children, ([key, { node }]) => [key, plainOf(node)]));
}

/**
 * Finds what a path leads to.
 *
 * @param tree Where the path starts.
 * @param path Keys and indexes.
 *
 * @returns The value and its place, or those of the nearest ancestor that is there, with the length of the path to it.
 */
export function follow(tree: Tree, path: Path): Child & { readonly length: number } {
  let found: Child = { node: tree, at: tree.at };
  let length = 0;
  for (const step of path) {
    const child = childOf(found.node, step);
    if (child === undefined) break;
    found = child;
    length += 1;
  }
  // What is included is found in its own file.
  const included = found.node.at !== undefined && found.node.at.file.href !== found.at?.file.href;
  return { node: found.node, at: included ? found.node.at : found.at, length };
}

/**
 * Finds a value in a mapping or list.
 *
 * @param tree The mapping or list.
 * @param step The key or index.
 *
 * @returns The value and the place of its key; undefined if it is not there.
 */
export function childOf(tree: Tree, step: string | number): Child | undefined {
  if (tree.kind === "map") return tree.children.get(String(step));
  return tree.kind === "list" ? tree.children[Number(step)] : undefined;
}
