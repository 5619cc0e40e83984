import { damaged } from "./faults.ts";
import { type Forest, stride } from "./forest.ts";

/**
 * Checks a forest that came from a store: every position, slot, value and set is there, and children stand after their
 * parents, so that no row walks out of it or for ever.
 *
 * @param forest Trees, as they were stored.
 * @param features Number of features.
 * @param outputs Number of scores.
 * @param where What the contents are, for messages.
 */
export function checkForest(forest: Forest, features: number, outputs: number, where: string): void {
  const fault = damaged(where);
  const { grid, nodes, roots, depths, groups, values, width, cover, sets, setStart } = forest;
  const arrays: readonly (readonly [string, unknown, ...(new (...args: never[]) => unknown)[]])[] = [
    ["slotFeature", grid?.slotFeature, Int32Array],
    ["slotMissing", grid?.slotMissing, Uint8Array],
    ["cuts", grid?.cuts, Float64Array],
    ["cutStart", grid?.cutStart, Int32Array],
    ["nodes", nodes, Int32Array],
    ["roots", roots, Int32Array],
    ["depths", depths, Int32Array],
    ["groups", groups, Int32Array],
    ["values", values, Float32Array, Float64Array],
    ["cover", cover, Float32Array, Float64Array],
    ["sets", sets, Int32Array],
    ["setStart", setStart, Int32Array],
  ];
  for (const [name, array, ...types] of arrays) {
    if (!types.some((type) => array instanceof type)) fault(name, "numbers of its type", "something else");
  }
  const slots = grid.slotFeature.length;
  const leaves = values.length / width;
  const ascending = (array: Int32Array, end: number) =>
    array[0] === 0 &&
    array[array.length - 1] === end &&
    array.every((start, i) => i === 0 || start >= (array[i - 1] ?? 0));
  if (!ascending(grid.cutStart, grid.cuts.length) || grid.cutStart.length !== features + 1) {
    fault("cutStart", "the thresholds of each feature", "other places");
  }
  if (!ascending(setStart, sets.length)) fault("setStart", "the start of each set", "other places");
  if (grid.slotMissing.length !== slots || grid.slotFeature.some((feature) => !(feature >= 0 && feature < features))) {
    fault("slots", `features from 0 to ${features - 1}`, "others");
  }
  if (!Number.isInteger(leaves) || nodes.length % stride !== 0 || cover.length !== nodes.length / stride) {
    fault("nodes", `${stride} numbers a node`, `${nodes.length}`);
  }
  for (let node = 0; node < nodes.length; node += stride) {
    const slot = nodes[node] as number;
    const bin = nodes[node + 1] as number;
    const left = nodes[node + 2] as number;
    const right = nodes[node + 3] as number;
    const ok =
      left === node
        ? right === node && bin >= 0 && bin < leaves && slot === 0
        : left > node &&
          right > node &&
          left < nodes.length &&
          right < nodes.length &&
          (left | right) % stride === 0 &&
          slot >= 0 &&
          slot < slots &&
          -bin < setStart.length;
    if (!ok) fault(`node ${node / stride}`, "a node or a leaf", "neither");
  }
  const trees = roots.length;
  if (depths.length !== trees || groups.length !== trees) fault("roots", "as many as depths and groups", `${trees}`);
  for (let tree = 0; tree < trees; tree++) {
    const group = groups[tree] as number;
    const root = roots[tree] as number;
    if (!(root >= 0 && root < nodes.length && root % stride === 0)) fault(`root ${tree}`, "a node", `${root}`);
    if (!(group >= 0 && group + width <= outputs)) fault(`group ${tree}`, `less than ${outputs}`, `${group}`);
    if (!((depths[tree] as number) >= 0)) fault(`depth ${tree}`, "0 or more", `${depths[tree]}`);
  }
}
