import type { Feature } from "../file-model.ts";
import { OnnxFault } from "./fault.ts";
import { labelsOf, type Node, textsOf } from "./node.ts";
import type { RawGraph, RawNode } from "./proto/model.ts";
import type { ValueType } from "./proto/value.ts";
import type { ElementType, Tensor } from "./tensor.ts";

/** Input of a graph: the features that are its columns. */
export interface Group {
  readonly input: string;
  readonly type: ElementType;
  /** First feature of it, and how many there are. */
  readonly first: number;
  readonly columns: number;
  /** 1 where a row is one element, 2 where it is a row of a matrix. */
  readonly rank: number;
}

/** What a model takes. */
export interface Inputs {
  readonly groups: readonly Group[];
  readonly features: readonly Feature[];
  /** Whether the graph takes one row at a time. */
  readonly rowByRow: boolean;
}

const refuse = (name: string, what: string): never => {
  throw new OnnxFault(
    `the input ${JSON.stringify(name)}, which is ${what} (expected a column of rows, or a matrix [rows, features])`,
    "unsupported",
  );
};

/** Keys of a map that a node makes a matrix of. */
function vocabularyOf(graph: RawGraph, name: string): readonly (string | number)[] | undefined {
  const consumer = graph.nodes.find((node) => node.operator === "DictVectorizer" && node.inputs.includes(name));
  return consumer && labelsOf({ ...consumer, version: 1 }, "int64_vocabulary", "string_vocabulary");
}

function groupOf(
  graph: RawGraph,
  value: ValueType,
  first: number,
): Group & { readonly keys?: readonly (string | number)[] } {
  const { name, kind, type, dims } = value;
  const keys = kind === "map" ? vocabularyOf(graph, name) : undefined;
  if (keys && type !== undefined && type !== "string")
    return { input: name, type, first, columns: keys.length, rank: 2, keys };
  if (kind !== "tensor") return refuse(name, `a ${kind}`);
  if (type === undefined) return refuse(name, "a tensor of no type");
  if (dims === undefined || dims.length === 0 || dims.length > 2)
    return refuse(name, `a tensor of the shape ${dims ? `[${dims}]` : "that nobody knows"}`);
  if (dims[0] !== undefined && dims[0] > 1) return refuse(name, `a tensor of ${dims[0]} rows at once`);
  const columns = dims.length === 1 ? 1 : dims[1];
  if (columns === undefined) return refuse(name, "a matrix of any number of columns; export it with a fixed number");
  return { input: name, type, first, columns, rank: dims.length };
}

/** Operators that leave texts as they are. */
const passing = new Set(["Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Cast"]);

/** Categories of one column, found by following it to the operator that encodes it. */
function categoriesOf(
  graph: RawGraph,
  widths: ReadonlyMap<string, number>,
  name: string,
  column: number,
  depth = 0,
): readonly (string | number)[] | undefined {
  if (depth > 8) return undefined;
  for (const node of graph.nodes) {
    if (!node.inputs.includes(name)) continue;
    const found = encoded(node) ?? followed(graph, widths, node, name, column, depth);
    if (found) return found;
  }
  return undefined;
}

function encoded(raw: RawNode): readonly (string | number)[] | undefined {
  const node: Node = { ...raw, version: 1 };
  if (raw.operator === "OneHotEncoder") return labelsOf(node, "cats_int64s", "cats_strings");
  if (raw.operator !== "LabelEncoder") return undefined;
  const keys = textsOf(node, "keys_strings");
  return keys.length > 0 ? keys : undefined;
}

function followed(
  graph: RawGraph,
  widths: ReadonlyMap<string, number>,
  node: RawNode,
  name: string,
  column: number,
  depth: number,
): readonly (string | number)[] | undefined {
  const output = node.outputs[0] ?? "";
  const next = (at: number, wider = widths) => categoriesOf(graph, wider, output, at, depth + 1);
  if (passing.has(node.operator)) return next(column, new Map(widths).set(output, widths.get(name) ?? 1));
  if (node.operator === "Concat") {
    let before = 0;
    for (const input of node.inputs) {
      if (input === name) return next(before + column);
      before += widths.get(input) ?? 1;
    }
  }
  if (node.operator === "ArrayFeatureExtractor") {
    const indices: Tensor | undefined = graph.initializers.get(node.inputs[1] ?? "");
    const place = indices ? [...indices.data].indexOf(column) : -1;
    if (place >= 0 && indices?.data.length === 1) return next(place);
  }
  return undefined;
}

/**
 * Finds the features of a model: the columns of its inputs. Columns of the only matrix are x0, x1 and so on; of one of
 * several they bear its name; what is one column only is called as the input is.
 *
 * @param graph Graph of the file.
 */
export function inputsOf(graph: RawGraph): Inputs {
  const values = graph.inputs.filter(({ name }) => !graph.initializers.has(name));
  if (values.length === 0) throw new OnnxFault("expected an input, found none");
  let first = 0;
  const groups = values.map((value) => {
    const group = groupOf(graph, value, first);
    first += group.columns;
    if (first > 2 ** 17) throw new OnnxFault(`${first} features (at most ${2 ** 17} are read)`, "unsupported");
    return group;
  });
  const widths = new Map(groups.map(({ input, columns }) => [input, columns]));
  const features = groups.flatMap(({ input, type, columns, keys }) =>
    Array.from({ length: columns }, (_, column): Feature => {
      const own = columns === 1 ? input : groups.length === 1 ? `x${column}` : `${input}_${column}`;
      const name = keys ? String(keys[column]) : own;
      const categories = type === "string" || type === "int64" ? categoriesOf(graph, widths, input, column) : undefined;
      if (categories) return { name, kind: "category", categories, missing: false };
      return { name, kind: type === "string" ? "text" : type === "bool" ? "boolean" : "number", missing: false };
    }),
  );
  const rowByRow = values.some(({ dims, kind }) => kind === "tensor" && dims?.[0] === 1);
  return { groups: groups.map(({ keys, ...group }) => group), features, rowByRow };
}
