import { must } from "../fault.ts";

/** Tree of a file before it is put in order: children of a node, undefined for a leaf. */
export type Children = (node: number) => readonly [whenTrue: number, whenFalse: number] | undefined;

/** Nodes in order, parents before children, and leaves; each has a number among its kind. */
export interface Order {
  readonly nodes: Int32Array;
  readonly leaves: Int32Array;
  /** Number of each node of the file: of a leaf the complement. */
  readonly placed: Int32Array;
}

/**
 * Puts nodes in order, depth first, and finds what is no tree. Two nodes may lead to the same one, as converters of
 * LightGBM write sets of categories; a way back is refused.
 *
 * @param count Number of nodes in the file.
 * @param roots Nodes where trees begin.
 * @param children Children of a node.
 */
export function ordered(count: number, roots: ArrayLike<number>, children: Children): Order {
  const placed = new Int32Array(count);
  // 0 is new, 1 is on the way, 2 is done.
  const state = new Uint8Array(count);
  const nodes: number[] = [];
  const leaves: number[] = [];
  for (let tree = 0; tree < roots.length; tree += 1) {
    const stack = [roots[tree] ?? 0];
    while (stack.length > 0) {
      const node = stack.at(-1) ?? 0;
      const below = children(node);
      if (state[node] === 0 && below === undefined) {
        placed[node] = ~leaves.length;
        leaves.push(node);
        state[node] = 2;
      }
      if (state[node] !== 0 || below === undefined) {
        state[node] = 2;
        stack.pop();
        continue;
      }
      state[node] = 1;
      placed[node] = nodes.length;
      nodes.push(node);
      for (const child of [below[1], below[0]]) {
        must(
          child >= 0 && child < count,
          () => `tree ${tree}: expected a child of node ${node} below ${count}, found ${child}`,
        );
        must(state[child] !== 1, () => `tree ${tree}: expected a tree, found a way back from node ${node} to ${child}`);
        if (state[child] === 0) stack.push(child);
      }
    }
  }
  return { nodes: Int32Array.from(nodes), leaves: Int32Array.from(leaves), placed };
}
