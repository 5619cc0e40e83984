import type { ForestBuilder, Shape } from "../trees/builder.ts";
import { Section, type Value } from "../trees/document.ts";
import { type Fault, unsupported } from "../trees/faults.ts";
import { missing } from "../trees/grid.ts";
import type { Features } from "./features.ts";

/** Levels of a symmetric tree: more has no CatBoost. */
const maxSymmetricDepth = 16;

/** What trees of a file have in common. */
export interface Common {
  readonly features: Features;
  readonly builder: ForestBuilder;
  /** Numbers of a leaf. */
  readonly width: number;
  readonly where: string;
  readonly fault: Fault;
}

/** Writes the node of a split. */
function write(split: Section, cover: number, common: Common): void {
  const { features, builder, fault } = common;
  const type = split.text("split_type");
  if (type === "FloatFeature") {
    const index = split.whole("float_feature_index");
    const feature = features.numbers.get(index) ?? fault(split.at("float_feature_index"), "a feature", String(index));
    const border = split.number("border");
    builder.split(feature.flat, feature.how, Math.fround(border), cover);
    return;
  }
  if (type === "OneHotFeature") {
    const index = split.whole("cat_feature_index");
    const feature = features.texts.get(index) ?? fault(split.at("cat_feature_index"), "a feature", String(index));
    const value = split.whole("value");
    const code = feature.codes.get(value | 0) ?? fault(split.at("value"), "a value of the feature", String(value));
    const words = new Int32Array((code >>> 5) + 1);
    words[code >>> 5] = 1 << (code & 31);
    builder.set(feature.flat, missing.category, words, true, cover);
    return;
  }
  const found = type === "OnlineCtr" ? "CTR tables, which stand for categories of many values" : type;
  const advice = "Train with one_hot_max_size above the number of categories, or on numbers.";
  throw unsupported(common.where, split.at("split_type"), "FloatFeature or OneHotFeature", found, advice);
}

const leaves = (values: ArrayLike<number>, start: number, cover: number, { builder, width }: Common) => {
  if (width === 1) builder.leaf(values[start] as number, cover);
  else builder.vectorLeaf(values, start, cover);
};

/** Children of a symmetric tree, level by level: as in a heap, a node leads to the two after twice its number. */
function symmetricShape(depth: number, place: string): Shape {
  const size = 2 ** (depth + 1) - 1;
  const inner = 2 ** depth - 1;
  const left = Int32Array.from({ length: size }, (_, node) => (node < inner ? 2 * node + 1 : -1));
  const right = Int32Array.from({ length: size }, (_, node) => (node < inner ? 2 * node + 2 : -1));
  return { size, left, right, place };
}

/**
 * Tells how many numbers a leaf has, by the first tree of a file.
 *
 * @param value The tree.
 * @param place Its place in the file.
 * @param fault Throws if the file is damaged.
 *
 * @returns The width.
 */
export function widthOf(value: Value, place: string, fault: Fault): number {
  let node = new Section(value, place, fault);
  if (node.get("leaf_values") !== undefined) {
    const depth = node.get("splits") === null ? 0 : node.list("splits").length;
    const width = node.numbers("leaf_values").length / 2 ** depth;
    if (!(Number.isInteger(width) && width > 0))
      fault(node.at("leaf_values"), `some for ${depth} splits`, String(width));
    return width;
  }
  while (node.get("value") === undefined) node = node.section("left");
  const leaf = node.get("value");
  return typeof leaf === "number" ? 1 : node.numbers("value").length;
}

/**
 * Adds a symmetric tree to a forest. The first split decides the lowest bit of the number of a leaf, so the last one is
 * that of the root: contributions depend on this order, and CatBoost takes it so.
 *
 * @param value The tree.
 * @param place Its place in the file.
 * @param common What trees have in common.
 */
export function addSymmetric(value: Value, place: string, common: Common): void {
  const { fault, width, builder } = common;
  const tree = new Section(value, place, fault);
  const list = tree.get("splits") === null ? [] : tree.list("splits");
  const depth = list.length;
  if (depth > maxSymmetricDepth) fault(tree.at("splits"), `at most ${maxSymmetricDepth}`, String(depth));
  const splits = list.map((split, i) => new Section(split, `${tree.at("splits")}[${i}]`, fault));
  const values = tree.numbers("leaf_values", width * 2 ** depth);
  const cover = new Float64Array(2 ** (depth + 1) - 1);
  if (tree.get("leaf_weights") !== undefined) cover.set(tree.numbers("leaf_weights", 2 ** depth), 2 ** depth - 1);
  const shape = symmetricShape(depth, place);
  for (let node = 2 ** depth - 2; node >= 0; node--) {
    cover[node] = (cover[shape.left[node] as number] as number) + (cover[shape.right[node] as number] as number);
  }
  builder.tree(shape, (node) => {
    const level = 31 - Math.clz32(node + 1);
    if (level === depth) leaves(values, (node + 1 - 2 ** depth) * width, cover[node] as number, common);
    else write(splits[depth - 1 - level] as Section, cover[node] as number, common);
  });
}

/**
 * Adds a tree that is not symmetric to a forest.
 *
 * @param value The tree.
 * @param place Its place in the file.
 * @param common What trees have in common.
 */
export function addFree(value: Value, place: string, common: Common): void {
  const { fault, width, builder } = common;
  const sections: Section[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const cover: number[] = [];
  const visit = (node: Section): number => {
    const index = sections.length;
    sections.push(node);
    left.push(-1);
    right.push(-1);
    const weight = node.get("weight");
    cover.push(typeof weight === "number" ? weight : 0);
    if (node.get("value") === undefined) {
      left[index] = visit(node.section("left"));
      right[index] = visit(node.section("right"));
      cover[index] = (cover[left[index]] as number) + (cover[right[index]] as number);
    }
    return index;
  };
  visit(new Section(value, place, fault));
  builder.tree({ size: sections.length, left, right, place }, (index) => {
    const node = sections[index] as Section;
    const weight = cover[index] as number;
    if (left[index] !== -1) {
      write(node.section("split"), weight, common);
      return;
    }
    const leaf = node.get("value");
    if (width === 1 && typeof leaf === "number") leaves([leaf], 0, weight, common);
    else leaves(node.numbers("value", width), 0, weight, common);
  });
}
