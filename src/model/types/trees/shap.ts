import { isLeaf, sideOf } from "./evaluate.ts";
import { type Forest, stride } from "./forest.ts";
import { limits } from "./limits.ts";

/** Contributions of a row: for each output one number a feature; and what each output is where nothing is known. */
export interface Shares {
  readonly values: Float64Array;
  readonly baseline: Float64Array;
}

/** Share of a parent's training rows that went to a child; half where none came to the parent. */
function shareOf(forest: Forest, parent: number, child: number): number {
  const all = forest.cover[parent / stride] as number;
  return all > 0 ? (forest.cover[child / stride] as number) / all : 0.5;
}

/**
 * Explains one row by TreeSHAP (Lundberg and others, 2018, arXiv:1802.03888, algorithm 2): exact Shapley values where
 * training rows say how likely each branch is.
 */
export class Explainer {
  readonly #forest: Forest;
  readonly #features: number;
  readonly #outputs: number;
  readonly #trees: number;
  readonly #means: Float64Array;
  /** Paths of unique features from the root, one after another: a node's path stands behind that of its parent. */
  readonly #feature: Int32Array;
  readonly #zero: Float64Array;
  readonly #one: Float64Array;
  readonly #weight: Float64Array;
  #values = new Float64Array(0);
  #bins: Int32Array = new Int32Array(0);
  #group = 0;

  /**
   * Creates an explainer.
   *
   * @param forest Trees.
   * @param features Number of features.
   * @param outputs Number of scores.
   * @param trees How many trees count.
   */
  constructor(forest: Forest, features: number, outputs: number, trees: number) {
    this.#forest = forest;
    this.#features = features;
    this.#outputs = outputs;
    this.#trees = trees;
    const { nodes, values, width, roots } = forest;
    let deepest = 0;
    for (let tree = 0; tree < trees; tree++) deepest = Math.max(deepest, forest.depths[tree] as number);
    deepest = Math.min(deepest, limits.maxDepth);
    const path = Math.min(deepest, features) + 2;
    const size = (deepest + 2) * path;
    this.#feature = new Int32Array(size);
    this.#zero = new Float64Array(size);
    this.#one = new Float64Array(size);
    this.#weight = new Float64Array(size);
    // Children stand after their parents: from the end, each mean is known before it is needed.
    const means = new Float64Array((nodes.length / stride) * width);
    for (let node = nodes.length - stride; node >= 0; node -= stride) {
      const at = (node / stride) * width;
      const left = nodes[node + 2] as number;
      const right = nodes[node + 3] as number;
      for (let i = 0; i < width; i++) {
        means[at + i] = isLeaf(nodes, node)
          ? (values[(nodes[node + 1] as number) * width + i] as number)
          : shareOf(forest, node, left) * (means[(left / stride) * width + i] as number) +
            shareOf(forest, node, right) * (means[(right / stride) * width + i] as number);
      }
    }
    this.#means = new Float64Array(outputs);
    for (let tree = 0; tree < trees; tree++) {
      const at = ((roots[tree] as number) / stride) * width;
      for (let i = 0; i < width; i++) {
        const output = (forest.groups[tree] as number) + i;
        this.#means[output] = (this.#means[output] as number) + (means[at + i] as number);
      }
    }
  }

  /** Explains a row by the numbers of all its slots. */
  explain(bins: Int32Array): Shares {
    this.#values = new Float64Array(this.#outputs * this.#features);
    this.#bins = bins;
    for (let tree = 0; tree < this.#trees; tree++) {
      this.#group = this.#forest.groups[tree] as number;
      this.#visit(this.#forest.roots[tree] as number, 0, 0, 0, 1, 1, -1);
    }
    return { values: this.#values, baseline: this.#means.slice() };
  }

  /** Walks into a node: `parent` is the place of its parent's path, of which `length` elements count. */
  #visit(
    node: number,
    parent: number,
    start: number,
    length: number,
    zero: number,
    one: number,
    feature: number,
  ): void {
    const { nodes, grid } = this.#forest;
    for (let i = 0; i < length; i++) {
      this.#feature[start + i] = this.#feature[parent + i] as number;
      this.#zero[start + i] = this.#zero[parent + i] as number;
      this.#one[start + i] = this.#one[parent + i] as number;
      this.#weight[start + i] = this.#weight[parent + i] as number;
    }
    this.#extend(start, length, zero, one, feature);
    if (isLeaf(nodes, node)) {
      this.#credit(node, start, length);
      return;
    }
    const own = grid.slotFeature[nodes[node] as number] as number;
    const hot = nodes[node + 2 + sideOf(this.#forest, node, this.#bins)] as number;
    const left = nodes[node + 2] as number;
    const cold = hot === left ? (nodes[node + 3] as number) : left;
    let depth = length;
    let zeroBefore = 1;
    let oneBefore = 1;
    let same = 1;
    while (same <= length && this.#feature[start + same] !== own) same++;
    if (same <= length) {
      zeroBefore = this.#zero[start + same] as number;
      oneBefore = this.#one[start + same] as number;
      this.#unwind(start, length, same);
      depth--;
    }
    const next = start + depth + 1;
    this.#visit(hot, start, next, depth + 1, zeroBefore * shareOf(this.#forest, node, hot), oneBefore, own);
    this.#visit(cold, start, next, depth + 1, zeroBefore * shareOf(this.#forest, node, cold), 0, own);
  }

  /** Adds a feature to the end of a path. */
  #extend(start: number, length: number, zero: number, one: number, feature: number): void {
    this.#feature[start + length] = feature;
    this.#zero[start + length] = zero;
    this.#one[start + length] = one;
    this.#weight[start + length] = length === 0 ? 1 : 0;
    for (let i = length - 1; i >= 0; i--) {
      const weight = this.#weight[start + i] as number;
      const above = this.#weight[start + i + 1] as number;
      this.#weight[start + i + 1] = above + (one * weight * (i + 1)) / (length + 1);
      this.#weight[start + i] = (zero * weight * (length - i)) / (length + 1);
    }
  }

  /** Takes a feature out of a path. */
  #unwind(start: number, length: number, index: number): void {
    const zero = this.#zero[start + index] as number;
    const one = this.#one[start + index] as number;
    let next = this.#weight[start + length] as number;
    for (let i = length - 1; i >= 0; i--) {
      const weight = this.#weight[start + i] as number;
      if (one !== 0) {
        this.#weight[start + i] = (next * (length + 1)) / ((i + 1) * one);
        next = weight - ((this.#weight[start + i] as number) * zero * (length - i)) / (length + 1);
      } else if (zero !== 0) {
        this.#weight[start + i] = (weight * (length + 1)) / (zero * (length - i));
      }
    }
    for (let i = index; i < length; i++) {
      this.#feature[start + i] = this.#feature[start + i + 1] as number;
      this.#zero[start + i] = this.#zero[start + i + 1] as number;
      this.#one[start + i] = this.#one[start + i + 1] as number;
    }
  }

  /** Sum of the weights of a path without one feature. */
  #sumWithout(start: number, length: number, index: number): number {
    const zero = this.#zero[start + index] as number;
    const one = this.#one[start + index] as number;
    let next = this.#weight[start + length] as number;
    let total = 0;
    for (let i = length - 1; i >= 0; i--) {
      const weight = this.#weight[start + i] as number;
      if (one !== 0) {
        const part = (next * (length + 1)) / ((i + 1) * one);
        total += part;
        next = weight - (part * zero * (length - i)) / (length + 1);
      } else if (zero !== 0) {
        total += (weight * (length + 1)) / (zero * (length - i));
      }
    }
    return total;
  }

  /** Credits the features of a path with the value of its leaf. */
  #credit(leaf: number, start: number, length: number): void {
    const { nodes, values, width } = this.#forest;
    const at = (nodes[leaf + 1] as number) * width;
    for (let i = 1; i <= length; i++) {
      const weight = this.#sumWithout(start, length, i);
      const share = weight * ((this.#one[start + i] as number) - (this.#zero[start + i] as number));
      for (let k = 0; k < width; k++) {
        const place = (this.#group + k) * this.#features + (this.#feature[start + i] as number);
        this.#values[place] = (this.#values[place] as number) + share * (values[at + k] as number);
      }
    }
  }
}
