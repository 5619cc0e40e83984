import { damaged, shown, unsupported } from "./failures.ts";
import { Fields } from "./fields.ts";
import { readArray } from "./npy.ts";
import type { Tensor, Value } from "./values.ts";
import type { Archive } from "./zip.ts";

/** Protocols that skops has had; later ones may mean something else by the same words. */
const maxProtocol = 2;
const maxDepth = 200;

type Node = Readonly<Record<string, unknown>>;

/**
 * Reads the schema of a skops file: the Python objects, which are data here. No class is looked up and none is made.
 *
 * @param archive The file.
 * @param where Its name, for messages.
 *
 * @returns Attributes of the object that was saved.
 */
export function readSchema(archive: Archive, where: string): Value {
  let schema: unknown;
  try {
    schema = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(archive.file("schema.json")));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError || cause instanceof RangeError)
      throw damaged(`${where}: schema.json`, `expected JSON, found ${shown(cause.message)}`);
    throw cause;
  }
  const root = nodeOf(schema, `${where}: schema.json`);
  const { protocol } = root;
  if (typeof protocol !== "number" || !Number.isInteger(protocol) || protocol < 0)
    throw damaged(`${where}: schema.json`, `expected a protocol of skops, found ${shown(protocol)}`);
  if (protocol > maxProtocol)
    throw unsupported(
      `${where}: schema.json`,
      `protocol ${protocol} of skops is not supported, only those to ${maxProtocol}`,
    );
  return decode(root, archive, `${where}: ${String(root.__class__)}`, 0);
}

function nodeOf(value: unknown, where: string): Node {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Node;
  throw damaged(where, `expected an object of skops, found ${shown(value)}`);
}

function decode(value: unknown, archive: Archive, where: string, depth: number): Value {
  const node = nodeOf(value, where);
  if (depth > maxDepth) throw damaged(where, `expected at most ${maxDepth} objects in one another, found more`);
  const { __loader__: loader, content } = node;
  const type = `${String(node.__module__)}.${String(node.__class__)}`;
  const below = (item: unknown, name: string) => decode(item, archive, `${where}${name}`, depth + 1);
  switch (loader) {
    case "JsonNode":
      return scalar(content, where);
    case "ListNode":
    case "TupleNode":
    case "SetNode":
      return listOf(content, where).map((item, index) => below(item, `[${index}]`));
    case "DictNode":
      return mapping(node, below, where);
    case "DefaultDictNode":
      return below(nodeOf(content, where).main, "");
    case "NdArrayNode":
      return array(node, archive, below, where);
    case "ObjectNode":
    case "TreeNode":
    case "LossNode":
      return new Fields(type, where, attributes(node, below, where));
    case "SparseMatrixNode":
      return sparse(node, archive, type, where);
    case "PartialNode": {
      const parts = nodeOf(content, where);
      return new Fields(type, where, (name) =>
        Object.hasOwn(parts, name) ? below(parts[name], `.${name}`) : undefined,
      );
    }
    case "SliceNode":
      return new Fields("slice", where, (name) => bound(nodeOf(content, where)[name], where));
    case "FunctionNode":
    case "TypeNode":
      return new Fields(functionName(node), where, () => undefined);
    case "MaskedArrayNode":
    case "RandomStateNode":
    case "RandomGeneratorNode":
    case "DTypeNode":
    case "MethodNode":
    case "OperatorFuncNode":
    case "BytesNode":
    case "BytearrayNode":
    case "ConstructorFromReduceNode":
      // Nothing that predicts is of these kinds: whoever asks for one is told its name.
      return new Fields(type, where, () => undefined);
    default:
      throw unsupported(where, `objects of ${shown(loader)} (${shown(type)}) are not supported`);
  }
}

function functionName(node: Node): string {
  const old = node.content;
  // Protocol 0 kept the name of a function elsewhere.
  if (typeof old === "object" && old !== null && "module_path" in old && "function" in old)
    return `${String(old.module_path)}.${String(old.function)}`;
  return `${String(node.__module__)}.${String(node.__class__)}`;
}

const words: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

function scalar(content: unknown, where: string): Value {
  if (typeof content !== "string") throw damaged(where, `expected JSON, found ${shown(content)}`);
  const word = words.get(content);
  if (word !== undefined) return word;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw damaged(where, `expected JSON, found ${shown(content)}`);
  }
  if (typeof value === "object" && value !== null) throw damaged(where, "expected one value, found several");
  return value as Value;
}

function listOf(content: unknown, where: string): readonly unknown[] {
  if (Array.isArray(content)) return content;
  throw damaged(where, `expected a list, found ${shown(content)}`);
}

type Below = (item: unknown, name: string) => Value;

function mapping(node: Node, below: Below, where: string): Value {
  const content = nodeOf(node.content, where);
  const types = new Set(
    listOf(nodeOf(node.key_types, where).content, where).map((type) => String(nodeOf(type, where).__class__)),
  );
  const numeric = [...types].every((type) => /^u?int\d*$/.test(type)) && types.size > 0;
  // JSON turns every key into text, and JavaScript sorts those that look like numbers: kinds that are mixed are lost.
  if (!numeric && types.size > 1)
    throw unsupported(where, `a dict with keys of ${[...types].join(" and ")} is not supported`);
  if (!numeric && types.size === 1 && !types.has("str"))
    throw unsupported(where, `a dict with keys of ${[...types].join("")} is not supported`);
  const entries = Object.entries(content).map(([key, value]): [string | number, Value] => [
    numeric ? Number(key) : key,
    below(value, `[${key}]`),
  ]);
  return new Map(entries);
}

function attributes(node: Node, below: Below, where: string): (name: string) => Value | undefined {
  if (node.content === undefined) return () => undefined;
  const content = nodeOf(node.content, where);
  if (content.__loader__ === "JsonNode") return () => undefined;
  if (content.__loader__ === "TupleNode") {
    const items = listOf(content.content, where);
    return (name) => (items[Number(name)] === undefined ? undefined : below(items[Number(name)], `.${name}`));
  }
  const values = nodeOf(content.content, where);
  return (name) => (Object.hasOwn(values, name) ? below(values[name], `.${name}`) : undefined);
}

function array(node: Node, archive: Archive, below: Below, where: string): Value {
  if (node.type === "json") {
    const shape = below(node.shape, ".shape");
    if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && size >= 0))
      throw damaged(where, "expected the shape of an array");
    const flat: unknown[] = [];
    nested(listOf(node.content, where), shape.length, flat, where);
    if (flat.length !== shape.reduce((product, size) => product * size, 1))
      throw damaged(where, `expected an array of shape ${shape.join(" x ")}, found ${flat.length} values`);
    const data = flat.map((item, index) => below(item, `[${index}]`));
    return { shape, kind: "O", data } satisfies Tensor;
  }
  if (node.type !== "numpy" || typeof node.file !== "string")
    throw damaged(where, `expected an array, found ${shown(node.type)}`);
  const value = readArray(archive.file(node.file), `${where} (${node.file})`);
  if (!("shape" in value) || value.shape.length > 0) return value;
  const item = value.data[0];
  return value.kind === "b" ? Boolean(item) : (item as Value);
}

/** Objects of an array of several dimensions are lists in lists, as `tolist` makes them. */
function nested(items: readonly unknown[], dimensions: number, out: unknown[], where: string): void {
  for (const item of items) {
    if (dimensions > 1) nested(listOf(nodeOf(item, where).content, where), dimensions - 1, out, where);
    else out.push(item);
  }
}

function sparse(node: Node, archive: Archive, type: string, where: string): Value {
  if (typeof node.file !== "string") throw damaged(where, "expected a sparse matrix");
  const inner = archive.archive(node.file);
  return new Fields(type, where, (name) => {
    const value = readArray(inner.file(`${name}.npy`), `${where}.${name}`);
    return value;
  });
}

function bound(value: unknown, where: string): Value {
  if (value === null || value === undefined || Number.isInteger(value)) return (value ?? null) as number | null;
  throw damaged(where, `expected a bound of a slice, found ${shown(value)}`);
}
