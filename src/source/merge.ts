import { type Child, type MapTree, mapTree, type Tree } from "./tree.ts";

/** How deep below which section `x_var` is another way to give `x`; above that, keys are names of the user's. */
const variablesBelow: ReadonlyMap<string | undefined, number> = new Map([
  ["dbms", 2],
  ["datasources", 2],
  ["datasinks", 2],
  ["model_store", 1],
]);

/**
 * Creates the configuration of two files: mappings are merged key by key; of anything else the second wins, null
 * included. Where `x_var` is another way to give `x`, one of them replaces the other.
 *
 * @param first The file that gives way.
 * @param second The file that wins.
 *
 * @returns A tree in which every value keeps its own place.
 */
export function mergeTrees(first: Tree, second: Tree): Tree {
  return merged(first, second, []);
}

function merged(first: Tree, second: Tree, path: readonly string[]): Tree {
  if (first.kind !== "map" || second.kind !== "map") return second;
  const children = new Map(first.children);
  const twins = path.length >= (variablesBelow.get(path[0]) ?? Number.POSITIVE_INFINITY);
  for (const [key, child] of second.children) {
    if (twins && !second.children.has(twin(key))) children.delete(twin(key));
    const own = first.children.get(key);
    children.set(key, own ? together(own, child, [...path, key]) : child);
  }
  return mapTree(children, first.at);
}

function together(first: Child, second: Child, path: readonly string[]): Child {
  const node = merged(first.node, second.node, path);
  return node === second.node ? second : { node, at: first.at };
}

function twin(key: string): string {
  return key.endsWith("_var") ? key.slice(0, -4) : `${key}_var`;
}

/**
 * Creates a mapping with the entries of YAML's merge keys (`<<`), which give way to its own.
 *
 * @param own The mapping's own entries.
 * @param sources The mappings named by `<<`; an earlier one wins.
 *
 * @returns All entries.
 */
export function mergeKeys(own: ReadonlyMap<string, Child>, sources: readonly MapTree[]): Map<string, Child> {
  const all = new Map(own);
  for (const source of sources) {
    for (const [key, child] of source.children) if (!all.has(key)) all.set(key, child);
  }
  return all;
}
