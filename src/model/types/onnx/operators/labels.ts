import { must, OnnxFault } from "../fault.ts";
import {
  labelsOf,
  listIf,
  type Node,
  numberOf,
  type Operator,
  type Operators,
  tensorIf,
  textOf,
  textsOf,
} from "../node.ts";
import { blanks, type NumberType, numbers, type Tensor, zeros } from "../tensor.ts";
import { given } from "./shape.ts";

type Key = number | string;

/** Values of one side of a mapping, with their type. */
interface Side {
  readonly type: NumberType | "string";
  readonly list: readonly Key[];
}

const dense = (tensor: Tensor): Side => ({ type: tensor.type, list: [...tensor.data] });

function sideOf(node: Node, kind: "keys" | "values"): Side {
  const tensor = tensorIf(node, `${kind}_tensor`);
  if (tensor) return dense(tensor);
  const floats = listIf(node, `${kind}_floats`);
  if (floats?.length) return { type: "float", list: [...floats] };
  const integers = listIf(node, `${kind}_int64s`);
  if (integers?.length) return { type: "int64", list: [...integers] };
  const strings = textsOf(node, `${kind}_strings`);
  must(strings.length > 0, () => `expected ${kind}, found none`);
  return { type: "string", list: strings };
}

function fallbackOf(node: Node, type: Side["type"]): Key {
  const tensor = tensorIf(node, "default_tensor");
  if (tensor) return tensor.data[0] ?? 0;
  if (type === "string") return textOf(node, "default_string", "_Unused");
  if (type === "int64") return numberOf(node, "default_int64", -1);
  return numberOf(node, "default_float", -0);
}

/** Kernel that replaces each element by what stands for it. */
function mapping(keys: Side, values: Side, fallback: Key): (x: Tensor | undefined) => Tensor {
  must(
    keys.list.length === values.list.length,
    () => `expected as many keys as values, found ${keys.list.length} and ${values.list.length}`,
  );
  const map = new Map<Key, Key>();
  // The first of two equal keys counts.
  keys.list.forEach((key, at) => {
    if (!map.has(key)) map.set(key, values.list[at] ?? 0);
  });
  return (x) => {
    const input = given(x);
    must((input.type === "string") === (keys.type === "string"), () => `expected ${keys.type}, found ${input.type}`);
    const made = values.type === "string" ? blanks(input.dims) : zeros(values.type, input.dims);
    const target = made.data as Key[];
    for (let at = 0; at < target.length; at += 1) target[at] = map.get(input.data[at] as Key) ?? fallback;
    return made;
  };
}

/** Mapping of version 1: the place of a text in a list, or the text at a place. */
function classes(node: Node): (x: Tensor | undefined) => Tensor {
  const names: Side = { type: "string", list: textsOf(node, "classes_strings") };
  const places: Side = { type: "int64", list: names.list.map((_, at) => at) };
  const toPlaces = mapping(names, places, numberOf(node, "default_int64", -1));
  const toNames = mapping(places, names, textOf(node, "default_string", "_Unused"));
  return (x) => (given(x).type === "string" ? toPlaces(x) : toNames(x));
}

const labelEncoder: Operator = (node) => {
  if (node.version < 2) {
    const map = classes(node);
    return ([x]) => map(x);
  }
  const values = sideOf(node, "values");
  const map = mapping(sideOf(node, "keys"), values, fallbackOf(node, values.type));
  return ([x]) => map(x);
};

const categoryMapper: Operator = (node) => {
  const names: Side = { type: "string", list: textsOf(node, "cats_strings") };
  const places: Side = { type: "int64", list: [...(listIf(node, "cats_int64s") ?? [])] };
  const toPlaces = mapping(names, places, numberOf(node, "default_int64", -1));
  const toNames = mapping(places, names, textOf(node, "default_string", "_Unused"));
  return ([x]) => (given(x).type === "string" ? toPlaces(x) : toNames(x));
};

const oneHot: Operator = (node) => {
  const categories = labelsOf(node, "cats_int64s", "cats_strings") ?? [];
  const lenient = numberOf(node, "zeros", 1) !== 0;
  const places = new Map(categories.map((category, at) => [category, at]));
  must(categories.length > 0, () => "expected categories, found none");
  return ([x]) => {
    const input = given(x);
    must(
      (input.type === "string") === (typeof categories[0] === "string"),
      () => `expected ${typeof categories[0]}s, found ${input.type}`,
    );
    const made = zeros("float", [...input.dims, categories.length]);
    for (let at = 0; at < input.data.length; at += 1) {
      const value = input.data[at] ?? 0;
      const place = places.get(typeof value === "number" ? Math.trunc(value) : value);
      if (place !== undefined) made.data[at * categories.length + place] = 1;
      else if (!lenient)
        throw new OnnxFault(
          `expected one of the ${categories.length} categories, found ${JSON.stringify(value)}`,
          "arguments",
        );
    }
    return made;
  };
};

export const encoders: Operators = {
  LabelEncoder: labelEncoder,
  CategoryMapper: categoryMapper,
  OneHotEncoder: oneHot,
  // A map of labels to scores is read as its scores; the labels are the model's classes.
  ZipMap:
    () =>
    ([x]) =>
      numbers(x),
};
