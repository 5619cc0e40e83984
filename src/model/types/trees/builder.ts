import type { Fault } from "./faults.ts";
import { type Forest, stride } from "./forest.ts";
import { distinct, type Grid, type Missing, missing, rankOf } from "./grid.ts";
import { type Growing, roomFor } from "./growing.ts";
import { limits } from "./limits.ts";

/** Children of one tree as a file has them; at a leaf the left one is -1. */
export interface Shape {
  readonly size: number;
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  /** Name of the tree and its lists, for messages. */
  readonly place: string;
}

/** Node of a shape that waits for its turn. */
interface Waiting {
  readonly nodes: Int32Array;
  readonly places: Int32Array;
  readonly depths: Int32Array;
}

/** Maker of a forest: readers give it tree after tree, it checks their shape and puts their nodes in order. */
export class ForestBuilder {
  readonly #fault: Fault;
  readonly #single: boolean;
  readonly #width: number;
  readonly #nodes: Growing<Int32Array> = { array: new Int32Array(1024), length: 0 };
  readonly #thresholds: Growing<Float64Array | Float32Array>;
  readonly #values: Growing<Float64Array | Float32Array>;
  readonly #cover: Growing<Float64Array | Float32Array>;
  readonly #sets: Growing<Int32Array> = { array: new Int32Array(16), length: 0 };
  readonly #setStart: number[] = [0];
  readonly #roots: number[] = [];
  readonly #depths: number[] = [];
  readonly #slots = new Map<number, number>();
  #maxFeature = -1;
  /** Whether the children of the node that was written last change places. */
  #swapped = false;

  /**
   * Creates a builder.
   *
   * @param options.single Whether thresholds and values are float32.
   * @param options.width Numbers of a leaf.
   * @param fault Throws for a tree that is none.
   */
  constructor(options: { readonly single: boolean; readonly width: number }, fault: Fault) {
    this.#single = options.single;
    this.#width = options.width;
    this.#fault = fault;
    const numbers = () => (options.single ? new Float32Array(1024) : new Float64Array(1024));
    this.#thresholds = { array: numbers(), length: 0 };
    this.#values = { array: numbers(), length: 0 };
    this.#cover = { array: numbers(), length: 0 };
  }

  /** Trees so far. */
  get trees(): number {
    return this.#roots.length;
  }

  /** Greatest feature so far; -1 if there is none. */
  get maxFeature(): number {
    return this.#maxFeature;
  }

  /** Leaves so far. */
  get leaves(): number {
    return this.#values.length / this.#width;
  }

  /**
   * Adds a tree: walks from its root and has each node written that is reached.
   *
   * @param shape Children as the file has them.
   * @param write Writes the node with a number of the file by one call of `split`, `set` or `leaf`.
   */
  tree(shape: Shape, write: (node: number) => void): void {
    const { size, left, right } = shape;
    if (!(size > 0)) this.#fault(shape.place, "a tree with a node at least", `${size} nodes`);
    const seen = new Uint8Array(size);
    const waiting: Waiting = {
      nodes: new Int32Array(size + 1),
      places: new Int32Array(size + 1),
      depths: new Int32Array(size + 1),
    };
    this.#roots.push(this.#nodes.length);
    let count = 1;
    let deepest = 0;
    waiting.places[0] = -1;
    while (count > 0) {
      count--;
      const node = waiting.nodes[count] as number;
      const place = waiting.places[count] as number;
      const depth = waiting.depths[count] as number;
      if (seen[node] === 1) this.#fault(shape.place, "a tree", `node ${node} twice`);
      seen[node] = 1;
      if (depth > deepest) deepest = depth;
      if (depth > limits.maxDepth) this.#fault(shape.place, `at most ${limits.maxDepth} levels`, "more");
      const position = this.#nodes.length;
      if (position >= limits.maxNodes * stride) this.#fault(shape.place, `at most ${limits.maxNodes} nodes`, "more");
      if (place >= 0) this.#nodes.array[place] = position;
      write(node);
      const a = left[node] as number;
      const b = right[node] as number;
      if (a === -1) continue;
      if (!(a >= 0 && a < size && b >= 0 && b < size)) {
        this.#fault(`${shape.place}, node ${node}`, `children from 0 to ${size - 1}`, `${a} and ${b}`);
      }
      const swapped = this.#swapped;
      if (count + 2 > size) this.#fault(shape.place, "a tree", "a node twice");
      waiting.nodes[count] = b;
      waiting.places[count] = position + (swapped ? 2 : 3);
      waiting.depths[count] = depth + 1;
      count++;
      waiting.nodes[count] = a;
      waiting.places[count] = position + (swapped ? 3 : 2);
      waiting.depths[count] = depth + 1;
      count++;
    }
    this.#depths.push(deepest);
  }

  #node(slot: number, bin: number, threshold: number, cover: number, swapped: boolean): void {
    this.#swapped = swapped;
    const position = this.#nodes.length;
    const nodes = roomFor(this.#nodes, stride);
    nodes[position] = slot;
    nodes[position + 1] = bin;
    nodes[position + 2] = position;
    nodes[position + 3] = position;
    this.#nodes.length += stride;
    roomFor(this.#thresholds, 1)[this.#thresholds.length++] = threshold;
    roomFor(this.#cover, 1)[this.#cover.length++] = cover;
  }

  /** Number of the slot of a feature with a treatment of missing values. */
  slot(feature: number, how: Missing): number {
    const key = feature * 8 + how;
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      if (!Number.isInteger(feature) || feature < 0 || feature >= limits.maxFeatures) {
        this.#fault("the features", `a number from 0 to ${limits.maxFeatures - 1}`, String(feature));
      }
      slot = this.#slots.size;
      this.#slots.set(key, slot);
      if (feature > this.#maxFeature) this.#maxFeature = feature;
    }
    return slot;
  }

  /** Writes a node that sends values up to a threshold to its left child. */
  split(feature: number, how: Missing, threshold: number, cover: number): void {
    this.#node(this.slot(feature, how), 0, threshold, cover, false);
  }

  /** Writes a node that sends all values to its right child, and missing ones to the left or there, too. */
  allRight(feature: number, missingLeft: boolean, cover: number): void {
    // Children change places: all values are up to infinity.
    const how = missingLeft ? missing.right : missing.left;
    this.#node(this.slot(feature, how), 0, Number.POSITIVE_INFINITY, cover, true);
  }

  /**
   * Writes a node that sends categories of a set to one child, all others to the other.
   *
   * @param words Set as bits of whole numbers.
   * @param right Whether the set is that of the right child.
   */
  set(feature: number, how: Missing, words: ArrayLike<number>, right: boolean, cover: number): void {
    const sets = roomFor(this.#sets, words.length);
    for (let i = 0; i < words.length; i++) sets[this.#sets.length + i] = words[i] as number;
    this.#sets.length += words.length;
    this.#node(this.slot(feature, how), -this.#setStart.length, 0, cover, right);
    this.#setStart.push(this.#sets.length);
  }

  /** Writes a leaf with one number. */
  leaf(value: number, cover: number): void {
    this.#node(0, this.leaves, 0, cover, false);
    roomFor(this.#values, 1)[this.#values.length++] = value;
  }

  /** Writes a leaf with several numbers. */
  vectorLeaf(values: ArrayLike<number>, start: number, cover: number): void {
    this.#node(0, this.leaves, 0, cover, false);
    const array = roomFor(this.#values, this.#width);
    for (let i = 0; i < this.#width; i++) array[this.#values.length++] = values[start + i] as number;
  }

  /**
   * Finishes the forest: thresholds become ranks.
   *
   * @param features Number of features of the model.
   * @param groups Score to which each tree adds.
   */
  finish(features: number, groups: Int32Array): Forest {
    const nodes = this.#nodes.array.slice(0, this.#nodes.length);
    const thresholds = this.#thresholds.array;
    const slotFeature = Int32Array.from(this.#slots.keys(), (key) => Math.floor(key / 8));
    const slotMissing = Uint8Array.from(this.#slots.keys(), (key) => key % 8);
    const isSplit = (position: number) => nodes[position + 2] !== position && (nodes[position + 1] as number) >= 0;
    const starts = new Int32Array(features + 1);
    for (let position = 0; position < nodes.length; position += stride) {
      if (isSplit(position)) (starts[(slotFeature[nodes[position] as number] as number) + 1] as number)++;
    }
    for (let feature = 0; feature < features; feature++) {
      starts[feature + 1] = (starts[feature + 1] as number) + (starts[feature] as number);
    }
    const all = new (this.#single ? Float32Array : Float64Array)(starts[features] as number);
    const next = starts.slice();
    for (let position = 0; position < nodes.length; position += stride) {
      if (!isSplit(position)) continue;
      const feature = slotFeature[nodes[position] as number] as number;
      all[next[feature] as number] = thresholds[position / stride] as number;
      (next[feature] as number)++;
    }
    const { cuts, cutStart } = distinct(all, starts);
    for (let position = 0; position < nodes.length; position += stride) {
      if (!isSplit(position)) continue;
      const feature = slotFeature[nodes[position] as number] as number;
      nodes[position + 1] = rankOf(
        cuts,
        cutStart[feature] as number,
        cutStart[feature + 1] as number,
        thresholds[position / stride] as number,
      );
    }
    const grid: Grid = { slotFeature, slotMissing, cuts, cutStart };
    return {
      grid,
      nodes,
      roots: Int32Array.from(this.#roots),
      depths: Int32Array.from(this.#depths),
      groups,
      values: this.#values.array.slice(0, this.#values.length),
      width: this.#width,
      cover: this.#cover.array.slice(0, this.#cover.length),
      sets: this.#sets.array.slice(0, this.#sets.length),
      setStart: Int32Array.from(this.#setStart),
    };
  }
}
