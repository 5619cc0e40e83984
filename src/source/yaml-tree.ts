import { type Document, isAlias, isMap, isScalar, isSeq, type Pair } from "yaml";
import type { Limits } from "./limits.ts";
import { mergeKeys } from "./merge.ts";
import type { Problem } from "./problems.ts";
import {
  type Child,
  listTree,
  type MapTree,
  mapTree,
  type Path,
  type SourcePosition,
  scalarTree,
  type Tree,
} from "./tree.ts";
import { type Reading, reservedKey } from "./tree-from-value.ts";

/** The tag of a path that stands for what is in that file. */
export const includeTag = "!include";

/** What a tree is built with. */
export interface Building {
  /** What is in each included file, by path as it was written. */
  readonly included: ReadonlyMap<string, Tree>;
  readonly limits: Limits;
  /** Finds the place of an offset in the text. */
  readonly placeAt: (offset: number) => SourcePosition;
  /** Ends the reading. */
  readonly refuse: (problem: Problem) => never;
}

/**
 * Builds the tree of a document: aliases and included files share their trees, and count each time.
 *
 * @param document A document without errors.
 * @param building What it is built with.
 *
 * @returns The tree, and what is wrong in it.
 */
export function buildTree(document: Document.Parsed, { included, limits, placeAt, refuse }: Building): Reading {
  const problems: Problem[] = [];
  /** By name, what an alias means at this point; undefined while the anchored value is being built. */
  const anchors = new Map<string, Tree | undefined>();
  const placeOf = (node: unknown): SourcePosition => {
    const range = (node as { range?: readonly number[] | null } | null)?.range;
    return placeAt(range?.[0] ?? 0);
  };

  /** Counts a tree that is used once more. */
  const again = (tree: Tree, path: Path, at: SourcePosition): Tree => {
    const stop = (message: string) => refuse({ at, path, message });
    limits.spend(tree.size, stop);
    limits.deeper(path.length + tree.depth, stop);
    return tree;
  };

  const build = (node: unknown, path: Path): Tree => {
    const at = placeOf(node);
    const report = (message: string) => problems.push({ at, path, message });
    limits.spend(1, (message) => refuse({ at, path, message }));
    limits.deeper(path.length, (message) => refuse({ at, path: path.slice(0, 10), message }));
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) return again(target, path, at);
      const isInside = anchors.has(node.source);
      report(
        `found the alias *${node.source} ${isInside ? "inside its own value" : "without a value"}, expected &${node.source} on a value before it`,
      );
      return scalarTree(null, at);
    }
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) anchors.set(anchor, undefined);
    const tree = buildValue(node, path, at);
    if (anchor !== undefined) anchors.set(anchor, tree);
    return tree;
  };

  const buildValue = (node: unknown, path: Path, at: SourcePosition): Tree => {
    if (isMap(node)) return buildMap(node.items, path, at);
    if (isSeq(node)) {
      return listTree(
        node.items.map((item, index) => ({ at: placeOf(item), node: build(item, [...path, index]) })),
        at,
      );
    }
    if (!isScalar(node)) return scalarTree(null, at);
    if (node.tag === includeTag) {
      const target = included.get(String(node.value));
      return target ? again(target, path, at) : scalarTree(null, at);
    }
    return scalarTree(node.value as string | number | boolean | null, at, node.source);
  };

  const buildMap = (pairs: readonly Pair[], path: Path, at: SourcePosition): MapTree => {
    const children = new Map<string, Child>();
    const sources: MapTree[] = [];
    for (const pair of pairs) {
      const { key, value } = pair;
      const place = placeOf(key);
      const report = (name: string, message: string) => problems.push({ at: place, path: [...path, name], message });
      if (!isScalar(key)) {
        problems.push({ at: place, path, message: "found a key that is no text, expected text" });
        continue;
      }
      const name = String(key.value);
      if (name === "<<" && key.type === "PLAIN") {
        sources.push(...mergeSources(build(value, [...path, name]), path, place));
        continue;
      }
      const child = { at: place, node: build(value, [...path, name]) };
      if (key.anchor !== undefined) anchors.set(key.anchor, scalarTree(name, place));
      const first = children.get(name);
      if (first)
        report(name, `found the key again, expected it once: it is on line ${first.at?.line} already. Remove one`);
      else if (name === "__proto__") report(name, reservedKey);
      else children.set(name, child);
    }
    return mapTree(sources.length > 0 ? mergeKeys(children, sources) : children, at);
  };

  const mergeSources = (tree: Tree, path: Path, at: SourcePosition): MapTree[] => {
    const sources = tree.kind === "list" ? tree.children.map(({ node }) => node) : [tree];
    const maps = sources.filter((source) => source.kind === "map");
    if (maps.length < sources.length) {
      problems.push({ at, path, message: "found << with something else, expected a mapping or a list of mappings" });
    }
    return maps;
  };

  return { tree: build(document.contents, []), problems };
}
